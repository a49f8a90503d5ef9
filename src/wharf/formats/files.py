"""The files of a repository, as whoever follows one file into another asks for them."""

from collections.abc import Collection, Mapping
from typing import Protocol

from wharf.errors import FileNotThere
from wharf.formats.text import Text


class Files(Protocol):
    """Paths are relative to the root of the repository, with slashes, and lead nowhere else."""

    def paths(self) -> Collection[str]:
        """Of all files, whether or not they can be read."""
        ...

    def read(self, path: str) -> Text:
        """FileNotThere, or UnreadableFile where there is one that is no text, too large, or a link elsewhere."""
        ...


class WrittenFiles:
    """Files that stand in memory: what a script will have written, and what tests write."""

    def __init__(self, files: Mapping[str, str]) -> None:
        self._files = dict(files)

    def paths(self) -> Collection[str]:
        return self._files.keys()

    def read(self, path: str) -> Text:
        if path not in self._files:
            raise FileNotThere(path)
        return Text.of_file(path, self._files[path])
