"""What was acknowledged is there, whatever happened to the process; and collecting garbage holds nobody up."""

import http.client
import json
import secrets
import threading
import time
from contextlib import suppress
from pathlib import Path

from tests.journeys.crew import PATIENCE_SECONDS, ask, pull_cargo, push_image, wharf
from wharf.oci.digest import Digest
from wharf.testing.registry_process import RegistryProcess

ROUNDS = 3


def test_what_was_acknowledged_survives_being_shot(registry: RegistryProcess) -> None:
    acknowledged: dict[str, bytes] = {}
    for _ in range(ROUNDS):
        push_once(registry, acknowledged)
        shooter = threading.Timer(secrets.randbelow(300) / 1000, registry.kill)
        shooter.start()
        push_until_shot(registry, acknowledged)
        shooter.join()
        registry.start()
    assert len(acknowledged) >= ROUNDS
    assert {tag: pull_cargo(registry, "crew/storm", tag) for tag in acknowledged} == acknowledged


def test_what_a_shot_registry_left_half_done_is_reclaimed(registry: RegistryProcess) -> None:
    shooter = threading.Timer(0.3, registry.kill)
    shooter.start()
    push_until_shot(registry, {})
    shooter.join()
    registry.start()
    everything = ("--grace", "0s", "--upload-age", "0s", "--untagged", "0s", "--keep-deleted", "0s")
    push_image(registry, "crew/storm", "last", b"last")
    for tag in json.loads(ask(registry, "GET", "/v2/crew/storm/tags/list").body)["tags"]:
        ask(registry, "DELETE", f"/v2/crew/storm/manifests/{tag}")
    assert 0 == wharf("admin", "gc", "--data", registry.data, *everything).code
    left = [path for folder in ("blobs", "uploads") for path in (registry.data / folder).rglob("*") if path.is_file()]
    assert [] == left


def test_an_upload_goes_on_after_the_registry_was_started_again(registry: RegistryProcess) -> None:
    cargo = secrets.token_bytes(300_000)
    connection = http.client.HTTPConnection(registry.host, timeout=PATIENCE_SECONDS)
    place = told(connection, "POST", "/v2/crew/cut/blobs/uploads/", b"", {})["Location"]
    place = told(connection, "PATCH", place, cargo[:100_000], {"Content-Range": "0-99999"})["Location"]
    connection.close()
    registry.kill()
    registry.start()
    connection = http.client.HTTPConnection(registry.host, timeout=PATIENCE_SECONDS)
    assert "0-99999" == told(connection, "GET", place, b"", {})["Range"]
    told(connection, "PATCH", place, cargo[100_000:], {"Content-Range": "100000-299999"})
    digest = Digest.of(cargo)
    told(connection, "PUT", f"{place}?digest={digest}", b"", {})
    connection.close()
    assert cargo == ask(registry, "GET", f"/v2/crew/cut/blobs/{digest}").body


def test_pushes_go_on_while_garbage_is_collected(registry: RegistryProcess) -> None:
    """Until some was: what nothing names is spared for ten seconds, for whoever pushes may be slow."""
    for number in range(20):
        push_image(registry, f"crew/old-{number}", "1.0", secrets.token_bytes(2000))
        ask(registry, "DELETE", f"/v2/crew/old-{number}/manifests/1.0")
    before, end = files_of_blobs(registry), time.monotonic() + PATIENCE_SECONDS
    collections: list[int] = []
    terms = ("--grace", "10s", "--untagged", "0s", "--keep-deleted", "0s")

    def collect() -> None:
        while before <= files_of_blobs(registry) and time.monotonic() < end:
            collections.append(wharf("admin", "gc", "--data", registry.data, *terms).code)

    collector = threading.Thread(target=collect)
    collector.start()
    pushed: dict[str, bytes] = {}
    while collector.is_alive():
        cargo = secrets.token_bytes(1000)
        push_image(registry, "crew/new", cargo.hex()[:12], cargo)
        pushed[cargo.hex()[:12]] = cargo
    assert {0} == set(collections)
    assert not before <= files_of_blobs(registry)
    assert {tag: pull_cargo(registry, "crew/new", tag) for tag in pushed} == pushed


def files_of_blobs(registry: RegistryProcess) -> set[Path]:
    return set((registry.data / "blobs").rglob("*.*"))


def push_until_shot(registry: RegistryProcess, acknowledged: dict[str, bytes]) -> None:
    with suppress(OSError, http.client.HTTPException):
        while True:
            push_once(registry, acknowledged)


def push_once(registry: RegistryProcess, acknowledged: dict[str, bytes]) -> None:
    cargo = secrets.token_bytes(5000)
    tag = cargo.hex()[:12]
    push_image(registry, "crew/storm", tag, cargo)
    acknowledged[tag] = cargo


def told(
    connection: http.client.HTTPConnection, method: str, path: str, body: bytes, headers: dict[str, str]
) -> http.client.HTTPMessage:
    connection.request(method, path, body, headers)
    answer = connection.getresponse()
    said = answer.read()
    assert answer.status < 300, said
    return answer.headers
