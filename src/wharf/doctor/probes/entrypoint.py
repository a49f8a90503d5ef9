"""The program that the image starts: its layers are read, and laid upon one another, up to a size."""

import io
from collections.abc import Iterable
from typing import Final

from wharf.doctor.probes.platforms import platform_wanted
from wharf.doctor.reach.asking import lines_kept
from wharf.doctor.reach.program_files import MOST_KEPT, Files, Found, program_in
from wharf.doctor.reach.pulling import Wanted, blob_at, manifest_at, wanted_in
from wharf.doctor.reach.waiting import in_time
from wharf.doctor.scene import Scene
from wharf.doctor.seen import NOTHING_SEEN, Seen, Sighting
from wharf.errors import Malformed, WharfError, shown
from wharf.images.choose import is_attestation
from wharf.images.decompress import decompressed
from wharf.images.file_tree import FileTree
from wharf.images.layer_files import read_layer
from wharf.oci.config import ImageConfig
from wharf.oci.manifest import ImageIndex, ImageManifest
from wharf.oci.platform import Platform

_LARGEST_CONFIG: Final = 4 * 1024 * 1024
_LARGEST_LAYER: Final = 32 * 1024 * 1024
_LARGEST_IMAGE: Final = 64 * 1024 * 1024
_LARGEST_UNPACKED: Final = 512 * 1024 * 1024
_WORDS: Final = {
    "fine": ("can be started", "시작할 수 있습니다"),
    "other-architecture": ("is made for another processor", "다른 아키텍처용으로 만들어졌습니다"),
    "script-with-crlf": (
        "is a script whose first line ends as lines of Windows do (CRLF)",
        "첫 줄이 Windows 줄바꿈(CRLF)으로 끝나는 스크립트입니다",
    ),
    "script-without-interpreter": (
        "is a script without a first line that names its interpreter (#!)",
        "인터프리터를 지정하는 첫 줄(#!)이 없는 스크립트입니다",
    ),
    "interpreter-missing": ("names an interpreter that is not in the image", "이미지에 없는 인터프리터를 지정합니다"),
    "absent": ("is not in the image", "이미지에 없습니다"),
    "not-executable": ("may not be executed", "실행 권한이 없습니다"),
}


@lines_kept
async def look(scene: Scene) -> Seen:
    wanted, platform = await wanted_in(scene), platform_wanted(scene)
    image = await _image(wanted, platform) if wanted else None
    if wanted is None or image is None:
        return NOTHING_SEEN
    config = await blob_at(wanted.best, wanted.repository, image.config.digest, _LARGEST_CONFIG)
    layers = await _layers(wanted, image)
    if config is None or layers is None:
        return NOTHING_SEEN
    try:
        found = await in_time(lambda: _program(config, layers, platform), scene.patience)
    except (WharfError, TimeoutError):
        return NOTHING_SEEN
    return _told(found) if found else NOTHING_SEEN


async def _image(wanted: Wanted, platform: Platform) -> ImageManifest | None:
    """The one for the platform; where there is none, the first: that is what a wrong machine is given by its name."""
    manifest = await manifest_at(wanted.best, wanted.repository, wanted.which)
    if isinstance(manifest, ImageIndex):
        entries = [entry for entry in manifest.children if not is_attestation(entry)]
        fitting = [entry for entry in entries if entry.platform is not None and entry.platform.matches(platform)]
        chosen = next(iter([*fitting, *entries]), None)
        manifest = await manifest_at(wanted.best, wanted.repository, chosen.digest) if chosen else None
    return manifest if isinstance(manifest, ImageManifest) else None


async def _layers(wanted: Wanted, image: ImageManifest) -> list[tuple[bytes, str]] | None:
    """None where an image is too large to be read for this."""
    sizes = [layer.size for layer in image.layers]
    if max(sizes, default=0) > _LARGEST_LAYER or sum(sizes) > _LARGEST_IMAGE:
        return None
    found = []
    for layer in image.layers:
        content = await blob_at(wanted.best, wanted.repository, layer.digest, _LARGEST_LAYER)
        if content is None:
            return None
        found.append((content, layer.media_type))
    return found


def _program(config: bytes, layers: Iterable[tuple[bytes, str]], wanted: Platform) -> Found | None:
    try:
        runtime = ImageConfig.parse(config).runtime
    except Malformed:
        return None
    return program_in(_files(layers), runtime, wanted)


def _files(layers: Iterable[tuple[bytes, str]]) -> Files:
    tree = FileTree()
    for content, media_type in layers:
        reader = decompressed(io.BytesIO(content), media_type, limit=_LARGEST_UNPACKED)
        tree.lay(read_layer(reader, lambda _, size: size <= MOST_KEPT))
    return dict(tree.files())


def _told(found: Found) -> Seen:
    sighting, path = Sighting("entrypoint"), shown(found.path)
    english, korean = _WORDS[found.form]
    detail = f" ({shown(found.detail)})" if found.detail else ""
    sighting.saw("form", found.form, f"{path} {english}{detail}.", f"{path}: {korean}{detail}.")
    sighting.saw("path", path)
    return sighting.done()
