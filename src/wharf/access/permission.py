"""A permission is what a token was made for, whoever it belongs to. GitHub's words, and one for the rest.

read:packages      pull, list, statistics
write:packages     push, restore; includes reading
delete:packages    delete; clients want reading beside it
admin              all that its account may do: members, tokens, visibility, rules, webhooks
"""

from collections.abc import Iterable
from enum import Enum
from typing import Final

from wharf.errors import MalformedChoice


class Permission(Enum):
    READ = "read:packages"
    WRITE = "write:packages"
    DELETE = "delete:packages"
    ADMIN = "admin"

    @classmethod
    def parse(cls, text: str) -> "Permission":
        try:
            return cls(text)
        except ValueError:
            raise MalformedChoice("scope", text, [each.value for each in cls]) from None


ALL: Final = frozenset(Permission)


def parse_permissions(text: str) -> frozenset[Permission]:
    """Between spaces or commas."""
    return frozenset(Permission.parse(word) for word in text.replace(",", " ").split())


def words(permissions: Iterable[Permission]) -> list[str]:
    """Always in the same order."""
    given = frozenset(permissions)
    return [each.value for each in Permission if each in given]


def written(permissions: Iterable[Permission]) -> str:
    return " ".join(words(permissions))


def includes(given: frozenset[Permission], wanted: Permission) -> bool:
    if wanted in given or Permission.ADMIN in given:
        return True
    return wanted is Permission.READ and Permission.WRITE in given


def of_images(given: frozenset[Permission]) -> frozenset[Permission]:
    """What of it is about images, which is all that docker's own tokens are good for."""
    return frozenset(each for each in Permission if each is not Permission.ADMIN and includes(given, each))
