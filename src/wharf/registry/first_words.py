"""The first words of a worker process to its parent: that it serves, or why it cannot.

They go over a pipe of its own, once. A worker that hangs says nothing, and one that is shot does not either.
"""

import json
import logging
from collections.abc import Callable
from dataclasses import asdict, dataclass
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from typing import Any, Final

from wharf.errors import Diagnostics, WharfError

_SERVES: Final = b"serves"
_log = logging.getLogger("wharf.registry")


class Mouth:
    """The worker's end."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe

    def tell_that_it_serves(self) -> None:
        self._pipe.send_bytes(_SERVES)
        self._pipe.close()

    def tell_why_not(self, problem: BaseException) -> None:
        """What is not of our tree was not foreseen: the log has the whole of it."""
        if isinstance(problem, WharfError):
            why = problem.diagnostics()
        else:
            _log.error("a worker's start failed", exc_info=problem)
            said = " ".join(f"{type(problem).__name__}: {problem}".split())
            why = Diagnostics(said, next_step="look at the log above, which has the whole of it")
        if not self._pipe.closed:
            self._pipe.send_bytes(json.dumps(asdict(why)).encode())

    def close(self) -> None:
        """In the parent, when the worker has it."""
        self._pipe.close()


@dataclass(frozen=True, slots=True)
class Words:
    """`why_not` is told by who cannot serve; neither by who ended before saying anything."""

    serves: bool = False
    why_not: Diagnostics | None = None


class Ear:
    """The parent's end."""

    def __init__(self, pipe: Connection) -> None:
        self.pipe = pipe

    def heard(self) -> Words | None:
        """None as long as nothing was said and the worker is there."""
        if not self.pipe.poll():
            return None
        try:
            words = self.pipe.recv_bytes()
        except (EOFError, OSError):  # it ended without a word, or in the middle of one
            return Words()
        return Words(serves=True) if words == _SERVES else Words(why_not=_diagnostics(json.loads(words)))

    def close(self) -> None:
        self.pipe.close()


def mouth_and_ear() -> tuple[Mouth, Ear]:
    heard, said = Pipe(duplex=False)
    return Mouth(said), Ear(heard)


def saying_why_not(mouth: Mouth, target: Callable[..., None], *given: Any) -> None:
    """In a worker process, around all that it does."""
    try:
        target(*given)
    except BaseException as problem:  # noqa: BLE001 - the outermost place, and a panic of the server is no Exception
        mouth.tell_why_not(problem)
        raise SystemExit(1) from None


def _diagnostics(told: dict[str, Any]) -> Diagnostics:
    return Diagnostics(told["cause"], tuple(told["evidence"]), told["next_step"])
