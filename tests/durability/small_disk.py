"""A disk of a few MiB: small enough to be filled to its last byte in a test."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

MIB = 48


class SmallDisk:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._ballast = folder / "ballast"

    @property
    def free(self) -> int:
        status = os.statvfs(self.folder)
        return status.f_bavail * status.f_frsize

    def fill(self, *, but: int = 0) -> None:
        """Until there is no room but so many bytes."""
        fd = os.open(self._ballast, os.O_CREAT | os.O_WRONLY | os.O_APPEND)
        try:
            for piece in (1 << 20, 1 << 16, 1 << 12, 1):
                with suppress(OSError):
                    while self.free > but:
                        os.write(fd, b"x" * min(piece, max(1, self.free - but)))
        finally:
            os.close(fd)

    def clear(self) -> None:
        self._ballast.unlink()


@contextmanager
def small_disk(kind: str, folder: Path) -> Iterator[SmallDisk]:
    if os.geteuid() != 0:
        pytest.skip("not root: a small disk cannot be mounted")
    place = folder / "disk"
    place.mkdir()
    if kind == "ext4":
        image = folder / "image"
        image.touch()
        os.truncate(image, MIB << 20)
        _run_or_skip("mkfs.ext4", "-q", "-F", "-m", "0", str(image))
        _run_or_skip("mount", "-o", "loop", str(image), str(place))
    else:
        _run_or_skip("mount", "-t", "tmpfs", "-o", f"size={MIB}m", "wharf-test", str(place))
    try:
        yield SmallDisk(place)
    finally:
        subprocess.run(["umount", "--lazy", place], check=True)  # what failed to open may still be referred to


def _run_or_skip(*command: str) -> None:
    try:
        subprocess.run(command, capture_output=True, text=True, check=True, env={**os.environ, "PATH": _PATH})
    except FileNotFoundError:
        pytest.skip(f"not installed: {command[0]}")
    except subprocess.CalledProcessError as error:
        pytest.skip(f"{command[0]} may not be used here: {error.stderr.strip()}")


_PATH = os.environ.get("PATH", "") + ":/usr/sbin:/sbin"
