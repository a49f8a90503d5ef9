"""The same layers over TLS, beside docker-registry without it: what a certificate costs may not cost the lead."""

import os
from collections.abc import Iterator
from functools import partial

from bench.conditions import Conditions
from bench.contestants import DOCKER_REGISTRY, Launcher, docker_registry, wharf_over_tls
from bench.curls import curl_rate, upload_order
from bench.measure import Bench, BenchFailed, Figure, at_least, duel
from bench.payloads import BodyMaker, write_out
from bench.transfers import open_upload

REPOSITORY = "bench/layers"
NEGOTIATED = None
HTTP_1_1 = "http1.1"


def run(clients: int, version: str | None, conditions: Conditions) -> Iterator[Figure]:
    with conditions.folder("blob-push-tls") as folder:
        maker = BodyMaker(folder, conditions.sizes.blob)
        rate = partial(rate_into_empty_store, conditions, maker, clients, version)
        launch = wharf_over_tls(conditions)
        ours = None if launch is None else partial(rate, launch)
        yield from duel(conditions.sizes.rounds, "MB/s", ours, partial(rate, docker_registry))


def rate_into_empty_store(
    conditions: Conditions, maker: BodyMaker, clients: int, version: str | None, launch: Launcher
) -> float:
    bodies = [maker.body() for _ in range(clients)]
    files = [write_out(body, maker.file.with_name(f"client{number}")) for number, body in enumerate(bodies)]
    with conditions.folder("store") as folder, launch(folder) as server:
        targets = [server.url + open_upload(server, REPOSITORY, body.digest) for body in bodies]
        orders = [
            upload_order(target, file, server.certificate, version) for target, file in zip(targets, files, strict=True)
        ]
        os.sync()
        rate, spoken = curl_rate(orders, sum(body.size for body in bodies))
    if version == HTTP_1_1 and spoken != "1.1":
        raise BenchFailed(f"curl spoke HTTP/{spoken} though told to speak 1.1")
    return rate


def bench(clients: int, word: str, version: str | None, name: str) -> Bench:
    title = f"blob push, 200 MB, {word}, TLS, {'HTTP/1.1' if version else 'as negotiated'}"
    load = "a curl for each client; the peer over plain HTTP"
    run_it = partial(run, clients, version)
    return Bench(f"blob-push-tls-{name}-{clients}", title, DOCKER_REGISTRY, load, at_least(1), run_it)


BENCHES = (
    bench(1, "one client", HTTP_1_1, "http1"),
    bench(8, "eight clients", HTTP_1_1, "http1"),
    bench(1, "one client", NEGOTIATED, "negotiated"),
    bench(8, "eight clients", NEGOTIATED, "negotiated"),
)
