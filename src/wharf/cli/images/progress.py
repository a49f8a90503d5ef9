"""How far a transfer is, told to whoever looks on: bars on a terminal, a line for each finished layer elsewhere."""

from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum

from wharf.cli.images.arrivals import line_of
from wharf.cli.output import Output
from wharf.cli.surroundings import Surroundings
from wharf.images.progress import Progress, Unwatched
from wharf.images.sink import Arrival
from wharf.oci.descriptor import Descriptor


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
    from wharf.cli.images.bars import Bars  # noqa: PLC0415 - start-up time: it draws with a large library

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
        self._output.note(line_of(descriptor, arrival))
