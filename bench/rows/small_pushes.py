"""What CI does all day: images whose layers changed by a few kilobytes, from many builders at once."""

import os
from collections.abc import Iterator
from functools import partial

from bench.conditions import Conditions
from bench.contestants import DOCKER_REGISTRY, Launcher, docker_registry, wharf
from bench.crowd import push_small_images
from bench.measure import Bench, Figure, at_least, duel

CLIENTS = 16


def run(conditions: Conditions) -> Iterator[Figure]:
    rate = partial(rate_into_empty_store, conditions)
    launch = wharf(conditions)
    ours = None if launch is None else partial(rate, launch)
    yield from duel(conditions.sizes.rounds, "pushes/s", ours, partial(rate, docker_registry))


def rate_into_empty_store(conditions: Conditions, launch: Launcher) -> float:
    sizes = conditions.sizes
    with conditions.folder("store") as folder, launch(folder) as server:
        push_small_images(server, CLIENTS, 2 * CLIENTS, sizes.push_seconds)
        os.sync()
        return push_small_images(server, CLIENTS, sizes.small_pushes, sizes.push_seconds).per_second


BENCHES = (
    Bench(
        "small-pushes",
        "small pushes (config, one 64 KB layer, manifest), 16 clients",
        DOCKER_REGISTRY,
        "16 connections, one thread, 5 requests a push",
        at_least(3),
        run,
    ),
)
