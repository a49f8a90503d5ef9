"""Garbage is collected without a pause while images come in, are mounted and pulled."""

import secrets
from collections import Counter
from functools import partial
from itertools import count

import pytest

from tests.durability.cargo import Image, image_of
from tests.durability.client import Client, RawWire
from tests.durability.store_view import StoreView
from tests.durability.threads import meanwhile, repeatedly
from tests.journeys.crew import wharf
from wharf.oci.digest import Digest
from wharf.testing.registry_process import RegistryProcess

pytestmark = pytest.mark.slow

SECONDS = 3.0


class Crew:
    """Those who push and pull; each of them makes a connection for each image."""

    def __init__(self, registry: RegistryProcess) -> None:
        self.registry = registry
        self.answers: Counter[str] = Counter()
        self.images: list[tuple[str, str, Image]] = []

    def push_as_docker_does(self, name: str, *shared: bytes) -> None:
        """Each blob is asked for first, and sent only where the answer was no; then the manifest."""
        image, tag = image_of(*shared, secrets.token_bytes(3000)), secrets.token_hex(6)
        with Client(self.registry) as client:
            for blob in image.blobs:
                if not client.has_blob(name, Digest.of(blob)):
                    self._note("blob", client.push(name, blob).status)
            self._publish(client, name, tag, image)

    def mount_and_push(self, source: str, name: str, layer: bytes) -> None:
        image, tag = image_of(layer), secrets.token_hex(6)
        with Client(self.registry) as client:
            if client.mount(name, Digest.of(layer), source).status != 201:
                self._note("blob", client.push(name, layer).status)
            self._note("blob", client.push(name, image.config).status)
            self._publish(client, name, tag, image)

    def pull_some(self) -> None:
        for name, tag, image in self.images[-3:]:
            with Client(self.registry) as client:
                if client.manifest(name, tag).body != image.raw:
                    self.answers["pull of another manifest"] += 1
                for blob in image.blobs:
                    if client.blob(name, Digest.of(blob)).body != blob:
                        self.answers["pull of other bytes"] += 1

    def collect(self, *terms: str) -> None:
        done = wharf("admin", "gc", "--data", self.registry.data, *terms)
        assert done.code == 0, done.err
        self.answers["collections"] += 1

    def _publish(self, client: Client, name: str, tag: str, image: Image) -> None:
        if self._note("manifest", client.put_manifest(name, tag, image.raw).status) == 201:
            self.images.append((name, tag, image))

    def _note(self, step: str, status: int) -> int:
        self.answers[f"{step} {status}"] += 1
        return status


def test_with_a_grace_longer_than_a_push_no_push_and_no_pull_fails(registry: RegistryProcess) -> None:
    """Also not where an image was deleted just before its layers are asked for again, or mounted."""
    crew = Crew(registry)
    shared = secrets.token_bytes(20_000)

    def push_delete_and_push_again() -> None:
        crew.push_as_docker_does("crew/again", shared)
        with Client(registry) as client:
            for name, tag, _ in crew.images[-1:]:
                client.ask("DELETE", f"/v2/{name}/manifests/{tag}")
                crew.images[:] = [image for image in crew.images if image[1] != tag]

    with meanwhile(partial(crew.collect, "--grace", "120s", "--upload-age", "120s", "--untagged", "0s")):
        repeatedly(
            SECONDS,
            partial(crew.push_as_docker_does, "crew/app", shared),
            partial(crew.mount_and_push, "crew/app", "crew/mounted", shared),
            crew.pull_some,
        )
        repeatedly(1, push_delete_and_push_again)
    assert {"blob 201", "manifest 201", "collections"} == crew.answers.keys()
    assert [] == StoreView(registry.data).flaws()


def test_without_any_grace_what_was_acknowledged_as_a_manifest_is_complete(registry: RegistryProcess) -> None:
    """The collector may then take a blob between its push and its manifest: that manifest is refused, never stored."""
    crew = Crew(registry)
    shared = secrets.token_bytes(20_000)
    with meanwhile(partial(crew.collect, "--grace", "0s", "--upload-age", "1h")):
        repeatedly(
            SECONDS,
            partial(crew.push_as_docker_does, "crew/app", shared),
            partial(crew.push_as_docker_does, "crew/app", shared),
            partial(crew.mount_and_push, "crew/app", "crew/mounted", shared),
            crew.pull_some,
        )
    assert crew.images
    assert {"blob 201", "manifest 201", "manifest 404", "collections"} >= crew.answers.keys()
    assert [] == StoreView(registry.data).flaws()


def test_a_blob_can_be_pushed_again_right_after_it_was_collected(registry: RegistryProcess) -> None:
    cargo, serial = secrets.token_bytes(10_000), count()
    for _ in range(4):
        image = image_of(cargo, config=str(next(serial)).encode())
        with Client(registry) as client:
            assert 404 == client.blob("crew/app", Digest.of(cargo)).status
            for blob in image.blobs:
                assert 201 == client.push("crew/app", blob).status
            assert 201 == client.put_manifest("crew/app", "v1", image.raw).status
            assert cargo == client.blob("crew/app", Digest.of(cargo)).body
            assert 202 == client.ask("DELETE", f"/v2/crew/app/manifests/{image.digest}").status
            terms = ("--grace", "0s", "--keep-deleted", "0s")
            assert 0 == wharf("admin", "gc", "--data", registry.data, *terms).code
            assert not client.has_blob("crew/app", Digest.of(cargo))
    assert set() == StoreView(registry.data).files()


def test_a_download_under_way_is_finished_though_its_blob_is_collected(registry: RegistryProcess) -> None:
    cargo = secrets.token_bytes(20 << 20)
    with Client(registry) as client:
        assert 201 == client.push("crew/app", cargo).status
        whole, part = RawWire.to(registry, receive_buffer=65_536), RawWire.to(registry, receive_buffer=65_536)
        whole.say("GET", f"/v2/crew/app/blobs/{Digest.of(cargo)}")
        part.say("GET", f"/v2/crew/app/blobs/{Digest.of(cargo)}", "Range: bytes=1000-")
        answers = whole.heard(), part.heard()
        assert 0 == wharf("admin", "gc", "--data", registry.data, "--grace", "0s").code
        assert set() == StoreView(registry.data).files()
        assert [cargo, cargo[1000:]] == [answer.read() for answer in answers]
        assert not client.has_blob("crew/app", Digest.of(cargo))
    whole.close()
    part.close()


def test_two_collections_at_once_do_not_disturb_each_other(registry: RegistryProcess) -> None:
    """The second is told that one is under way; nothing else happens."""
    codes: list[int] = []

    def collect() -> None:
        codes.append(wharf("admin", "gc", "--data", registry.data, "--grace", "0s").code)

    with Client(registry) as client:
        for _ in range(50):
            assert 201 == client.push("crew/app", secrets.token_bytes(50)).status
    repeatedly(1, collect, collect, collect)
    assert 0 in codes
    assert set() == StoreView(registry.data).files()
