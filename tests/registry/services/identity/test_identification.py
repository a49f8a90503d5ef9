import asyncio
import base64
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.cases import each
from tests.registry.conftest import HandClock
from wharf.errors import CredentialRefused
from wharf.metadata.ledger import Ledger
from wharf.metadata.sqlite import SqliteMetadata
from wharf.registry.services.identity.docker_tokens import SignedDoor
from wharf.registry.services.identity.first_start import ADMINISTRATOR, ensure_administrator
from wharf.registry.services.identity.identification import GuardedDoor
from wharf.registry.services.identity.password_login import PasswordLogin
from wharf.registry.services.identity.passwords import Passwords
from wharf.registry.services.identity.signing import Signing
from wharf.testing.registry import basic

PASSWORD = "correct horse"
HEADER = basic("admin", PASSWORD)


class SlowHasher(PasswordHasher):
    """Counts how often it is asked; `meanwhile` happens while it works."""

    def __init__(self) -> None:
        super().__init__(time_cost=1, memory_cost=64, parallelism=1)
        self.asked = 0
        self.meanwhile: Callable[[], None] = lambda: None

    def verify(self, hash: str | bytes, password: str | bytes):  # type: ignore[no-untyped-def]  # noqa: A002
        self.asked += 1
        self.meanwhile()
        return super().verify(hash, password)


class Door:
    def __init__(self, folder: Path, clock: HandClock) -> None:
        self.hasher = SlowHasher()
        self.metadata = SqliteMetadata(folder, forced=False)
        self.other = SqliteMetadata(folder, forced=False)
        passwords = Passwords(self.hasher)
        signed = SignedDoor(self.metadata, Signing(self.metadata, clock, 1e6), clock, None)
        self._door = GuardedDoor(self.metadata, PasswordLogin(self.metadata, passwords, clock), clock, signed)
        asyncio.run(ensure_administrator(self.metadata, passwords, clock, PASSWORD))

    def name(self, header: str | None = HEADER, address: str = "192.0.2.1") -> str | None:
        caller = asyncio.run(self._door.identify(header, address))
        assert address == caller.address
        return caller.name

    def close(self) -> None:
        self.metadata.close()
        self.other.close()

    def disable(self, ledger: Ledger) -> None:
        account = ledger.accounts.find(ADMINISTRATOR)
        assert account is not None
        ledger.accounts.set_disabled(account.id, account.created_at)
        ledger.counters.access_changed()


@pytest.fixture
def door(tmp_path: Path, clock: HandClock) -> Iterator[Door]:
    made = Door(tmp_path, clock)
    yield made
    made.close()


@pytest.fixture(scope="module")
def one_door_for_all(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    made = Door(tmp_path_factory.mktemp("door"), HandClock())
    yield made
    made.close()


def test_a_password_is_checked_once(door: Door) -> None:
    assert ["admin"] * 3 == [door.name(), door.name(), door.name(address="192.0.2.2")]
    assert 1 == door.hasher.asked


def test_it_is_not_checked_again_because_something_else_changed(door: Door) -> None:
    door.name()
    asyncio.run(door.other.write(lambda ledger: ledger.counters.access_changed()))
    assert "admin" == door.name()
    assert 1 == door.hasher.asked


def test_what_another_worker_changed_counts_at_the_next_request(door: Door) -> None:
    door.name()
    asyncio.run(door.other.write(door.disable))
    with pytest.raises(CredentialRefused):
        door.name()


def test_what_changes_while_a_password_is_checked_counts(door: Door) -> None:
    door.hasher.meanwhile = lambda: asyncio.run(door.other.write(door.disable))
    with pytest.raises(CredentialRefused):
        door.name()


def test_without_a_header_it_is_anybody(door: Door) -> None:
    assert None is door.name(None)


@each(
    "header",
    [
        "",
        "Basic",
        "Basic !!!",
        "Basic " + base64.b64encode(b"no colon").decode(),
        "Basic " + base64.b64encode(b"\xff:\xff").decode(),
        "Digest a=b",
        "Bearer",
        "Bearer ",
        "Bearer a.b.c",
        "Bearer " + "a" * 20_000,
        "token x",
        "\x00",
        "Negotiate é",
    ],
)
def test_a_bad_credential_is_never_taken_for_none(door: Door, header: str) -> None:
    with pytest.raises(CredentialRefused):
        door.name(header)


@settings(max_examples=50, deadline=None)
@given(scheme=st.sampled_from(["Basic ", "Bearer ", "token ", ""]), text=st.text(max_size=60))
def test_any_text_is_refused_and_nothing_worse(one_door_for_all: Door, scheme: str, text: str) -> None:
    with pytest.raises(CredentialRefused):
        one_door_for_all.name(scheme + text)


def test_the_word_for_the_scheme_may_be_written_in_capitals(door: Door) -> None:
    assert "admin" == door.name(HEADER.replace("Basic", "BASIC"))
