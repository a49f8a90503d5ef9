"""What is known of a tag beyond its name: which manifest it leads to, when that was built, how large it is."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Final

from wharf.cli.moments import moment_of
from wharf.errors import Malformed, NotThere, PlatformNotThere, Untrue
from wharf.images.choose import Candidate, best, candidates_of, is_runnable, read_config, spelled
from wharf.images.source import ImageSource
from wharf.images.together import together
from wharf.oci.digest import Digest
from wharf.oci.manifest import ImageIndex, ImageManifest, Manifest
from wharf.oci.platform import Platform
from wharf.oci.reference import Tag

AT_ONCE: Final = 8
_CREATED: Final = "org.opencontainers.image.created"


@dataclass(frozen=True, slots=True)
class ImageFacts:
    """`size`: what a machine fetches that has nothing of it yet, for one platform."""

    created: datetime | None = None
    size: int | None = None
    platforms: tuple[str, ...] = ()
    flaw: str = ""


@dataclass(frozen=True, slots=True)
class TagFacts:
    tag: Tag
    digest: Digest | None = None
    media_type: str = ""
    image: ImageFacts = ImageFacts()


def bare(tags: Iterable[Tag]) -> list[TagFacts]:
    """Names, and nothing asked about them."""
    return [TagFacts(tag) for tag in tags]


async def facts_of(source: ImageSource, tags: Sequence[Tag], machine: Platform) -> list[TagFacts]:
    """Each manifest is read once, however many tags lead to it."""
    found = await together([partial(_manifest, source, tag) for tag in tags], AT_ONCE)
    manifests = {each.digest(): each for each in found if not isinstance(each, str)}
    images = await together([partial(_image, source, each, machine) for each in manifests.values()], AT_ONCE)
    known = dict(zip(manifests, images, strict=True))
    return [_joined(tag, each, known) for tag, each in zip(tags, found, strict=True)]


def _joined(tag: Tag, manifest: Manifest | str, known: dict[Digest, ImageFacts]) -> TagFacts:
    if isinstance(manifest, str):
        return TagFacts(tag, image=ImageFacts(flaw=manifest))
    return TagFacts(tag, manifest.digest(), manifest.media_type, known[manifest.digest()])


async def _manifest(source: ImageSource, tag: Tag) -> Manifest | str:
    """What is wrong with one tag must not hide the others."""
    try:
        return await source.manifest(tag)
    except (Malformed, NotThere, Untrue) as flaw:
        return flaw.diagnostics().cause


async def _image(source: ImageSource, manifest: Manifest, machine: Platform) -> ImageFacts:
    try:
        if isinstance(manifest, ImageManifest):
            return await _of_one(source, manifest, ())
        return await _of_many(source, manifest, machine)
    except (Malformed, NotThere, Untrue) as flaw:
        return ImageFacts(flaw=flaw.diagnostics().cause)


async def _of_many(source: ImageSource, index: ImageIndex, machine: Platform) -> ImageFacts:
    candidates = await candidates_of(source, index)
    if not candidates:
        return ImageFacts(moment_of(index.annotations.get(_CREATED, "")))
    chosen = _nearest(candidates, machine)
    manifest = chosen.manifest or await source.manifest(chosen.descriptor.digest)
    if not isinstance(manifest, ImageManifest):
        return ImageFacts()
    return await _of_one(source, manifest, spelled(candidate.platform for candidate in candidates))


def _nearest(candidates: Sequence[Candidate], machine: Platform) -> Candidate:
    try:
        return best(candidates, machine, "")
    except PlatformNotThere:
        return candidates[0]


async def _of_one(source: ImageSource, manifest: ImageManifest, platforms: Sequence[str]) -> ImageFacts:
    size = manifest.config.size + sum(layer.size for layer in manifest.layers)
    if not is_runnable(manifest):
        return ImageFacts(moment_of(manifest.annotations.get(_CREATED, "")), size)
    config = await read_config(source, manifest)
    return ImageFacts(moment_of(config.created), size, tuple(platforms) or (str(config.platform),))
