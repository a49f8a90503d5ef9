"""What was probably meant, when a registry does not have what was asked for.

The search is short in pages and in time, and whatever goes wrong in it is kept to itself: it must not stand in the way
of the error that it is to explain.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Final

from wharf.errors import ManifestUnknown, RepositoryUnknown, WharfError
from wharf.oci.digest import Digest
from wharf.oci.nearness import nearest
from wharf.oci.reference import RepositoryName, Tag

LONGEST_SEARCH: Final = 5.0
"""Seconds."""

FEW_PAGES: Final = 3
FEW_TAGS: Final = 3

Tags = Callable[[], Awaitable[Iterable[Tag]]]
Names = Callable[[], Awaitable[Iterable[RepositoryName]]]
_told_age: Final = re.compile(r"; the nearest is (\S{1,128}), pushed ([0-9A-Za-z ]{1,40})").search


async def repository_unknown(registry: str, name: RepositoryName, names: Names) -> RepositoryUnknown:
    try:
        async with asyncio.timeout(LONGEST_SEARCH):
            known = [str(other) for other in await names()]
    except (WharfError, TimeoutError):
        known = []
    near = [f"{registry}/{other}" for other in nearest(str(name), known)]
    return RepositoryUnknown(f"{registry}/{name}", near)


async def manifest_unknown(
    registry: str, name: RepositoryName, which: Tag | Digest, tags: Tags, names: Names, said: Sequence[str] = ()
) -> ManifestUnknown | RepositoryUnknown:
    """The tags tell: a repository without a list of tags is not there at all.

    `said`: the registry's own words; a wharf registry tells how old the nearest tag is.
    """
    try:
        async with asyncio.timeout(LONGEST_SEARCH):
            known = [str(tag) for tag in await tags()]
    except RepositoryUnknown:
        return await repository_unknown(registry, name, names)
    except (WharfError, TimeoutError):
        known = []
    near = _near(which, known)
    return ManifestUnknown(f"{registry}/{name}", str(which), near, _age_of(near[0], said) if near else "")


def _age_of(tag: str, said: Sequence[str]) -> str:
    found = (_told_age(line) for line in said)
    return next((told[2] for told in found if told and told[1] == tag), "")


def _near(which: Tag | Digest, known: list[str]) -> list[str]:
    """Where there are few tags, one of them is meant: `latest` comes near to none, and is what people leave away."""
    if isinstance(which, Digest):
        return []
    return nearest(str(which), known) or (known if len(known) <= FEW_TAGS else [])
