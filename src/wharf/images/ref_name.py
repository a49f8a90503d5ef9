"""The name that an image has in an OCI layout: mostly a tag, but podman and buildah write whole references there."""

import re
from dataclasses import dataclass
from typing import Final, TypeAlias

from wharf.errors import MalformedName, MalformedReference
from wharf.oci.reference import Reference, Tag

_LONGEST: Final = 1024
_is_name: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:@+-]*(?:/[A-Za-z0-9][A-Za-z0-9._:@+-]*)*").fullmatch


@dataclass(frozen=True, slots=True)
class RefName:
    """A name that is more than a tag, exactly as it stands in the layout."""

    value: str

    def __post_init__(self) -> None:
        if len(self.value) > _LONGEST or not _is_name(self.value):
            raise MalformedName(self.value[:_LONGEST], "no image of a layout has such a name")

    def __str__(self) -> str:
        return self.value

    @property
    def tag(self) -> Tag | None:
        """The one at its end, if it is a reference with one."""
        return tag_at_the_end(self.value)


Name: TypeAlias = Tag | RefName


def tag_at_the_end(name: str) -> Tag | None:
    try:
        return Reference.parse(name).tag
    except MalformedReference:
        return None
