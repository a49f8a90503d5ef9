"""Sweeping while the doors are open: 100,000 blobs go, and nobody who pushes meanwhile notices."""

import os
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.conditions import Conditions
from bench.contestants import wharf
from bench.crowd import Tally, for_seconds, push_and_count
from bench.measure import Bench, BenchFailed, Figure, at_most
from bench.payloads import SmallImage, digest_of, small_images
from bench.seeding import garbage, seed_garbage
from bench.servers import Server

CLIENTS = 16
GRACE = 0
LONGEST = 120.0
SAMPLES = 50
MILLISECONDS = 1e3


def run(conditions: Conditions) -> Iterator[Figure]:
    launch, command = wharf(conditions), conditions.wharf_command
    if launch is None or command is None:
        return
    sizes = conditions.sizes
    with conditions.folder("collection") as folder, launch(folder) as server:
        seed_garbage(server, sizes.garbage)
        os.sync()
        before = quiet(server, sizes.small_pushes, sizes.push_seconds, "before")
        images = list(small_images(10 * sizes.small_pushes))
        with collecting((*command, "admin", "gc"), folder) as under_way:
            during = sound(push_and_count(server, CLIENTS, images, under_way, "during"))
        after = quiet(server, sizes.small_pushes, sizes.push_seconds, "after")
        check(server, sizes.garbage, images, len(during.seconds))
    undisturbed = Tally(before.seconds + after.seconds)
    yield Figure("ms p99", MILLISECONDS * during.percentile(0.99), MILLISECONDS * undisturbed.percentile(0.99))


def quiet(server: Server, at_most_images: int, seconds: float, prefix: str) -> Tally:
    return sound(push_and_count(server, CLIENTS, list(small_images(at_most_images)), for_seconds(seconds), prefix))


def sound(tally: Tally) -> Tally:
    if tally.failures or not tally.seconds:
        raise BenchFailed(f"{len(tally.failures)} of {len(tally.seconds)} pushes failed: {tally.failures[:3]}")
    return tally


@contextmanager
def collecting(command: tuple[str, ...], folder: Path) -> Iterator[Callable[[], bool]]:
    """Start a collection; what is yielded says whether it is still under way."""
    report = folder / "collection.log"
    with report.open("wb") as output:
        asked = (*command, "--data", str(folder / "store"), "--grace", str(GRACE))
        collection = subprocess.Popen(asked, stdin=subprocess.DEVNULL, stdout=output, stderr=output)
    deadline = time.monotonic() + LONGEST
    try:
        yield lambda: collection.poll() is None and time.monotonic() < deadline
        code = collection.wait(max(1.0, deadline - time.monotonic()))
    except subprocess.TimeoutExpired as late:
        raise BenchFailed(f"the collection was not done within {LONGEST:g} s") from late
    finally:
        collection.kill()
        collection.wait()
    if code != 0:
        raise BenchFailed(f"the collection ended with {code}: {report.read_text()[-300:]}")


def check(server: Server, garbage_count: int, images: list[SmallImage], pushed: int) -> None:
    """What nobody wanted is gone, and what was pushed meanwhile is there."""
    step = max(1, garbage_count // SAMPLES)
    gone = [digest_of(garbage(number)) for number in range(0, garbage_count, step)]
    kept = [image.layer_digest for image in images[: max(1, pushed - CLIENTS) : max(1, pushed // SAMPLES)]]
    for digest in gone:
        require(server, f"/v2/bench/abandoned/blobs/{digest}", 404)
    for digest in kept:
        if not any(status(server, f"/v2/during/client{client}/blobs/{digest}") == 200 for client in range(CLIENTS)):
            raise BenchFailed(f"{digest} was pushed during the collection and is gone")


def require(server: Server, path: str, wanted: int) -> None:
    found = status(server, path)
    if found != wanted:
        raise BenchFailed(f"HEAD {path} after the collection: {found} instead of {wanted}")


def status(server: Server, path: str) -> int:
    caller = server.connect()
    try:
        caller.request("HEAD", path)
        return caller.getresponse().status
    finally:
        caller.close()


BENCHES = (
    Bench(
        "collection",
        "GC of 100,000 blobs while 16 clients push small images: p99 of a push (none may fail)",
        "without GC",
        "16 connections, one thread; `wharf admin gc` beside the server",
        at_most(2),
        run,
    ),
)
