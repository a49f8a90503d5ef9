"""The same over HTTP/2 and TLS: a bad stream is answered or ended by itself, and the others on its connection go on."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.durability.http2 import Http2Wire, http2_wire
from tests.durability.processes import eventually
from tests.durability.store_view import StoreView
from tests.registry.settings.tls_files import make_pair
from wharf.oci.digest import Digest
from wharf.testing.registry_process import RegistryProcess

pytestmark = pytest.mark.slow

NAME = "crew/app"
CARGO = secrets.token_bytes(200_000)
WHOLE = f"/v2/{NAME}/blobs/uploads/?digest={Digest.of(CARGO)}"
ALL_OF_IT = ("content-length", str(len(CARGO)))


@pytest.fixture(scope="module")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RegistryProcess]:
    with secured(tmp_path_factory.mktemp("bad")) as registry:
        yield registry


@contextmanager
def secured(folder: Path, *flags: str) -> Iterator[RegistryProcess]:
    certificate, key = make_pair(folder, "registry")
    pair = ("--tls-cert", str(certificate), "--tls-key", str(key))
    with RegistryProcess(folder / "data", "--workers", "2", *pair, *flags) as registry:
        yield registry


@pytest.fixture
def wire(registry: RegistryProcess) -> Iterator[Http2Wire]:
    with leaving_nothing(registry) as wire:
        yield wire


@pytest.fixture
def hasty(tmp_path: Path) -> Iterator[Http2Wire]:
    """To a registry that lets go who falls silent for two seconds, which on a busy machine may be anybody."""
    with secured(tmp_path, "--client-silence", "2s") as registry, leaving_nothing(registry) as wire:
        yield wire


@contextmanager
def leaving_nothing(registry: RegistryProcess) -> Iterator[Http2Wire]:
    """After each test: whatever it did, no upload stays and nothing is half there."""
    with http2_wire(registry) as wire:
        yield wire
    store = StoreView(registry.data)
    assert eventually(lambda: [] == store.uploads())
    assert [] == store.flaws()


@pytest.mark.parametrize("length", [(ALL_OF_IT,), ()], ids=["with its length", "without"])
def test_a_stream_that_falls_silent_is_told_and_the_others_go_on(
    hasty: Http2Wire, length: tuple[tuple[str, str], ...]
) -> None:
    silent = hasty.ask("POST", WHOLE, *length, body=CARGO[:40_000], ends=False)
    assert 200 == hasty.answer(hasty.ask("GET", "/v2/")).status
    assert 408 == hasty.answer(silent).status
    assert 200 == hasty.answer(hasty.ask("GET", "/v2/")).status


@pytest.mark.parametrize("announced", [1000, len(CARGO)], ids=["more than announced", "less than announced"])
def test_a_body_of_another_length_than_announced_is_no_blob(wire: Http2Wire, announced: int) -> None:
    digest = Digest.of(CARGO[:40_000])
    lying = wire.ask(
        "POST",
        f"/v2/{NAME}/blobs/uploads/?digest={digest}",
        ("content-length", str(announced)),
        body=CARGO[:40_000],
    )
    answer = wire.answer(lying)
    assert answer.was_reset or 400 <= answer.status < 500
    assert 404 == wire.answer(wire.ask("HEAD", f"/v2/{NAME}/blobs/{digest}")).status


def test_a_stream_that_its_client_takes_back_leaves_nothing(wire: Http2Wire) -> None:
    begun = wire.ask("POST", WHOLE, ALL_OF_IT, body=CARGO[:40_000], ends=False)
    wire.reset(begun)
    assert 404 == wire.answer(wire.ask("HEAD", f"/v2/{NAME}/blobs/{Digest.of(CARGO)}")).status


def test_a_connection_that_ends_in_a_push_leaves_nothing(wire: Http2Wire) -> None:
    wire.ask("POST", WHOLE, ALL_OF_IT, body=CARGO[:40_000], ends=False)
    wire.socket.close()


def test_forty_pushes_on_one_connection_all_arrive(wire: Http2Wire) -> None:
    """One thread reads their bodies ahead; none gets another's frames."""
    cargoes = [secrets.token_bytes(1000) for _ in range(40)]
    begun = [
        wire.ask("POST", f"/v2/{NAME}/blobs/uploads/?digest={Digest.of(cargo)}", body=cargo[:500], ends=False)
        for cargo in cargoes
    ]
    for stream, cargo in zip(begun, cargoes, strict=True):
        wire.say(stream, cargo[500:], ends=True)
    assert [201] * 40 == [wire.answer(stream).status for stream in begun]
