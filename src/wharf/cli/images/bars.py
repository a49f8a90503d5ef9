"""Bars of blobs on their way, drawn again and again at the end of a terminal, above which finished ones become lines.

Only what moves has a bar: however many layers an image has, what moves is never below the end of the screen.
"""

import threading
from typing import Final

from rich.console import Console
from rich.progress import BarColumn, ProgressColumn, Task, TaskID, TextColumn
from rich.progress import Progress as Drawing
from rich.table import Column
from rich.text import Text

from wharf.cli.images.arrivals import line_of, short
from wharf.cli.output import size_in_words
from wharf.cli.surroundings import Surroundings
from wharf.images.sink import Arrival
from wharf.oci.descriptor import Descriptor
from wharf.oci.digest import Digest

_WIDE: Final = 76
_LONG_BAR: Final = 24
_SHORT_BAR: Final = 8


class Bars:
    """A bar for each blob that moves. What is there already moves nothing, and then nothing is drawn at all."""

    def __init__(self, surroundings: Surroundings) -> None:
        plain = True if surroundings.environ.get("NO_COLOR") else None
        environ = dict(surroundings.environ)
        self._console = Console(file=surroundings.err, no_color=plain, highlight=False, _environ=environ)
        self._lock = threading.Lock()
        self._drawing: Drawing | None = None
        self._bars: dict[Digest, TaskID] = {}

    def begin(self, descriptor: Descriptor) -> None:
        pass

    def advance(self, descriptor: Descriptor, size: int) -> None:
        with self._lock:
            if self._drawing is None:
                self._drawing = _begun(self._console)
            if descriptor.digest not in self._bars:
                total = descriptor.size or None
                self._bars[descriptor.digest] = self._drawing.add_task(short(descriptor.digest), total=total)
            self._drawing.advance(self._bars[descriptor.digest], size)

    def end(self, descriptor: Descriptor, arrival: Arrival) -> None:
        with self._lock:
            bar = self._bars.pop(descriptor.digest, None)
            if bar is not None and self._drawing is not None:
                self._drawing.remove_task(bar)
                self._drawing.refresh()
                self._console.print(Text(line_of(descriptor, arrival), no_wrap=True, overflow="ellipsis"))

    def close(self) -> None:
        """Whatever still has a bar has not arrived; its bar goes, and the cursor is back."""
        with self._lock:
            if self._drawing is not None:
                self._drawing.stop()
                self._drawing = None


def _begun(console: Console) -> Drawing:
    is_wide = console.width >= _WIDE
    drawing = Drawing(
        TextColumn("{task.description}", markup=False, table_column=Column(no_wrap=True)),
        BarColumn(_LONG_BAR if is_wide else _SHORT_BAR),
        TextColumn("{task.percentage:>3.0f}%", table_column=Column(no_wrap=True)),
        *((_Amount(), _Speed()) if is_wide else ()),
        console=console,
        transient=True,
        redirect_stdout=False,
        redirect_stderr=False,
    )
    drawing.start()
    return drawing


class _Amount(ProgressColumn):
    def render(self, task: Task) -> Text:
        whole = "" if task.total is None else f" of {size_in_words(int(task.total))}"
        return Text(f"{size_in_words(int(task.completed))}{whole}", no_wrap=True)


class _Speed(ProgressColumn):
    def render(self, task: Task) -> Text:
        return Text(f"{size_in_words(int(task.speed))}/s" if task.speed else "", no_wrap=True)
