"""Many who push the same thing at the same moment: all are served, and one copy stays."""

import asyncio
import secrets
from functools import partial

import pytest

from tests.durability.cargo import Image, image_of
from tests.durability.client import Client
from tests.durability.store_view import StoreView
from tests.durability.threads import at_once
from tests.journeys.crew import wharf
from wharf.metadata.ledger import Ledger
from wharf.metadata.records import TagEvent
from wharf.metadata.sqlite import SqliteMetadata
from wharf.oci.digest import Digest
from wharf.oci.reference import RepositoryName, Tag
from wharf.testing.registry_process import RegistryProcess

pytestmark = pytest.mark.slow

NAME = "crew/app"


@pytest.mark.parametrize(("pushers", "size"), [(2, 3 << 20), (16, 70_000)])
def test_the_same_blob_from_many_at_once(registry: RegistryProcess, pushers: int, size: int) -> None:
    store = StoreView(registry.data)
    for number in range(3):
        cargo = secrets.token_bytes(size)
        at_once([partial(push_either_way, registry, f"crew/{number}", cargo, turn) for turn in range(pushers)])
        with Client(registry) as client:
            assert cargo == client.blob(f"crew/{number}", Digest.of(cargo)).body
            assert 201 == client.put_manifest(f"crew/{number}", "kept", image_of(config=cargo).raw).status
    assert [] == store.uploads()
    assert 0 == wharf("admin", "gc", "--data", registry.data, "--grace", "0s").code
    assert store.known_files() == store.files()
    assert 3 == len(store.files())
    assert [] == store.flaws()


def test_the_same_blob_into_many_repositories_at_once(registry: RegistryProcess) -> None:
    cargo = secrets.token_bytes(50_000)
    at_once([partial(push_either_way, registry, f"crew/{turn}", cargo, turn) for turn in range(16)])
    with Client(registry) as client:
        assert {True} == {client.has_blob(f"crew/{turn}", Digest.of(cargo)) for turn in range(16)}
    assert [] == StoreView(registry.data).flaws()


def test_of_two_pushes_of_one_tag_both_are_remembered_and_the_last_counts(registry: RegistryProcess) -> None:
    for number in range(10):
        images = [image_of() for _ in range(4)]
        with Client(registry) as client:
            for image in images:
                assert 201 == client.push(NAME, image.config).status
        at_once([partial(put, registry, image, f"v{number}") for image in images])
        events = history(registry, f"v{number}")
        assert {image.digest for image in images} == {event.digest for event in events}
        assert [event.previous for event in events] == [*[event.digest for event in events[1:]], None]
        with Client(registry) as client:
            assert events[0].digest == Digest.of(client.manifest(NAME, f"v{number}").body)


def push_either_way(registry: RegistryProcess, name: str, cargo: bytes, turn: int) -> None:
    with Client(registry) as client:
        if turn % 2:
            assert 201 == client.push(name, cargo).status
        else:
            assert 201 == client.finish(client.begin(name), Digest.of(cargo), cargo).status


def put(registry: RegistryProcess, image: Image, tag: str) -> None:
    with Client(registry) as client:
        assert 201 == client.put_manifest(NAME, tag, image.raw).status


def history(registry: RegistryProcess, tag: str) -> list[TagEvent]:
    """The latest first."""

    def question(ledger: Ledger) -> list[TagEvent]:
        repository = ledger.repositories.find(RepositoryName(NAME))
        assert repository is not None
        return ledger.tags.history(repository, Tag(tag), 100)

    metadata = SqliteMetadata(registry.data)
    try:
        return asyncio.run(metadata.read(question))
    finally:
        metadata.close()
