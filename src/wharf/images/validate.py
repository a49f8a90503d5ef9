"""Whether an image tells the truth: each size and digest, each word of its configuration, each name in its layers.

All blobs are read. What cannot be read at all is a flaw as well; only a place that does not answer is an error.
"""

from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Sequence
from functools import partial
from typing import Final

from wharf.errors import Malformed, NotThere, Refused, Untrue, shown
from wharf.images.choose import LARGEST_CONFIG, is_attestation, is_runnable
from wharf.images.flaws import Flaw, Gravity
from wharf.images.layer_files import Kind, LayerFile, nothing_is_kept
from wharf.images.parts import Parts, read_parts
from wharf.images.source import ImageSource
from wharf.images.together import together
from wharf.images.unpacking import Hashed, read_files
from wharf.images.verified import Verified, read_small
from wharf.oci.config import ImageConfig
from wharf.oci.descriptor import Descriptor
from wharf.oci.digest import Algorithm, Digest
from wharf.oci.manifest import ImageIndex, ImageManifest, Manifest
from wharf.oci.media_types import is_layer, is_nondistributable
from wharf.oci.reference import Tag

MOST_FLAWS: Final = 200
AT_ONCE: Final = 2
_OF_THE_IMAGE = (Untrue, Malformed, NotThere, Refused)


async def flaws_of(source: ImageSource, which: Tag | Digest | None) -> tuple[Flaw, ...]:
    """Those of an image and of all that its index leads to; none if all of it is true."""
    root = await source.manifest(which)
    digest = root.digest(which.algorithm if isinstance(which, Digest) else Algorithm.SHA256)
    try:
        parts = await read_parts(source, root, digest, _nothing_is_settled)
    except _OF_THE_IMAGE as error:
        return (Flaw(f"manifest {digest}", _said(error)),)
    flaws = [*_tag_flaws(await source.tags()), *manifest_flaws(parts)]
    for name, manifest in parts.manifests.items():
        if len(flaws) < MOST_FLAWS:
            flaws += await _content_flaws(source, name, manifest, _listed_as(parts, name))
    return tuple(dict.fromkeys(flaws))[:MOST_FLAWS]


async def _nothing_is_settled(entry: Descriptor) -> bool:
    return False


def _said(error: Exception) -> str:
    evidence = error.diagnostics().evidence if isinstance(error, _OF_THE_IMAGE) else ()
    return f"{error} ({'; '.join(evidence)})" if evidence else str(error)


def _tag_flaws(tags: Sequence[Tag]) -> Iterator[Flaw]:
    for tag, times in Counter(tags).items():
        if times > 1:
            yield Flaw("tags", f"{tag} stands for {times} images at once")


# --- what manifests say of one another -------------------------------------------------------------------------------


def manifest_flaws(parts: Parts) -> Iterator[Flaw]:
    for missing in sorted(parts.missing):
        yield Flaw(f"manifest {missing}", "an index lists it, and it is not there")
    for digest, manifest in parts.manifests.items():
        where = f"manifest {digest}"
        if isinstance(manifest, ImageIndex):
            yield from _index_flaws(where, manifest, parts)
        yield from _family_flaws(where, manifest)


def _index_flaws(where: str, index: ImageIndex, parts: Parts) -> Iterator[Flaw]:
    platforms = Counter(
        entry.platform for entry in index.manifests if entry.platform is not None and not is_attestation(entry)
    )
    for platform, times in platforms.items():
        if times > 1:
            yield Flaw(where, f"{times} images for {platform}: which of them is run depends on who runs it")
    for entry in index.children:
        read = parts.manifests.get(entry.digest)
        if read is not None and read.media_type != entry.media_type:
            yield Flaw(where, f"it lists {entry.digest} as {entry.media_type}, which is {read.media_type}")


def _family_flaws(where: str, manifest: Manifest) -> Iterator[Flaw]:
    """Docker's older clients and the OCI's stricter ones refuse a mixture."""
    entries = (manifest.config, *manifest.layers) if isinstance(manifest, ImageManifest) else manifest.manifests
    families = {_family(entry.media_type) for entry in entries} - {""}
    own = _family(manifest.media_type)
    is_judged = not isinstance(manifest, ImageManifest) or is_runnable(manifest)
    for other in sorted(families - {own}) if is_judged else ():
        yield Flaw(where, f"its own type is of the {own} family, and it names parts of the {other} family",
                   Gravity.STRANGE)  # fmt: skip


def _family(media_type: str) -> str:
    if media_type.startswith("application/vnd.docker."):
        return "Docker"
    return "OCI" if media_type.startswith("application/vnd.oci.") else ""


# --- what blobs say of manifests -------------------------------------------------------------------------------------


def _listed_as(parts: Parts, digest: Digest) -> tuple[Descriptor, ...]:
    return tuple(entry for index in parts.manifests.values() for entry in index.children if entry.digest == digest)


