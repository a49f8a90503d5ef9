"""From the first push to the last byte that is reclaimed, as one who runs the registry lives it."""

import json
import secrets

from tests.journeys.crew import ask, ask_for_json, pull_cargo, push_image, wharf
from wharf.testing.registry_process import RegistryProcess

FOR_GOOD = ("--keep-deleted", "0s")


def test_an_image_is_pushed_pulled_missed_deleted_and_reclaimed(registry: RegistryProcess) -> None:
    tea, coffee = secrets.token_bytes(100_000), secrets.token_bytes(200_000)

    pushed = push_image(registry, "crew/cargo", "sha-453a654", tea)
    push_image(registry, "crew/cargo", "stable", coffee)
    assert {"name": "crew/cargo", "tags": ["sha-453a654", "stable"]} == ask_for_json(
        registry, "/v2/crew/cargo/tags/list"
    )
    assert tea == pull_cargo(registry, "crew/cargo", "sha-453a654")
    assert tea == pull_cargo(registry, "crew/cargo", str(pushed.digest))

    missed = ask(registry, "GET", "/v2/crew/cargo/manifests/453a6545")
    assert 404 == missed.status
    assert "the nearest is sha-453a654, pushed" in missed.told

    assert 202 == ask(registry, "DELETE", f"/v2/crew/cargo/manifests/{pushed.digest}").status
    assert 404 == ask(registry, "HEAD", "/v2/crew/cargo/manifests/sha-453a654").status
    assert ["stable"] == ask_for_json(registry, "/v2/crew/cargo/tags/list")["tags"]

    spared = wharf("admin", "gc", "--data", registry.data, "--grace", "0s", "--dry-run")
    assert "nothing to reclaim" in spared.out  # for a month it can come back
    rehearsed = wharf("admin", "gc", "--data", registry.data, "--grace", "0s", "--dry-run", "--json", *FOR_GOOD)
    assert 200 == ask(registry, "GET", "/readyz").status
    done = wharf("admin", "gc", "--data", registry.data, "--grace", "0s", "--json", *FOR_GOOD)
    promised, kept = json.loads(rehearsed.out), json.loads(done.out)
    assert promised["kinds"] == kept["kinds"]
    assert 2 == kept["kinds"]["blob"]["count"]
    assert kept["bytes"] > len(tea)
    assert len(coffee) < bytes_on_disk(registry) < len(coffee) + 1000

    assert 0 == registry.stop()
    registry.start()
    assert coffee == pull_cargo(registry, "crew/cargo", "stable")
    assert 404 == ask(registry, "HEAD", "/v2/crew/cargo/manifests/sha-453a654").status


def test_an_image_that_is_pushed_again_after_it_was_reclaimed_is_whole(registry: RegistryProcess) -> None:
    cargo = secrets.token_bytes(50_000)
    pushed = push_image(registry, "crew/again", "1.0", cargo)
    ask(registry, "DELETE", f"/v2/crew/again/manifests/{pushed.digest}")
    wharf("admin", "gc", "--data", registry.data, "--grace", "0s", *FOR_GOOD)
    assert 0 == bytes_on_disk(registry)
    assert pushed == push_image(registry, "crew/again", "1.0", cargo)
    assert cargo == pull_cargo(registry, "crew/again", "1.0")


def test_a_misspelt_repository_is_answered_with_the_nearest(registry: RegistryProcess) -> None:
    push_image(registry, "crew/lighthouse", "1.0", b"light")
    missed = ask(registry, "GET", "/v2/crew/lighthose/tags/list")
    assert 404 == missed.status
    assert "the nearest is crew/lighthouse" in missed.told


def bytes_on_disk(registry: RegistryProcess) -> int:
    return sum(path.stat().st_size for path in (registry.data / "blobs").rglob("*") if path.is_file())
