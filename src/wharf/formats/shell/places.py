"""Paths as a script names them, and the files of the repository that they lead to."""

from posixpath import join, normpath
from typing import Final

from wharf.errors import FileNotThere, MalformedFile, UnreadableFile
from wharf.formats.files import Files
from wharf.formats.hole import Hole
from wharf.formats.shell.parameter import WORKSPACE
from wharf.formats.shell.world import World
from wharf.formats.text import HOLE, Text

_ROOTS: Final = frozenset({WORKSPACE, "github.workspace", "CI_PROJECT_DIR", "PWD"})
_MOST_KEPT: Final = 64 * 1024


class Places:
    def __init__(self, files: Files) -> None:
        self._files = files

    def path(self, text: Text, world: World) -> str | None:
        """Relative to the root of the repository; None where it leads elsewhere, or nobody knows where."""
        flat = text.flat
        first = text.pieces[0] if text.pieces else None
        if isinstance(first, Hole) and first.reason.subject in _ROOTS:
            start, flat = "", flat[1:].lstrip("/")
        elif (root := world.variables.get(WORKSPACE)) and root.value.value and flat.startswith(root.value.flat):
            start, flat = "", flat[len(root.value.flat) :].lstrip("/")
        else:
            start = world.folder
        if HOLE in flat or "\0" in flat or flat.startswith(("/", "~")):
            return None
        path = normpath(join(start, flat)) if start or flat else ""
        return None if path.startswith("../") or path == ".." else "" if path == "." else path

    def shown(self, text: Text, world: World) -> Text:
        """The path of a file that is written, relative to the root where it can be."""
        path = self.path(text, world)
        if path is None or world.host is not None or world.is_elsewhere or path == text.flat:
            return text
        return Text.known(path, text.span)

    def read(self, text: Text, world: World) -> Text | None:
        """What was written there by the script itself, or what stands in the repository."""
        key = self._key(text, world)
        if world.files and key in world.files:
            return world.files[key]
        path = self.path(text, world)
        if path is None:
            return None
        try:
            return self._files.read(path)
        except (FileNotThere, MalformedFile, UnreadableFile):
            return None

    def is_there(self, text: Text, world: World) -> bool:
        """Whether the repository, or the script, has a file or folder of that name. False where that is not known."""
        if world.files and self._key(text, world) in world.files:
            return True
        path = self.path(text, world)
        if path is None:
            return False
        return path in self._files.paths() or any(other.startswith(f"{path}/") for other in self._files.paths())

    def all(self) -> tuple[str, ...]:
        return tuple(self._files.paths())

    def keep(self, text: Text, content: Text, world: World, *, is_appended: bool) -> None:
        key = self._key(text, world)
        files = dict(world.files or {})
        before = files.get(key, Text()) if is_appended else Text()
        if len(before) + len(content) <= _MOST_KEPT:
            files[key] = before + content
        world.files = files

    def _key(self, text: Text, world: World) -> str:
        path = self.path(text, world)
        return f"{world.host.shown if world.host else ''}:{text.shown if path is None else path}"
