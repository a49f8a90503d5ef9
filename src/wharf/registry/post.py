"""The post of one worker process: who stands there, since when, and when the next one comes."""

import logging
import signal
from collections.abc import Callable, Iterator
from typing import Any, Final

from granian.server.mp import WorkerProcess

from wharf.errors import Diagnostics
from wharf.registry.comeback import Comeback
from wharf.registry.first_words import Ear, Mouth, mouth_and_ear
from wharf.registry.stops import stop_in_time

_log = logging.getLogger("wharf.registry")

_FAULTS: Final = (signal.SIGABRT, signal.SIGBUS, signal.SIGFPE, signal.SIGILL, signal.SIGSEGV, signal.SIGSYS)

Make = Callable[[Mouth], WorkerProcess]


class Post:
    """It begins empty and is filled at once. Times are the caller's."""

    def __init__(self, number: int, make: Make, start_seconds: float) -> None:
        self.why_not: Diagnostics | None = None
        """Why whoever stood here last could not serve, if they told."""
        self.has_served: bool = False
        self._number: Final = number
        self._make: Final = make
        self._start_seconds: Final = start_seconds
        self._worker: WorkerProcess | None = None
        self._ear: Ear | None = None
        self._since = 0.0
        self._comeback = Comeback()
        self._due: float | None = 0.0
        self._leaving: WorkerProcess | None = None

    def look(self, now: float) -> None:
        """What happened here since the last look is noted; who hangs at their start is ended."""
        self._listen()
        if self._leaving is not None and not self._leaving.inner.is_alive():
            self._leaving = None
        if self._worker is not None and not self._worker.inner.is_alive():
            self._note_end(self._worker, now)
        elif self._worker is not None and self._ear is not None and now >= self._since + self._start_seconds:
            _log.error("%s does not begin to serve in %g s: it is ended", self._name, self._start_seconds)
            self._worker.inner.kill()
            self.close()

    def fill(self, now: float) -> None:
        """If nobody stands here and it is time that somebody does."""
        if self._due is not None and self._due <= now:
            self._begin(now)

    def renew(self, now: float) -> None:
        """Who stands here goes when another one serves."""
        if self._worker is not None and self._leaving is None:
            self._leaving = self._worker
            self._begin(now)

    def next_look(self) -> float | None:
        """The moment by which somebody should look, if nothing happens before."""
        if self._due is not None:
            return self._due
        return None if self._ear is None else self._since + self._start_seconds

    def signs(self) -> Iterator[Any]:
        """What becomes readable when something happens here, or did so since the last look."""
        for worker in (self._leaving, self._worker):
            if worker is not None:
                yield worker.inner.sentinel
        if self._ear is not None:
            yield self._ear.pipe

    def living(self) -> Iterator[WorkerProcess]:
        for worker in (self._leaving, self._worker):
            if worker is not None and worker.inner.is_alive():
                yield worker

    def close(self) -> None:
        if self._ear is not None:
            self._ear.close()
            self._ear = None

    @property
    def _name(self) -> str:
        return f"worker {self._number}" + (f" (pid {self._worker.inner.pid})" if self._worker else "")

    def _begin(self, now: float) -> None:
        self._worker, self._since, self._due = None, now, None
        try:
            mouth, self._ear = mouth_and_ear()
            try:
                worker = self._make(mouth)
                worker.inner.start()
            finally:
                mouth.close()
        except OSError as problem:
            self._come_back(now, f"{self._name} could not be begun: {problem}")
        else:
            self._worker = worker

    def _listen(self) -> None:
        if self._ear is None or (words := self._ear.heard()) is None:
            return
        self.close()
        self.why_not = words.why_not
        if words.serves:
            if self._comeback.young_ends:
                _log.info("%s serves", self._name)
            self.has_served = True
            if self._leaving is not None:
                stop_in_time(self._leaving.inner.pid)

    def _note_end(self, worker: WorkerProcess, now: float) -> None:
        self._listen()  # what it said at last
        code = worker.inner.exitcode
        why = f": {self.why_not.cause}" if self.why_not else ""
        ended = f"{self._name} {_manner(code)} after {now - self._since:.1f} s{why}"
        if self.why_not is None and _by_itself(code):
            self.why_not = Diagnostics(f"a worker process {_manner(code)}", next_step="look at the log above")
        worker.inner.close()
        self._worker = None
        self._come_back(now, ended)

    def _come_back(self, now: float, why: str) -> None:
        self.close()
        self._comeback = self._comeback.after(now - self._since)
        self._due = now + self._comeback.pause
        when = f"; it is begun again in {self._comeback.pause:g} s" if self._comeback.pause else ""
        _log.error("%s%s", why, when)


def _by_itself(code: int) -> bool:
    """And not because somebody ended it from outside."""
    return code > 0 or -code in _FAULTS


def _manner(code: int) -> str:
    if code >= 0:
        return f"ended with exit code {code}"
    try:
        return f"was ended by {signal.Signals(-code).name}"
    except ValueError:
        return f"was ended by signal {-code}"
