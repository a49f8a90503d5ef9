"""A blob is deleted while a manifest that names it comes in: one of the two is refused, never both accepted."""

import secrets
from collections import Counter
from functools import partial

import pytest

from tests.durability.cargo import Image, image_of
from tests.durability.client import Client, clients_of_both_workers
from tests.durability.store_view import StoreView
from tests.durability.threads import at_once
from wharf.oci.digest import Digest
from wharf.testing.registry_process import RegistryProcess

pytestmark = pytest.mark.slow

NAME = "crew/app"
TIMES = 120


def test_a_manifest_and_the_deletion_of_its_blob_never_both_succeed(registry: RegistryProcess) -> None:
    outcomes: Counter[tuple[int, int]] = Counter()
    pusher, deleter = clients_of_both_workers(registry)
    with pusher, deleter:
        for number in range(TIMES):
            image = image_of(secrets.token_bytes(100))
            for blob in image.blobs:
                assert 201 == pusher.push(NAME, blob).status
            outcomes[race(pusher, deleter, image, deleter_first=bool(number % 2))] += 1
        assert {(201, 405), (404, 202)} >= outcomes.keys()
        assert [] == StoreView(registry.data).flaws()


def test_a_deleted_blob_is_gone_at_once_and_can_be_pushed_again(registry: RegistryProcess) -> None:
    pusher, deleter = clients_of_both_workers(registry)
    with pusher, deleter:
        cargo = secrets.token_bytes(5000)
        for _ in range(20):
            assert 201 == pusher.push(NAME, cargo).status
            assert deleter.has_blob(NAME, Digest.of(cargo))
            assert 202 == deleter.ask("DELETE", f"/v2/{NAME}/blobs/{Digest.of(cargo)}").status
            assert not pusher.has_blob(NAME, Digest.of(cargo))
            assert not deleter.has_blob(NAME, Digest.of(cargo))
    assert [] == StoreView(registry.data).flaws()


def test_a_mount_and_the_deletion_of_its_source_leave_a_whole_blob_or_none(registry: RegistryProcess) -> None:
    mounter, deleter = clients_of_both_workers(registry)
    with mounter, deleter:
        for number in range(60):
            cargo = secrets.token_bytes(200)
            assert 201 == mounter.push("crew/source", cargo).status
            statuses: dict[str, int] = {}
            at_once(
                [
                    partial(mount, mounter, f"crew/target-{number}", cargo, statuses),
                    partial(delete, deleter, "crew/source", cargo, statuses),
                ]
            )
            assert 202 == statuses["delete"]
            assert (statuses["mount"] == 201) == (mounter.blob(f"crew/target-{number}", Digest.of(cargo)).body == cargo)
    assert [] == StoreView(registry.data).flaws()


def race(pusher: Client, deleter: Client, image: Image, *, deleter_first: bool) -> tuple[int, int]:
    statuses: dict[str, int] = {}

    def push() -> None:
        statuses["manifest"] = pusher.put_manifest(NAME, image.digest, image.raw).status

    take_away = partial(delete, deleter, NAME, image.layers[0], statuses)
    at_once([take_away, push] if deleter_first else [push, take_away])
    return statuses["manifest"], statuses["delete"]


def mount(client: Client, name: str, cargo: bytes, statuses: dict[str, int]) -> None:
    statuses["mount"] = client.mount(name, Digest.of(cargo), "crew/source").status


def delete(client: Client, name: str, cargo: bytes, statuses: dict[str, int]) -> None:
    statuses["delete"] = client.ask("DELETE", f"/v2/{name}/blobs/{Digest.of(cargo)}").status
