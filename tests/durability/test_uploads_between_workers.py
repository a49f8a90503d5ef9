"""An upload belongs to no worker: it goes on wherever the next request lands, and is one request's at a time."""

import secrets
from collections.abc import Iterator
from itertools import pairwise

import pytest

from tests.durability.client import Client, RawWire, clients_of_both_workers
from tests.durability.processes import eventually, is_held
from tests.durability.store_view import StoreView
from tests.durability.threads import at_once
from wharf.oci.digest import Digest
from wharf.testing.registry_process import RegistryProcess

pytestmark = pytest.mark.slow

NAME = "crew/app"
CARGO = secrets.token_bytes((3 << 20) + 12_345)
DIGEST = Digest.of(CARGO)


@pytest.fixture
def pair(registry: RegistryProcess) -> Iterator[tuple[Client, Client]]:
    first, other = clients_of_both_workers(registry)
    with first, other:
        yield first, other


def test_chunks_that_alternate_between_workers_make_one_blob(pair: tuple[Client, Client]) -> None:
    place = pair[0].begin(NAME)
    edges = [0, 10, 4096, 1 << 20, (1 << 20) + 1, (2 << 20) + 77, len(CARGO) - 1, len(CARGO)]
    for turn, (start, stop) in enumerate(pairwise(edges)):
        answer = pair[turn % 2].append(place, CARGO[start:stop], start)
        assert (202, f"0-{stop - 1}") == (answer.status, answer.headers["Range"])
    assert 201 == pair[0].finish(place, DIGEST).status
    assert CARGO == pair[1].blob(NAME, DIGEST).body


def test_an_upload_goes_on_after_a_kill_and_after_a_stop(registry: RegistryProcess) -> None:
    with Client(registry) as client:
        place = client.begin(NAME)
        assert 202 == client.append(place, CARGO[: 1 << 20], 0).status
    registry.kill()
    registry.start()
    with Client(registry) as client:
        assert f"0-{(1 << 20) - 1}" == client.ask("GET", place).headers["Range"]
        assert 202 == client.append(place, CARGO[1 << 20 : 2 << 20], 1 << 20).status
    assert 0 == registry.stop()
    registry.start()
    with Client(registry) as client:
        assert 202 == client.append(place, CARGO[2 << 20 :], 2 << 20).status
        assert 201 == client.finish(place, DIGEST).status
        assert CARGO == client.blob(NAME, DIGEST).body


def test_an_upload_that_a_request_holds_is_refused_to_others_and_not_harmed(
    registry: RegistryProcess, pair: tuple[Client, Client]
) -> None:
    place = pair[0].begin(NAME)
    wire = RawWire.to(registry)
    wire.say("PATCH", place, f"Content-Length: {len(CARGO)}", body=CARGO[:1000])
    (upload,) = (registry.data / "uploads").iterdir()
    assert eventually(lambda: is_held(upload))
    for client in pair:
        assert 429 == client.append(place, b"in between", 0).status
        assert 429 == client.finish(place, DIGEST, CARGO).status
        assert 429 == client.ask("DELETE", place).status
        assert 204 == client.ask("GET", place).status
    wire.socket.sendall(CARGO[1000:])
    assert 202 == wire.heard().status
    wire.close()
    assert 201 == pair[1].finish(place, DIGEST).status
    assert CARGO == pair[0].blob(NAME, DIGEST).body


def test_a_cancelled_upload_is_gone_for_every_worker(registry: RegistryProcess, pair: tuple[Client, Client]) -> None:
    place = pair[0].begin(NAME)
    assert 202 == pair[0].append(place, CARGO[:5000], 0).status
    assert 204 == pair[1].ask("DELETE", place).status
    for client in pair:
        assert 404 == client.ask("GET", place).status
        assert 404 == client.append(place, CARGO[5000:], 5000).status
        assert 404 == client.finish(place, DIGEST).status
    assert [] == StoreView(registry.data).uploads()


def test_of_many_who_finish_one_upload_at_once_one_succeeds(registry: RegistryProcess) -> None:
    for _ in range(8):
        cargo = secrets.token_bytes(300_000)
        with Client(registry) as client:
            place = client.begin(NAME)
            assert 202 == client.append(place, cargo, 0).status
        statuses = finish_at_once(registry, place, Digest.of(cargo), 6)
        assert 1 == statuses.count(201)
        assert {201, 404, 429} >= set(statuses)
        with Client(registry) as client:
            assert cargo == client.blob(NAME, Digest.of(cargo)).body
    assert [] == StoreView(registry.data).uploads()


def finish_at_once(registry: RegistryProcess, place: str, digest: Digest, times: int) -> list[int]:
    statuses: list[int] = []

    def finish() -> None:
        with Client(registry) as client:
            statuses.append(client.finish(place, digest).status)

    at_once([finish] * times)
    return statuses
