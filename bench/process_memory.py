"""How much memory a server holds: the proportional set size (PSS) of its process and all that descend from it."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

MEGABYTE = 1e6
EVERY = 0.1


def descendants(pid: int) -> Iterator[int]:
    yield pid
    for listing in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in listing.read_text().split():
            yield from descendants(int(child))


def megabytes(pid: int) -> float:
    """PSS: pages that several processes share are counted once in all, which a sum of RSS would not do."""
    return sum(proportional(member) for member in descendants(pid)) * 1024 / MEGABYTE


def proportional(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)


class Peak:
    """The most a server held while it was watched."""

    def __init__(self, pid: int) -> None:
        self.megabytes = 0.0
        self._pid = pid
        self._over = threading.Event()

    def watch(self) -> None:
        while not self._over.wait(EVERY):
            self.megabytes = max(self.megabytes, megabytes(self._pid))

    def end(self) -> None:
        self._over.set()


@contextmanager
def watched(pid: int) -> Iterator[Peak]:
    peak = Peak(pid)
    watcher = threading.Thread(target=peak.watch)
    watcher.start()
    try:
        yield peak
    finally:
        peak.end()
        watcher.join()
