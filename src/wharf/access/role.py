"""A role is what an account is in an organisation. Each includes those before it."""

from enum import Enum

from wharf.errors import MalformedChoice


class Role(Enum):
    """READER pulls; WRITER pushes; MAINTAINER deletes, restores and sets rules; OWNER says who belongs to it."""

    READER = "reader"
    WRITER = "writer"
    MAINTAINER = "maintainer"
    OWNER = "owner"

    @classmethod
    def parse(cls, text: str) -> "Role":
        try:
            return cls(text)
        except ValueError:
            raise MalformedChoice("role", text, [role.value for role in cls]) from None

    def includes(self, other: "Role") -> bool:
        return _ORDER.index(self) >= _ORDER.index(other)


_ORDER = tuple(Role)