async def _content_flaws(
    source: ImageSource, digest: Digest, manifest: Manifest, listed: Sequence[Descriptor]
) -> list[Flaw]:
    if isinstance(manifest, ImageManifest) and is_runnable(manifest):
        return await _image_flaws(source, f"image {digest}", manifest, listed)
    found = await together((partial(_blob_flaws, source, blob) for blob in manifest.required_blobs), AT_ONCE)
    return [flaw for flaws in found for flaw in flaws]


async def _image_flaws(
    source: ImageSource, where: str, manifest: ImageManifest, listed: Sequence[Descriptor]
) -> list[Flaw]:
    try:
        config = ImageConfig.parse(await read_small(source, manifest.config, LARGEST_CONFIG, "configuration"))
    except _OF_THE_IMAGE as error:
        return [Flaw(f"configuration {manifest.config.digest}", _said(error))]
    flaws = list(config_flaws(where, manifest, config, listed))
    works: list[Callable[[], Awaitable[list[Flaw]]]] = []
    for number, layer in enumerate(manifest.layers):
        diff_id = config.diff_ids[number] if number < len(config.diff_ids) else None
        if not is_nondistributable(layer.media_type):
            works.append(partial(_layer_flaws, source, f"{where}, layer {number + 1}", layer, diff_id))
    found = await together(works, AT_ONCE)
    return flaws + [flaw for each in found for flaw in each]


def config_flaws(
    where: str, manifest: ImageManifest, config: ImageConfig, listed: Sequence[Descriptor]
) -> Iterator[Flaw]:
    """`listed`: the entries of indexes that name this image."""
    layers, diff_ids = len(manifest.layers), len(config.diff_ids)
    if layers != diff_ids:
        yield Flaw(where, f"{layers} layers, and the configuration knows of {diff_ids}")
    steps = sum(not step.empty_layer for step in config.history)
    if config.history and steps != layers:
        yield Flaw(where, f"{layers} layers, and the history tells of {steps}", Gravity.STRANGE)
    if not config.platform.os or not config.platform.architecture:
        yield Flaw(where, "the configuration does not say which machine it is for")
    for entry in listed:
        wanted = entry.platform
        if wanted is not None and not is_attestation(entry) and not config.platform.matches(wanted):
            yield Flaw(where, f"the index lists it for {wanted}, and its configuration says {config.platform}")


async def _blob_flaws(source: ImageSource, blob: Descriptor) -> list[Flaw]:
    import asyncio  # noqa: PLC0415 - start-up time

    try:
        await asyncio.to_thread(_read_to_end, Verified(await source.blob(blob), blob))
    except _OF_THE_IMAGE as error:
        return [Flaw(f"blob {blob.digest}", _said(error))]
    return []


def _read_to_end(reader: Verified) -> None:
    buffer = memoryview(bytearray(1024 * 1024))
    try:
        while reader.readinto(buffer):
            pass
    finally:
        reader.close()


async def _layer_flaws(source: ImageSource, where: str, layer: Descriptor, diff_id: Digest | None) -> list[Flaw]:
    if not is_layer(layer.media_type):
        strange = Flaw(where, f"{layer.media_type} is no file system layer", Gravity.STRANGE)
        return [strange, *await _blob_flaws(source, layer)]
    try:
        algorithm = Algorithm.SHA256 if diff_id is None else diff_id.algorithm
        return await read_files(source, layer, nothing_is_kept, partial(_judge, where, diff_id), algorithm)
    except _OF_THE_IMAGE as error:
        return [Flaw(where, _said(error))]


def _judge(where: str, diff_id: Digest | None, files: Iterator[LayerFile], reader: Hashed) -> list[Flaw]:
    flaws: list[Flaw] = []
    links: set[str] = set()
    for file in files:
        if len(flaws) < MOST_FLAWS:
            flaws += (Flaw(where, text, gravity) for text, gravity in _file_flaws(file, links))
        if file.kind is Kind.SYMBOLIC:
            links.add(file.path)
    if diff_id is not None and diff_id != reader.digest():
        flaws.append(Flaw(where, f"it unpacks to {reader.digest()}, and the configuration says {diff_id}"))
    return flaws


def _file_flaws(file: LayerFile, links: set[str]) -> Iterator[tuple[str, Gravity]]:
    """Names that lead out of the root are harmless to who is careful, and meant for who is not."""
    name = shown(file.name)
    if ".." in file.name.split("/"):
        yield f"the name {name} leads out of its folder", Gravity.BROKEN
    if file.kind is Kind.HARD and ".." in file.target.split("/"):
        yield f"{name} is a hard link that leads out of its folder, to {shown(file.target)}", Gravity.BROKEN
    if links and (link := _link_above(file.path, links)):
        yield f"{name} lies beneath the symbolic link {shown(link)}", Gravity.STRANGE
    if file.kind is Kind.DEVICE:
        yield f"{name} is a device", Gravity.STRANGE
    if file.name.startswith("/"):
        yield f"the name {name} begins at the root", Gravity.STRANGE


def _link_above(path: str, links: set[str]) -> str:
    while "/" in path:
        path = path.rpartition("/")[0]
        if path in links:
            return path
    return ""
