"""A repository as it lies in a folder: its files, its history, and what was seen in it so far.

Rules look at it through functions: `checkout.once(workflows)`. Each of them is called once, whoever asks first.
"""

from collections.abc import Callable, Collection
from typing import Any, TypeVar, cast

from wharf.doctor.history import History
from wharf.doctor.way.holdings import Holdings
from wharf.errors import FileNotThere, MalformedFile, UnreadableFile
from wharf.formats.event import Event
from wharf.formats.files import Files
from wharf.formats.text import Text

Seen = TypeVar("Seen")
FileProblem = MalformedFile | UnreadableFile


class Checkout:
    def __init__(
        self, files: Files, history: History, holdings: Holdings | None = None, event: Event | None = None
    ) -> None:
        self.files = files
        self.history = history
        self.holdings = holdings
        """What the registry holds; None where nobody looked."""
        self.event = event
        """What happened, where somebody says so; without it, whatever may happen is looked at."""
        self._problems: dict[str, FileProblem] = {}
        self._seen: dict[Callable[..., object], Any] = {}

    @property
    def problems(self) -> tuple[FileProblem, ...]:
        """Of files that somebody wanted to read."""
        return tuple(self._problems.values())

    def once(self, look: "Callable[[Checkout], Seen]") -> Seen:
        if look not in self._seen:
            self._seen[look] = look(self)
        return cast("Seen", self._seen[look])

    def knowing(self, holdings: Holdings, again: Collection[Callable[..., object]] = ()) -> "Checkout":
        """The same with what the registry holds. What was seen stays seen, but for looks that depend on that."""
        other = Checkout(self.files, self.history, holdings, self.event)
        other._problems = self._problems
        other._seen = {look: seen for look, seen in self._seen.items() if look not in again}
        return other

    def parsed(self, path: str, parse: Callable[[Text], Seen]) -> Seen | None:
        """None, if it cannot be read; why not is among the problems then."""
        try:
            return parse(self.files.read(path))
        except (MalformedFile, UnreadableFile) as problem:
            self.note(problem)
        except FileNotThere:
            pass
        return None

    def note(self, problem: FileProblem) -> None:
        """The same problem of the same place is noted once."""
        self._problems.setdefault(str(problem), problem)
