"""What layers became when they were compressed, remembered on this machine from one push to the next.

What an engine or an archive holds is not compressed, and how a registry knows it is seen only by compressing it. With
this memory it is asked for first, and a layer that it has already stays at home. Only what was compressed and
confirmed is remembered; a memory that is damaged, lost or cannot be written costs time and nothing else.
"""

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final, Protocol

from wharf.errors import MalformedDigest
from wharf.images.compression import Compression
from wharf.oci.descriptor import Descriptor
from wharf.oci.digest import Digest

_LONGEST: Final = 300


class PackedLayers(Protocol):
    def recall(self, diff_id: Digest, compression: Compression, media_type: str) -> Descriptor | None:
        """What it became the last time."""

    def remember(self, diff_id: Digest, compression: Compression, packed: Descriptor) -> None: ...

    def forget(self, diff_id: Digest, compression: Compression) -> None: ...


class Forgetful:
    """Nothing is remembered."""

    def recall(self, diff_id: Digest, compression: Compression, media_type: str) -> Descriptor | None:
        return None

    def remember(self, diff_id: Digest, compression: Compression, packed: Descriptor) -> None:
        pass

    def forget(self, diff_id: Digest, compression: Compression) -> None:
        pass


class PackedLayersFolder:
    """A small file for each layer: the digest and the size of what it became."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def recall(self, diff_id: Digest, compression: Compression, media_type: str) -> Descriptor | None:
        try:
            with self._file(diff_id, compression).open(encoding="ascii") as file:
                digest, size = file.read(_LONGEST).split()
            return Descriptor(media_type, Digest.parse(digest), _positive(size))
        except (OSError, ValueError, MalformedDigest):
            return None

    def remember(self, diff_id: Digest, compression: Compression, packed: Descriptor) -> None:
        import secrets  # noqa: PLC0415 - start-up time: it loads six modules

        file = self._file(diff_id, compression)
        new = file.with_name(f"{file.name}.{secrets.token_hex(4)}")
        with suppress(OSError):
            file.parent.mkdir(parents=True, exist_ok=True)
            new.write_text(f"{packed.digest} {packed.size}\n", encoding="ascii")
            new.replace(file)

    def forget(self, diff_id: Digest, compression: Compression) -> None:
        with suppress(OSError):
            self._file(diff_id, compression).unlink()

    def _file(self, diff_id: Digest, compression: Compression) -> Path:
        return self._folder / compression.value / f"{diff_id.algorithm}-{diff_id.hex}"


def packed_layers_folder(environ: Mapping[str, str], home: Path, platform: str) -> Path:
    """Where this system keeps what can be made again."""
    if platform == "win32":
        caches = Path(environ.get("LOCALAPPDATA") or home / "AppData" / "Local")
    elif platform == "darwin":
        caches = home / "Library" / "Caches"
    else:
        caches = Path(environ.get("XDG_CACHE_HOME") or home / ".cache")
    return caches / "wharf" / "packed-layers"


def _positive(text: str) -> int:
    if not text.isdigit():
        raise ValueError(text)
    return int(text)
