"""How far a transfer is, for whoever looks on: a bar on a terminal, a line in a log, nobody."""

from typing import Protocol

from wharf.images.sink import Arrival
from wharf.oci.descriptor import Descriptor


class Progress(Protocol):
    """Called from any thread. A blob begins once, advances many times, and ends once."""

    def begin(self, descriptor: Descriptor) -> None: ...

    def advance(self, descriptor: Descriptor, size: int) -> None: ...

    def end(self, descriptor: Descriptor, arrival: Arrival) -> None: ...


class Unwatched:
    """Nobody looks on."""

    def begin(self, descriptor: Descriptor) -> None:
        pass

    def advance(self, descriptor: Descriptor, size: int) -> None:
        pass

    def end(self, descriptor: Descriptor, arrival: Arrival) -> None:
        pass
