"""How far a transfer is, told to whoever looks on: bars on a terminal, a line for each finished layer elsewhere."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum
from typing import TYPE_CHECKING, Final

from wharf.cli.output import Output, padded, size_in_words
from wharf.cli.surroundings import Surroundings
from wharf.images.progress import Progress, Unwatched
from wharf.images.sink import Arrival
from wharf.oci.descriptor import Descriptor
from wharf.oci.digest import Digest

if TYPE_CHECKING:
    from rich.progress import Progress as RichProgress
    from rich.progress import TaskID

_SHORT: Final = 12
_SIZE_WIDTH: Final = 10
_BAR_WIDTH: Final = 24
_WORDS: Final = {
    Arrival.PRESENT: "is there already",
    Arrival.MOUNTED: "linked by the registry",
    Arrival.SENT: "sent",
}


class Onlooker(Enum):
    """Who sees what is going on."""

    NOBODY = "nobody"
    LOG = "log"
    PERSON = "person"


def onlooker(surroundings: Surroundings, *, silent: bool) -> Onlooker:
    if silent:
        return Onlooker.NOBODY
    watched = surroundings.err.isatty() and surroundings.environ.get("TERM") != "dumb"
    return Onlooker.PERSON if watched else Onlooker.LOG


@contextmanager
def shown_progress(surroundings: Surroundings, *, silent: bool) -> Iterator[Progress]:
    """Whatever is drawn is over when the block is: an error can be written below it."""
    who = onlooker(surroundings, silent=silent)
    if who is not Onlooker.PERSON:
        yield Unwatched() if who is Onlooker.NOBODY else Lines(Output(surroundings))
        return
    bars = Bars(surroundings)
    try:
        yield bars
    finally:
        bars.close()


class Lines:
    """One line for each blob, when it is over: for logs."""

    def __init__(self, output: Output) -> None:
        self._output = output

    def begin(self, descriptor: Descriptor) -> None:
        pass

    def advance(self, descriptor: Descriptor, size: int) -> None:
        pass

    def end(self, descriptor: Descriptor, arrival: Arrival) -> None:
        size = padded(size_in_words(descriptor.size), _SIZE_WIDTH, ">")
        self._output.note(f"{short(descriptor.digest)}  {size}  {_WORDS[arrival]}")


class Bars:
    """A bar for each blob that moves. What is there already moves nothing, and then nothing is drawn at all."""

    def __init__(self, surroundings: Surroundings) -> None:
        self._surroundings = surroundings
        self._lock = threading.Lock()
        self._drawn: RichProgress | None = None
        self._bars: dict[Digest, TaskID] = {}

    def begin(self, descriptor: Descriptor) -> None:
        pass

    def advance(self, descriptor: Descriptor, size: int) -> None:
        with self._lock:
            drawing = self._drawing()
            if descriptor.digest not in self._bars:
                total = descriptor.size or None
                self._bars[descriptor.digest] = drawing.add_task(short(descriptor.digest), total=total)
            drawing.advance(self._bars[descriptor.digest], size)

    def end(self, descriptor: Descriptor, arrival: Arrival) -> None:
        """What was packed on its way has another size in the end than at the beginning."""
        with self._lock:
            bar = self._bars.get(descriptor.digest)
            if bar is not None:
                drawing = self._drawing()
                done = drawing.tasks[bar].completed
                drawing.update(bar, total=max(done, 1), completed=max(done, 1))

    def close(self) -> None:
        with self._lock:
            if self._drawn is not None:
                self._drawn.stop()
                self._drawn = None

    def _drawing(self) -> "RichProgress":
        if self._drawn is None:
            self._drawn = _draw(self._surroundings)
        return self._drawn


def _draw(surroundings: Surroundings) -> "RichProgress":
    from rich import progress  # noqa: PLC0415 - start-up time: most transfers find everything in place
    from rich.console import Console  # noqa: PLC0415 - as above

    console = Console(file=surroundings.err, no_color=True if surroundings.environ.get("NO_COLOR") else None)
    columns = (
        progress.TextColumn("{task.description}", markup=False),
        progress.BarColumn(bar_width=_BAR_WIDTH),
        progress.TaskProgressColumn(),
        progress.DownloadColumn(binary_units=True),
        progress.TransferSpeedColumn(),
    )
    drawing = progress.Progress(*columns, console=console, redirect_stdout=False, redirect_stderr=False)
    drawing.start()
    return drawing


def short(digest: Digest) -> str:
    """As many digits as people tell layers apart by."""
    return digest.hex[:_SHORT]
