"""Where a compose file says that something lies: a path, and the folder that it starts from."""

import posixpath
import re
from dataclasses import dataclass

from wharf.formats.text import Text

_is_remote = re.compile(r"(?:[a-z][a-z0-9+.-]*://|git@|github\.com/|docker-image:|target:|service:|oci-layout:)").match
_is_absolute = re.compile(r"/|~|[A-Za-z]:[\\/]").match


@dataclass(frozen=True)
class Place:
    written: Text
    folder: str = ""
    """Relative to the root of the repository; the root itself is empty."""
    within: "Place | None" = None
    """It starts there, as a Dockerfile does in its context; then `folder` is of no account."""

    @property
    def is_remote(self) -> bool:
        return bool(_is_remote(self.written.flat)) or (self.within is not None and self.within.is_remote)

    @property
    def path(self) -> str | None:
        """Relative to the root of the repository; None where it is not known, remote, or leads out of it."""
        written = self.written.value
        folder = self.folder if self.within is None else self.within.path
        if written is None or folder is None or self.is_remote or _is_absolute(written):
            return None
        return within_repository(posixpath.join(folder, written.replace("\\", "/")))


def within_repository(path: str) -> str | None:
    """A path without detours: the root is empty, and what leads out of it is None."""
    whole = posixpath.normpath(path)
    if whole == ".":
        return ""
    return None if whole.startswith(("../", "/")) or whole == ".." else whole
