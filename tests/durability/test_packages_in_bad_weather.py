"""Packages that are deleted and restored while the registry is shot and its folder tended: each as a whole, or not."""

import random
import sqlite3
import threading
import time
from base64 import b64encode
from collections.abc import Iterator, Mapping
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from tests.durability.cargo import IMAGE_TYPE, Image, image_of
from tests.durability.client import LOST, Client
from tests.durability.store_view import StoreView
from tests.durability.threads import meanwhile, repeatedly
from tests.journeys.crew import wharf
from wharf.oci.digest import Digest
from wharf.registry.http.api.operation import OWN
from wharf.testing.registry_process import RegistryProcess

pytestmark = pytest.mark.slow

PASSWORD = "correct horse"
WHO = {"Authorization": f"Basic {b64encode(f'admin:{PASSWORD}'.encode()).decode()}"}
VERSIONS = 40
NAMES = ("crew/one", "crew/two")
_LOST_FROM_TRASH = (
    "SELECT parts.part FROM deleted_parts AS parts"
    " LEFT JOIN repository_blobs AS held ON held.repository = parts.repository AND held.digest = parts.part"
    " WHERE held.digest IS NULL"
)
_COUNTS = (
    "SELECT (SELECT COUNT(*) FROM manifests WHERE repository = it.id),"
    " (SELECT COUNT(*) FROM tags WHERE repository = it.id),"
    " (SELECT COUNT(*) FROM deleted_manifests WHERE repository = it.id),"
    " (SELECT COUNT(*) FROM audit WHERE target = it.name AND action = 'package.delete'),"
    " (SELECT COUNT(*) FROM audit WHERE target = it.name AND action = 'package.restore')"
    " FROM repositories AS it WHERE it.name = ?"
)


@pytest.fixture
def registry(tmp_path: Path) -> Iterator[RegistryProcess]:
    with RegistryProcess(tmp_path / "data", "--workers", "2", admin_password=PASSWORD) as running:
        with Client(running) as client:
            ask(client, "POST", f"{OWN}/orgs", b'{"login": "crew"}')
            for name in NAMES:
                for number in range(VERSIONS):
                    push(client, name, f"v{number}", image_of(b"a layer of all"))
        yield running


def ask(client: Client, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] = WHO) -> int:
    return client.ask(method, path, body, headers).status


def push(client: Client, name: str, tag: str, image: Image) -> None:
    for blob in image.blobs:
        assert 201 == ask(client, "POST", f"/v2/{name}/blobs/uploads/?digest={Digest.of(blob)}", blob)
    typed = {**WHO, "Content-Type": IMAGE_TYPE}
    assert 201 == ask(client, "PUT", f"/v2/{name}/manifests/{tag}", image.raw, typed)


def flip(registry: RegistryProcess, name: str) -> None:
    """Deleted and restored once; who was shot in between may find it the one way or the other."""
    path = f"/orgs/crew/packages/container/{name.removeprefix('crew/')}"
    with Client(registry) as client:
        assert ask(client, "DELETE", path) in {204, 404}
        assert ask(client, "POST", f"{path}/restore") in {204, 409}


def flaws(registry: RegistryProcess) -> list[str]:
    """What is neither there as a whole nor gone as a whole, or is not what the audit log says."""
    found = StoreView(registry.data).flaws()
    with closing(sqlite3.connect(registry.data / "wharf.db", timeout=120)) as store:
        found += [f"{part} cannot come back" for (part,) in store.execute(_LOST_FROM_TRASH)]
        for name in NAMES:
            there, tags, gone, deletions, restorations = store.execute(_COUNTS, (name,)).fetchone()
            whole = (VERSIONS, VERSIONS, 0) if deletions == restorations else (0, 0, VERSIONS)
            if (there, tags, gone) != whole or deletions - restorations not in {0, 1}:
                found.append(f"{name}: {there} versions, {tags} tags, {gone} gone, {deletions} - {restorations}")
    return found


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_who_is_shot_in_a_deletion_or_a_restoration_has_done_all_of_it_or_nothing(
    registry: RegistryProcess, seed: int
) -> None:
    def until_shot(name: str) -> None:
        try:
            while True:
                flip(registry, name)
        except LOST:
            return

    dice = random.Random(seed)
    for _ in range(3):
        flipping = [threading.Thread(target=until_shot, args=(name,)) for name in NAMES]
        for thread in flipping:
            thread.start()
        time.sleep(dice.uniform(0.1, 0.6))
        registry.kill()
        for thread in flipping:
            thread.join()
        assert [] == flaws(registry)
        registry.start()


def test_what_tends_the_store_beside_deletions_and_restorations_takes_nothing_that_may_come_back(
    registry: RegistryProcess,
) -> None:
    """Garbage collection, rules of retention, and a lost password, while images come in too."""
    with Client(registry) as client:
        assert 201 == ask(client, "POST", f"{OWN}/users", b'{"login": "chief", "administrator": true}')
        rule = b'{"kind": "retention", "keep_newest": 1}'
        assert 201 == ask(client, "POST", f"{OWN}/owners/crew/rules", rule)
    pushed: dict[str, Image] = {}

    def push_one() -> None:
        tag, image = f"t{len(pushed)}", image_of(random.randbytes(3000))
        with Client(registry) as client:
            push(client, "crew/new", tag, image)
        pushed[tag] = image

    def tend() -> None:
        data = ("--data", registry.data)
        collecting = ("gc", "--grace", "60s", "--upload-age", "60s", "--untagged", "0s")
        for words in (collecting, ("retention", "daily"), ("recover", "chief")):
            done = wharf("admin", *words, *data)
            assert 0 == done.code, done.err

    with meanwhile(tend):
        repeatedly(3.0, *(partial(flip, registry, name) for name in NAMES), push_one)
    assert [] == flaws(registry)
    with Client(registry) as client:
        for tag, image in pushed.items():
            assert image.raw == client.ask("GET", f"/v2/crew/new/manifests/{tag}", b"", WHO).body
