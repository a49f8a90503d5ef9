"""What registries hold of the repositories on the way, asked with the client: within a time, and only as far as needed.

What cannot be read is no finding: it is kept as the problem of its repository.
"""

import asyncio
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from functools import partial
from types import MappingProxyType
from typing import Final

from wharf.doctor.way.holdings import HeldRepository, HeldTag, Holdings
from wharf.errors import Malformed, NotThere, Unreachable, Untrue, WharfError
from wharf.formats.text import Text
from wharf.images.choose import candidates_of, is_runnable, read_config
from wharf.images.source import ImageSource
from wharf.images.together import together
from wharf.oci.manifest import ImageIndex, ImageManifest, Manifest
from wharf.oci.nearness import nearest
from wharf.oci.platform import Platform
from wharf.oci.reference import Reference, Tag

PATIENCE_SECONDS: Final = 8.0
"""For all of it."""
MOST_REPOSITORIES: Final = 20
_MOST_TAGS: Final = 12
"""Of one repository, looked at closely; nothing keeps anybody from having thousands."""
_NEAREST: Final = 3
_AT_ONCE: Final = 6
_LATEST: Final = "latest"
_OF_A_REFERRER: Final = "sha256-"
_REVISION: Final = "org.opencontainers.image.revision"
_CREATED: Final = "org.opencontainers.image.created"

Sources = Callable[[Reference], ImageSource]


async def held_of(
    wanted: Mapping[str, Collection[str]], sources: Sources, patience_seconds: float = PATIENCE_SECONDS
) -> Holdings:
    """`wanted`: by repository with its registry, the tags that are of interest."""
    chosen = list(wanted.items())[:MOST_REPOSITORIES]
    until = asyncio.get_running_loop().time() + patience_seconds
    works = [partial(_repository, name, tags, sources, until) for name, tags in chosen]
    return Holdings(MappingProxyType({each.name: each for each in await together(works, _AT_ONCE)}))


def wanted_of(references: Iterable[Text], own: Iterable[Text]) -> dict[str, set[str]]:
    """One's own repositories, each with those of its tags that are spoken of, as far as they are known."""
    wanted: dict[str, set[str]] = {name: set() for name, _ in _known(own)}
    for name, tag in _known(references):
        if name in wanted and tag:
            wanted[name].add(tag)
    return wanted


def _known(references: Iterable[Text]) -> Iterator[tuple[str, str]]:
    """Of a reference with a hole in its tag, the repository is known."""
    for reference in references:
        name = reference.flat[: reference.flat.find(":", reference.flat.rfind("/") + 1)] if reference.holes else ""
        with suppress(Malformed):
            known = Reference.parse(reference.value or name)
            yield f"{known.registry}/{known.repository}", str(known.tag or "")


async def _repository(name: str, wanted: Collection[str], sources: Sources, until: float) -> HeldRepository:
    try:
        async with asyncio.timeout_at(until):
            return await _read(name, wanted, sources(Reference.parse(name)))
    except TimeoutError:
        return HeldRepository(name, problem=Unreachable(name.partition("/")[0], "it took too long"))
    except WharfError as problem:
        return HeldRepository(name, problem=problem)


async def _read(name: str, wanted: Collection[str], source: ImageSource) -> HeldRepository:
    tags = [str(tag) for tag in await source.tags()]
    near = [each for tag in sorted(wanted) if tag not in tags for each in nearest(tag, tags, _NEAREST)]
    there = [tag for tag in sorted(wanted) if tag in tags]
    further = _told_last(tags) if len(there) < len(wanted) else []
    closely = list(dict.fromkeys([*there, *near, *further]))[:_MOST_TAGS]
    looked = await together([partial(_tag, tag, source) for tag in closely], _AT_ONCE)
    return HeldRepository(name, tuple(tags), MappingProxyType({each.tag: each for each in looked if each is not None}))


def _told_last(tags: list[str]) -> list[str]:
    """Where a tag is missing, others may be of its commit: `latest` for one, and those that are sorted last."""
    others = [tag for tag in reversed(tags) if tag != _LATEST and not tag.startswith(_OF_A_REFERRER)]
    return [*([_LATEST] if _LATEST in tags else []), *others]


async def _tag(tag: str, source: ImageSource) -> HeldTag | None:
    """A tag that is gone again, or that cannot be understood, is not one that was looked at."""
    try:
        manifest = await source.manifest(Tag(tag))
        return await _held(tag, manifest, source)
    except (Malformed, NotThere, Untrue):
        return None


async def _held(tag: str, manifest: Manifest, source: ImageSource) -> HeldTag:
    platforms: tuple[Platform, ...] = ()
    image = manifest
    if isinstance(manifest, ImageIndex):
        candidates = await candidates_of(source, manifest)
        platforms = tuple(candidate.platform for candidate in candidates)
        first = next(iter(candidates), None)
        image = (first.manifest or await source.manifest(first.descriptor.digest)) if first else manifest
    said = dict(manifest.annotations)
    if isinstance(image, ImageManifest) and is_runnable(image):
        config = await read_config(source, image)
        said = {_CREATED: config.created, **config.runtime.labels, **said}
        platforms = platforms or (config.platform,)
    return HeldTag(tag, str(manifest.digest()), platforms, said.get(_REVISION, ""), _moment(said.get(_CREATED, "")))


def _moment(text: str) -> datetime | None:
    with suppress(ValueError):
        moment = datetime.fromisoformat(text)
        return moment if moment.tzinfo else None
    return None
