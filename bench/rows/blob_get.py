"""A large layer on its way out, beside nginx with the same file; both have it in the page cache."""

from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial

from bench.conditions import Conditions
from bench.contestants import NGINX, nginx_serving, wharf
from bench.measure import Bench, Figure, at_least, duel
from bench.payloads import BodyMaker, write_out
from bench.transfers import pull_rate, push_rate

REPOSITORY = "bench/layers"


def run(clients: int, conditions: Conditions) -> Iterator[Figure]:
    sizes = conditions.sizes
    with ExitStack() as opened:
        folder = opened.enter_context(conditions.folder("blob-get"))
        body = BodyMaker(folder, sizes.blob).body()
        file = write_out(body, folder / "served" / "blob")
        rate = partial(pull_rate, size=body.size, clients=clients, times=max(2, sizes.downloads // clients))
        peer = opened.enter_context(nginx_serving(file, folder))
        launch = wharf(conditions)
        ours = None
        if launch is not None:
            server = opened.enter_context(launch(folder))
            push_rate(server, REPOSITORY, [body])
            ours = partial(rate, server.port, f"/v2/{REPOSITORY}/blobs/{body.digest}")
        yield from duel(sizes.rounds + 2, "MB/s", ours, partial(rate, peer.port, f"/{file.name}"))


def bench(clients: int, word: str) -> Bench:
    title = f"blob GET, 200 MB, {word}"
    return Bench(
        f"blob-get-{clients}",
        title,
        NGINX,
        "a process for each client, one buffer",
        at_least(0.9),
        partial(run, clients),
    )


BENCHES = (bench(1, "one client"), bench(8, "eight clients"))
