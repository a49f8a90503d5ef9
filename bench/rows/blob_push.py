"""A large layer on its way in over plain HTTP: POST, then one PUT; every round into an empty store."""

import os
from collections.abc import Iterator
from functools import partial

from bench.conditions import Conditions
from bench.contestants import DOCKER_REGISTRY, Launcher, docker_registry, wharf
from bench.measure import Bench, Figure, at_least, duel
from bench.payloads import BodyMaker
from bench.transfers import push_rate

REPOSITORY = "bench/layers"


def run(clients: int, conditions: Conditions) -> Iterator[Figure]:
    with conditions.folder("blob-push") as folder:
        maker = BodyMaker(folder, conditions.sizes.blob)
        rate = partial(rate_into_empty_store, conditions, maker, clients)
        launch = wharf(conditions)
        ours = None if launch is None else partial(rate, launch)
        yield from duel(conditions.sizes.rounds + 2, "MB/s", ours, partial(rate, docker_registry))


def rate_into_empty_store(conditions: Conditions, maker: BodyMaker, clients: int, launch: Launcher) -> float:
    bodies = [maker.body() for _ in range(clients)]
    with conditions.folder("store") as folder, launch(folder) as server:
        os.sync()
        return push_rate(server, REPOSITORY, bodies)


def bench(clients: int, word: str) -> Bench:
    title = f"blob push, 200 MB, {word}, HTTP"
    load = "a process for each client, sendfile"
    return Bench(f"blob-push-{clients}", title, DOCKER_REGISTRY, load, at_least(2.5), partial(run, clients))


BENCHES = (bench(1, "one client"), bench(8, "eight clients"))
