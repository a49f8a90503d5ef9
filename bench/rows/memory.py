"""What wharf costs when nobody asks anything, and what eight large pushes at once add to it."""

import shutil
import time
from collections.abc import Iterator
from pathlib import Path

from bench.conditions import Conditions
from bench.contestants import wharf
from bench.measure import Bench, BenchFailed, Figure, at_most
from bench.payloads import BodyMaker
from bench.process_memory import megabytes, watched
from bench.seeding import seed_image
from bench.transfers import push_rate

CLIENTS = 8
PIECES = 16
SETTLED = 2.0


def run_idle(conditions: Conditions) -> Iterator[Figure]:
    """Idle, but not untouched: it has taken one image, so what is loaded at the first push is loaded."""
    launch = wharf(conditions)
    for _ in range(conditions.sizes.rounds if launch else 0):
        assert launch is not None
        with conditions.folder("memory") as folder, launch(folder) as server:
            seed_image(server, "bench/one")
            time.sleep(SETTLED)
            yield Figure("MB", megabytes(server.pid))


def run_pushing(conditions: Conditions) -> Iterator[Figure]:
    launch = wharf(conditions)
    if launch is None:
        return
    with conditions.folder("memory") as folder:
        refuse_unless_it_fits(folder, CLIENTS * conditions.sizes.stream)
        maker = BodyMaker(folder, conditions.sizes.stream, PIECES)
        bodies = [maker.body() for _ in range(CLIENTS)]
        with launch(folder) as server:
            seed_image(server, "bench/one")
            time.sleep(SETTLED)
            idle = megabytes(server.pid)
            with watched(server.pid) as peak:
                push_rate(server, "bench/large", bodies)
            yield Figure("MB", peak.megabytes - idle)


def refuse_unless_it_fits(folder: Path, size: int) -> None:
    free = shutil.disk_usage(folder).free
    if free < 1.5 * size:
        raise BenchFailed(f"{free / 1e9:.0f} GB are free, and {1.5 * size / 1e9:.0f} GB are needed")


BENCHES = (
    Bench(
        "memory-idle",
        "memory, idle, 2 workers (PSS of all its processes)",
        "",
        "after one push and two quiet seconds",
        at_most(150, "MB"),
        run_idle,
    ),
    Bench(
        "memory-pushing",
        "memory, increase while 8 clients push 1 GB each (peak PSS)",
        "",
        "a process for each client, sendfile",
        at_most(150, "MB"),
        run_pushing,
    ),
)
