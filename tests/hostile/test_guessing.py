"""Whoever guesses passwords, against a real registry with two workers: they wait, and nobody else does."""

import base64
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.hostile.raw import DEADLINE
from wharf.testing.registry_process import RegistryProcess

pytestmark = pytest.mark.slow

PASSWORD = "correct horse battery"
TOKENS = "/api/wharf/v1/tokens"


@pytest.fixture
def registry(tmp_path: Path) -> Iterator[RegistryProcess]:
    with RegistryProcess(tmp_path / "data", "--workers", "2", admin_password=PASSWORD) as running:
        yield running


def basic(password: str) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"admin:{password}".encode()).decode()}


def guess(registry: RegistryProcess, password: str) -> httpx.Response:
    """Over a line of its own, so that any worker may answer."""
    return httpx.get(f"{registry.url}/v2/", headers=basic(password), timeout=DEADLINE)


def guess_at_the_token_service(registry: RegistryProcess, password: str) -> httpx.Response:
    form = {"grant_type": "password", "username": "admin", "password": password, "service": registry.host}
    return httpx.post(f"{registry.url}/token", data=form, timeout=DEADLINE)


def test_workers_count_together_at_whichever_door(registry: RegistryProcess) -> None:
    doors = (guess, guess_at_the_token_service)
    answers = [doors[number % 2](registry, f"guess {number}") for number in range(8)]
    assert [401] * 4 + [429] * 4 == [answer.status_code for answer in answers]
    assert all(int(answer.headers["retry-after"]) >= 1 for answer in answers[4:])


def test_the_wait_is_as_long_as_it_says(registry: RegistryProcess) -> None:
    for number in range(4):
        guess(registry, f"guess {number}")
    begun = time.monotonic()
    wait = int(guess(registry, "guess 4").headers["retry-after"])
    assert guess(registry, PASSWORD).status_code == 429 or time.monotonic() > begun + wait
    time.sleep(wait)
    assert guess(registry, PASSWORD).status_code == 200


def test_a_token_is_heard_while_the_password_is_not(registry: RegistryProcess) -> None:
    wish = {"scopes": ["read:packages"]}
    made = httpx.post(registry.url + TOKENS, headers=basic(PASSWORD), json=wish, timeout=DEADLINE).json()
    for number in range(8):
        guess(registry, f"guess {number}")
    answer = httpx.get(f"{registry.url}/v2/", headers=basic(made["token"]), timeout=DEADLINE)
    assert answer.status_code == 200


def test_whoever_is_in_stays_in(registry: RegistryProcess) -> None:
    """On one line: the other worker has not heard the password, and the client would end an idle line by itself."""
    kept = httpx.Limits(keepalive_expiry=None)
    with httpx.Client(base_url=registry.url, headers=basic(PASSWORD), timeout=DEADLINE, limits=kept) as client:
        assert client.get("/v2/").status_code == 200
        for number in range(8):
            guess(registry, f"guess {number}")
        assert client.get("/v2/").status_code == 200


def test_a_client_with_an_old_password_locks_nobody_out(registry: RegistryProcess) -> None:
    """As a cluster does, that goes on with the secret that it has."""
    assert {401} == {guess(registry, "the old password").status_code for _ in range(20)}
    assert guess(registry, PASSWORD).status_code == 200
