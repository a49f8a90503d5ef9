"""Files as a job finds them: those of the repository, with those laid over them that its steps have written."""

from collections.abc import Collection, Iterable, Iterator
from fnmatch import fnmatchcase
from posixpath import join, normpath
from typing import Final

from wharf.errors import FileNotThere, UnreadableFile
from wharf.formats.files import Files
from wharf.formats.shell.ran import Certainty, Written
from wharf.formats.text import Text

_MOST_STATES: Final = 8
_MOST_MATCHING: Final = 200


class LaidFiles:
    """A file may stand in several states, of which the first one is the usual one. Each machine has its own files."""

    def __init__(self, files: Files) -> None:
        self._files = files
        self._written: dict[tuple[str, str], list[Text]] = {}

    def lay(self, written: Written, folder: str = "") -> None:
        path = written.path.value
        if path is None:
            return
        place = (_host(written.host), normal(folder, path))
        content = self._before(place) + written.content if written.appended else written.content
        self._put(place, content, written.certainty)

    def change(self, path: str, host: Text | None, content: Text, certainty: Certainty) -> None:
        self._put((_host(host), path), content, certainty)

    def states(self, path: str, host: Text | None) -> tuple[Text, ...]:
        """As they were written. None, if nobody did; the repository may have the file then."""
        return tuple(self._written.get((_host(host), path), ()))

    def below(self, path: str, host: Text | None) -> Iterator[tuple[Text, bool]]:
        """Of a file that was written, or of all such files in a folder, each state, and whether it is the first."""
        for (of, written), states in self._written.items():
            if of in {"", _host(host)} and (written == path or written.startswith(f"{path}/") or path == "."):
                yield from ((content, at == 0) for at, content in enumerate(states))

    def seen(self, host: Text | None, state: int = 0) -> "SeenFiles":
        """What is there on one machine; `state`: of files that may stand in several."""
        there = {
            path: states[min(state, len(states) - 1)]
            for (of, path), states in self._written.items()
            if of in {"", _host(host)}
        }
        return SeenFiles(self._files, there)

    def is_written(self, paths: Iterable[str], host: Text | None) -> int:
        """In how many states the one of these is that has most of them."""
        return max((len(self.states(path, host)) for path in paths), default=0)

    def _before(self, place: tuple[str, str]) -> Text:
        if place in self._written:
            return self._written[place][0]
        try:
            return self._files.read(place[1])
        except (FileNotThere, UnreadableFile):
            return Text()

    def _put(self, place: tuple[str, str], content: Text, certainty: Certainty) -> None:
        states = self._written.setdefault(place, [])
        if certainty is Certainty.ALWAYS:
            states.clear()
        if len(states) < _MOST_STATES:
            states.append(content)


class SeenFiles:
    def __init__(self, files: Files, written: dict[str, Text]) -> None:
        self._files = files
        self._written = written

    def paths(self) -> Collection[str]:
        return {*self._files.paths(), *self._written} if self._written else self._files.paths()

    def matching(self, pattern: str) -> tuple[str, ...]:
        """Paths that a shell would make of a word with stars."""
        if "*" not in pattern:
            return (pattern,)
        found = sorted(
            path for path in self.paths() if fnmatchcase(path, pattern) and path.count("/") == pattern.count("/")
        )
        return tuple(found[:_MOST_MATCHING])

    def read(self, path: str) -> Text:
        return self._written[path] if path in self._written else self._files.read(path)


def normal(folder: str, path: str) -> str:
    return normpath(join(folder, path))


def _host(host: Text | None) -> str:
    return host.shown if host is not None else ""
