"""Pulls begin here: one manifest, asked for by its tag again and again."""

import re
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial

from bench.conditions import Conditions
from bench.contestants import DOCKER_REGISTRY, docker_registry, wharf
from bench.measure import Bench, BenchFailed, Figure, at_least, duel
from bench.payloads import MANIFEST_TYPE
from bench.seeding import seed_image
from bench.servers import Server

CONNECTIONS = 32
REPOSITORY = "bench/pulled"
RATE = re.compile(r"Requests/sec:\s+([\d.]+)")
TROUBLE = re.compile(r"Non-2xx or 3xx responses|Socket errors")


def run(conditions: Conditions) -> Iterator[Figure]:
    with ExitStack() as opened:
        folder = opened.enter_context(conditions.folder("manifest-get"))
        rate = partial(manifests_per_second, seconds=conditions.sizes.wrk_seconds)
        theirs = ready_to_pull(opened.enter_context(docker_registry(folder)))
        launch = wharf(conditions)
        ours = None
        if launch is not None:
            ours = partial(rate, ready_to_pull(opened.enter_context(launch(folder))))
        yield from duel(conditions.sizes.rounds, "requests/s", ours, partial(rate, theirs))


def ready_to_pull(server: Server) -> str:
    image = seed_image(server, REPOSITORY)
    url = f"{server.url}/v2/{REPOSITORY}/manifests/{image.tag}"
    manifests_per_second(url, 1)
    return url


def manifests_per_second(url: str, seconds: int, *fields: str) -> float:
    """`fields`: of the header, beside the usual ones."""
    wanted = [word for field in (f"Accept: {MANIFEST_TYPE}", *fields) for word in ("-H", field)]
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", *wanted, url]
    said = subprocess.run(command, check=False, capture_output=True, text=True, timeout=seconds + 60).stdout
    rate = RATE.search(said)
    if rate is None or TROUBLE.search(said):
        raise BenchFailed(f"wrk: {said}")
    return float(rate[1])


BENCHES = (
    Bench(
        "manifest-get",
        "manifest GET by tag, 32 connections",
        DOCKER_REGISTRY,
        "wrk, one thread",
        at_least(8),
        run,
    ),
)
