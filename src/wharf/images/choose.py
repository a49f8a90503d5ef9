"""An image for several platforms is a list of images, of which a machine takes one: which that is, is decided here."""

import platform
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from wharf.errors import PlatformNotThere, TooMany
from wharf.images.source import ImageSource
from wharf.images.verified import read_small
from wharf.oci.descriptor import Descriptor
from wharf.oci.digest import Digest
from wharf.oci.manifest import ImageIndex, ImageManifest, Manifest
from wharf.oci.media_types import DOCKER_CONFIG, OCI_CONFIG, is_index
from wharf.oci.platform import Platform

if TYPE_CHECKING:
    from wharf.oci.config import ImageConfig

LARGEST_CONFIG = 8 * 1024 * 1024
DEEPEST_INDEX = 8
MOST_MANIFESTS = 2_000
ATTESTATION_MARK = "vnd.docker.reference.type"
ATTESTED = "vnd.docker.reference.digest"
_NO_PLATFORM = frozenset({"", "unknown"})


@dataclass(frozen=True, slots=True)
class Candidate:
    """One image of an index, and what it runs on; `manifest` where it had to be read to know that."""

    descriptor: Descriptor
    platform: Platform
    manifest: Manifest | None = field(default=None, repr=False, compare=False)


def this_machine() -> Platform:
    return Platform.of_machine(platform.machine())


def is_attestation(entry: Descriptor) -> bool:
    """What builders put beside an image, in its index: how it was built, what it holds. Nothing runs it."""
    if ATTESTATION_MARK in entry.annotations:
        return True
    return entry.platform is not None and entry.platform.os == entry.platform.architecture == "unknown"


def is_runnable(manifest: Manifest) -> bool:
    """Whether it has a configuration that tells how a container is started."""
    return isinstance(manifest, ImageManifest) and manifest.config.media_type in {OCI_CONFIG, DOCKER_CONFIG}


async def read_config(source: ImageSource, manifest: ImageManifest) -> "ImageConfig":
    from wharf.oci.config import ImageConfig  # noqa: PLC0415 - start-up time: most copies need no configuration

    raw = await read_small(source, manifest.config, LARGEST_CONFIG, "configuration")
    return ImageConfig.parse(raw)


async def candidates_of(source: ImageSource, index: ImageIndex) -> tuple[Candidate, ...]:
    """All images that an index leads to, through indexes within it too, in their order, each once."""
    seen: dict[Digest, Candidate | None] = {}
    await _collect(source, index, seen, DEEPEST_INDEX)
    return tuple(candidate for candidate in seen.values() if candidate is not None)


async def _collect(source: ImageSource, index: ImageIndex, seen: dict[Digest, Candidate | None], depth: int) -> None:
    if depth == 0:
        raise TooMany("indexes within one another", DEEPEST_INDEX)
    for entry in index.children:
        if is_attestation(entry) or entry.digest in seen:
            continue
        if len(seen) >= MOST_MANIFESTS:
            raise TooMany("manifests in one image", MOST_MANIFESTS)
        seen[entry.digest] = None
        if not is_index(entry.media_type):
            seen[entry.digest] = await _candidate(source, entry)
        elif isinstance(inner := await source.manifest(entry.digest), ImageIndex):
            await _collect(source, inner, seen, depth - 1)


async def _candidate(source: ImageSource, entry: Descriptor) -> Candidate:
    if entry.platform is not None and not {entry.platform.os, entry.platform.architecture} & _NO_PLATFORM:
        return Candidate(entry, entry.platform)
    manifest = await source.manifest(entry.digest)
    if isinstance(manifest, ImageManifest) and is_runnable(manifest):
        return Candidate(entry, (await read_config(source, manifest)).platform, manifest)
    return Candidate(entry, Platform("unknown", "unknown"), manifest)


def best(candidates: Sequence[Candidate], wanted: Platform, called: str) -> Candidate:
    """The first that is what was asked for; on older processors of the same kind what they can run as well."""
    for acceptable in _acceptable(wanted):
        for candidate in candidates:
            if candidate.platform.matches(acceptable):
                return candidate
    raise PlatformNotThere(called, str(wanted), spelled(candidate.platform for candidate in candidates))


def spelled(platforms: Iterable[Platform]) -> list[str]:
    return list(dict.fromkeys(str(platform) for platform in platforms))


def _acceptable(wanted: Platform) -> Iterable[Platform]:
    """A processor runs what was built for its predecessors: arm v7 runs v6 and v5, amd64 v3 runs v2 and v1."""
    yield wanted
    number = wanted.variant.removeprefix("v") or ("7" if wanted.architecture == "arm" else "")
    if wanted.architecture in {"arm", "amd64"} and number.isdigit():
        lowest = 5 if wanted.architecture == "arm" else 1
        for older in range(min(int(number), 9) - 1, lowest - 1, -1):
            yield Platform(wanted.os, wanted.architecture, f"v{older}", wanted.os_version, wanted.os_features)


async def image_for(source: ImageSource, manifest: Manifest, wanted: Platform | None, called: str) -> Candidate | None:
    """The image of an index for a platform; None if it is no index, but an image already.

    Where no platform is named it is this machine's, or the only one there is.
    """
    if not isinstance(manifest, ImageIndex):
        return None
    candidates = await candidates_of(source, manifest)
    if wanted is None and len(candidates) == 1:
        return candidates[0]
    return best(candidates, wanted or this_machine(), called)
