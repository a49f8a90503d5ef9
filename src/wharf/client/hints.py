"""What was probably meant, when a registry does not have what was asked for.

The search is short in pages and in time, and whatever goes wrong in it is kept to itself: it must not stand in the way
of the error that it is to explain.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
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


async def repository_unknown(name: RepositoryName, names: Names) -> RepositoryUnknown:
    try:
        async with asyncio.timeout(LONGEST_SEARCH):
            known = [str(other) for other in await names()]
    except (WharfError, TimeoutError):
        known = []
    return RepositoryUnknown(str(name), nearest(str(name), known))


async def manifest_unknown(
    name: RepositoryName, which: Tag | Digest, tags: Tags, names: Names
) -> ManifestUnknown | RepositoryUnknown:
    """The tags tell: a repository without a list of tags is not there at all."""
    try:
        async with asyncio.timeout(LONGEST_SEARCH):
            known = [str(tag) for tag in await tags()]
    except RepositoryUnknown:
        return await repository_unknown(name, names)
    except (WharfError, TimeoutError):
        known = []
    return ManifestUnknown(str(name), str(which), _near(which, known))


def _near(which: Tag | Digest, known: list[str]) -> list[str]:
    """Where there are few tags, one of them is meant: `latest` comes near to none, and is what people leave away."""
    if isinstance(which, Digest):
        return []
    return nearest(str(which), known) or (known if len(known) <= FEW_TAGS else [])
