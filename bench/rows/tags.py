"""A repository that CI has tagged a hundred thousand times: its first page, and what it costs to delete a tag there."""

import socket
import time
from collections.abc import Iterator
from functools import partial
from statistics import median

from bench.conditions import Conditions
from bench.contestants import wharf
from bench.measure import Bench, Figure, at_most
from bench.seeding import TAGGED, small_repository_name, tag_name
from bench.stores import SMALL_REPOSITORIES, large_store
from bench.transfers import connected, expect
from bench.wire import request

ROUNDS = 5
ASKED = 60
DELETED = 40
FROM_EACH = 5
MILLISECONDS = 1e3


def run_page(query: str, conditions: Conditions) -> Iterator[Figure]:
    launch = wharf(conditions)
    if launch is None:
        return
    with launch(large_store(conditions, launch)) as server, connected(server.port) as line:
        message = request("GET", f"/v2/{TAGGED}/tags/list{query}".encode())
        milliseconds(line, message, 200)
        for _ in range(ROUNDS):
            yield Figure("ms", median(milliseconds(line, message, 200) for _ in range(ASKED)))


def run_delete(conditions: Conditions) -> Iterator[Figure]:
    launch = wharf(conditions)
    if launch is None:
        return
    with launch(large_store(conditions, launch)) as server, connected(server.port) as line:
        numbers = iter(range(min(ROUNDS * DELETED, SMALL_REPOSITORIES * FROM_EACH)))
        for _ in range(ROUNDS):
            pairs = [deleted_in_both(line, next(numbers)) for _ in range(DELETED)]
            yield Figure("ms", median(large for large, _ in pairs), median(small for _, small in pairs))


def deleted_in_both(line: socket.socket, number: int) -> tuple[float, float]:
    small = small_repository_name(number // FROM_EACH)
    return (
        milliseconds(line, deletion(TAGGED, tag_name(number)), 202),
        milliseconds(line, deletion(small, tag_name(number % FROM_EACH)), 202),
    )


def deletion(repository: str, tag: str) -> bytes:
    return request("DELETE", f"/v2/{repository}/manifests/{tag}".encode())


def milliseconds(line: socket.socket, message: bytes, status: int) -> float:
    """From the request's first byte to the answer's last on a quiet connection: the server's time and a little more."""
    began = time.perf_counter()
    line.sendall(message)
    expect(line, status)
    return (time.perf_counter() - began) * MILLISECONDS


def page_bench(name: str, title: str, query: str) -> Bench:
    load = "one connection, one request after another"
    return Bench(name, title, "", load, at_most(5, "ms"), partial(run_page, query))


BENCHES = (
    page_bench("tags-page", "tags list, first page of 100,000 tags", ""),
    page_bench("tags-page-1000", "tags list, first page of 100,000 tags, n=1000", "?n=1000"),
    Bench(
        "tag-delete",
        "tag delete among 100,000 (a tenth of tolerance for noise)",
        "among ten",
        "one connection, in turns",
        at_most(1.1),
        run_delete,
    ),
)
