"""Several who act in the same moment, or until time is up. What fails in a thread is raised where the test sees it."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager


def at_once(jobs: Sequence[Callable[[], None]]) -> None:
    """All start in the same moment; returns when all have ended."""
    together = threading.Barrier(len(jobs))

    def beginning_together(job: Callable[[], None]) -> Callable[[], None]:
        def run() -> None:
            together.wait()
            job()

        return run

    _join([_Worker(beginning_together(job)) for job in jobs])


def repeatedly(seconds: float, *jobs: Callable[[], None]) -> None:
    """Each job again and again, beside the others, until time is up."""
    end = time.monotonic() + seconds

    def until_then(job: Callable[[], None]) -> Callable[[], None]:
        def run() -> None:
            while time.monotonic() < end:
                job()

        return run

    _join([_Worker(until_then(job)) for job in jobs])


@contextmanager
def meanwhile(job: Callable[[], None]) -> Iterator[None]:
    """The job again and again while the block runs; once at least."""
    over = threading.Event()

    def run() -> None:
        job()
        while not over.is_set():
            job()

    worker = _Worker(run)
    worker.start()
    try:
        yield
    finally:
        over.set()
        worker.join()
    worker.require_success()


class _Worker(threading.Thread):
    def __init__(self, job: Callable[[], None]) -> None:
        super().__init__()
        self._job = job
        self._failure: BaseException | None = None

    def run(self) -> None:
        try:
            self._job()
        except BaseException as failure:  # noqa: BLE001 - it belongs to the test, not to this thread
            self._failure = failure

    def require_success(self) -> None:
        if self._failure is not None:
            raise self._failure


def _join(workers: list[_Worker]) -> None:
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    for worker in workers:
        worker.require_success()
