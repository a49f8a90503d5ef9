"""kill -9 in the middle of a storm of pushes: what was acknowledged is there, and nothing is half there."""

import random
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from tests.durability.cargo import image_of
from tests.durability.client import LOST, Client
from tests.durability.processes import eventually
from tests.durability.store_view import StoreView
from tests.journeys.crew import wharf
from wharf.oci.digest import Digest
from wharf.testing.registry_process import RegistryProcess

pytestmark = pytest.mark.slow

PUSHERS = 6


@dataclass(slots=True)
class Promises:
    """What the registry has acknowledged to one pusher; and where its moving tag may stand, answered or not."""

    blobs: dict[Digest, bytes] = field(default_factory=dict)
    manifests: dict[Digest, bytes] = field(default_factory=dict)
    tags: dict[str, Digest] = field(default_factory=dict)
    moving: list[Digest] = field(default_factory=list)


class Pusher(threading.Thread):
    """Pushes images in every way there is, until the registry is gone."""

    def __init__(self, registry: RegistryProcess, number: int, seed: int) -> None:
        super().__init__()
        self.registry = registry
        self.repository = f"storm/{number % 3}"
        self.number = number
        self.dice = random.Random(seed * 1000 + number)
        self.promised = Promises()

    def run(self) -> None:
        try:
            with Client(self.registry) as client:
                for serial in range(10_000):
                    self._push_image(client, serial)
        except LOST:
            return

    def _push_image(self, client: Client, serial: int) -> None:
        layers = [self.dice.randbytes(self.dice.choice((10, 4096, 70_000, 2 << 20))) for _ in range(2)]
        image = image_of(*layers, config=self.dice.randbytes(50))
        for blob in image.blobs:
            self.dice.choice((self._in_one, self._in_two, self._in_chunks))(client, blob)
            self.promised.blobs[Digest.of(blob)] = blob
        self.promised.moving.append(image.digest)
        tag, moving = f"{self.number}-{serial}", f"moving-{self.number}"
        if self.dice.random() < 0.5:
            expect(201, client.put_manifest(self.repository, image.digest, image.raw, (tag, moving)).status)
        else:
            expect(201, client.put_manifest(self.repository, moving, image.raw).status)
            expect(201, client.put_manifest(self.repository, tag, image.raw).status)
        self.promised.manifests[image.digest] = image.raw
        self.promised.tags[tag] = image.digest
        self.promised.moving[:] = [image.digest]

    def _in_one(self, client: Client, blob: bytes) -> None:
        expect(201, client.push(self.repository, blob).status)

    def _in_two(self, client: Client, blob: bytes) -> None:
        expect(201, client.finish(client.begin(self.repository), Digest.of(blob), blob).status)

    def _in_chunks(self, client: Client, blob: bytes) -> None:
        place, middle = client.begin(self.repository), len(blob) // 2
        expect(202, client.append(place, blob[:middle], 0).status)
        expect(202, client.append(place, blob[middle:], middle).status)
        expect(201, client.finish(place, Digest.of(blob)).status)


class Collector(threading.Thread):
    """`wharf admin gc` again and again, until it is shot."""

    def __init__(self, registry: RegistryProcess) -> None:
        super().__init__()
        terms = ("--grace", "30s", "--upload-age", "30s", "--untagged", "0s", "--keep-deleted", "0s")
        self._command = [sys.executable, "-m", "wharf", "admin", "gc", "--data", str(registry.data), *terms]
        self._over = threading.Event()
        self._running: subprocess.Popen[bytes] | None = None

    def run(self) -> None:
        while not self._over.is_set():
            self._running = subprocess.Popen(self._command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            self._running.wait()

    def shoot(self) -> None:
        self._over.set()
        if self._running is not None:
            self._running.kill()
        self.join()


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_what_was_acknowledged_survives_and_nothing_is_half_there(registry: RegistryProcess, seed: int) -> None:
    pushers = [Pusher(registry, number, seed) for number in range(PUSHERS)]
    for pusher in pushers:
        pusher.start()
    assert eventually(lambda: any(pusher.promised.manifests for pusher in pushers))
    time.sleep(random.Random(seed).uniform(0.0, 0.6))
    registry.kill()
    for pusher in pushers:
        pusher.join()

    registry.start()
    store = StoreView(registry.data)
    assert [] == store.flaws()
    with Client(registry) as client:
        assert [] == [broken for pusher in pushers for broken in broken_promises(client, pusher)]

    collected = wharf("admin", "gc", "--data", registry.data, "--grace", "0s", "--upload-age", "0s")
    assert 0 == collected.code, collected.err
    assert store.known_files() == store.files()
    assert [] == store.uploads()
    assert [] == store.flaws()
    with Client(registry) as client:
        assert [] == [broken for pusher in pushers for broken in broken_images(client, pusher)]


@pytest.mark.parametrize("seed", [5, 6])
def test_a_garbage_collection_that_is_shot_too_leaves_nothing_half_done(registry: RegistryProcess, seed: int) -> None:
    """The collector takes all it may while images come and go; then everything is shot."""
    pushers = [Pusher(registry, number, seed) for number in range(3)]
    collector = Collector(registry)
    for thread in (*pushers, collector):
        thread.start()
    assert eventually(lambda: any(pusher.promised.manifests for pusher in pushers))
    time.sleep(random.Random(seed).uniform(0.5, 1.1))
    registry.kill()
    collector.shoot()
    for pusher in pushers:
        pusher.join()
    assert [] == StoreView(registry.data).flaws()
    registry.start()
    with Client(registry) as client:
        assert [] == [broken for pusher in pushers for broken in broken_images(client, pusher)]


def broken_promises(client: Client, pusher: Pusher) -> Iterator[str]:
    for digest, content in pusher.promised.blobs.items():
        if client.blob(pusher.repository, digest).body != content:
            yield f"blob {digest}"
    yield from broken_images(client, pusher)
    moving = client.manifest(pusher.repository, f"moving-{pusher.number}")
    if pusher.promised.tags and Digest.of(moving.body) not in pusher.promised.moving:
        yield f"moving-{pusher.number} is neither where it was put last nor where it was about to be put"


def broken_images(client: Client, pusher: Pusher) -> Iterator[str]:
    for digest, raw in pusher.promised.manifests.items():
        if client.manifest(pusher.repository, digest).body != raw:
            yield f"manifest {digest}"
    for tag, digest in pusher.promised.tags.items():
        if Digest.of(client.manifest(pusher.repository, tag).body) != digest:
            yield f"tag {tag}"


def expect(wanted: int, got: int) -> None:
    assert wanted == got
