import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from argon2 import Parameters, PasswordHasher, extract_parameters

from tests.registry.conftest import HandClock
from wharf.access.login import Login
from wharf.errors import CredentialRefused, TooManyAttempts
from wharf.metadata.ledger import Ledger
from wharf.metadata.records import AccountKind, NewAccount
from wharf.metadata.sqlite import SqliteMetadata
from wharf.registry.services.identity.password_login import PasswordLogin
from wharf.registry.services.identity.passwords import Passwords

PASSWORD = "correct horse battery"
HOME = "192.0.2.1"


class CountingHasher(PasswordHasher):
    """argon2 with the least of cost, and what it was asked to check against."""

    def __init__(self) -> None:
        super().__init__(time_cost=1, memory_cost=64, parallelism=1)
        self.checked: list[str] = []

    @property
    def checks(self) -> int:
        return len(self.checked)

    def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:  # noqa: A002 - argon2's word
        self.checked.append(str(hash))
        return super().verify(hash, password)


class Door:
    def __init__(self, folder: Path, clock: HandClock, hasher: CountingHasher) -> None:
        self.metadata = SqliteMetadata(folder, forced=False)
        self.hasher = hasher
        self.passwords = Passwords(hasher)
        self.logins = PasswordLogin(self.metadata, self.passwords, clock)
        self.clock = clock
        self.loop = asyncio.new_event_loop()
        self.given(PASSWORD)

    def given(self, password: str) -> None:
        """The account has this password from now on."""
        kept = self.loop.run_until_complete(self.passwords.hashed(password))

        def change(ledger: Ledger) -> None:
            login, now = Login("alice"), self.clock()
            account = ledger.accounts.find(login)
            if account is None:
                ledger.accounts.add(NewAccount(login, AccountKind.USER, password=kept), now)
            else:
                ledger.accounts.set_password(account.id, kept, now)

        self.loop.run_until_complete(self.metadata.write(change))

    def enter(self, name: str, password: str, address: str = HOME) -> str:
        try:
            return str(self.loop.run_until_complete(self.logins.account(name, password, address)).login)
        except (CredentialRefused, TooManyAttempts) as refusal:
            return type(refusal).__name__

    def close(self) -> None:
        self.metadata.close()
        self.loop.close()


@pytest.fixture
def door(tmp_path: Path, clock: HandClock) -> Iterator[Door]:
    made = Door(tmp_path, clock, CountingHasher())
    yield made
    made.close()


def test_the_right_password_opens_whatever_the_capitals_of_the_name(door: Door) -> None:
    assert ["alice", "alice"] == [door.enter("alice", PASSWORD), door.enter(" Alice", PASSWORD)]


@pytest.mark.parametrize("name", ["alice", "nobody", "not a name!", ""])
def test_a_wrong_password_and_an_unknown_name_are_refused_alike(door: Door, name: str) -> None:
    assert ["CredentialRefused"] * 4 + ["TooManyAttempts"] * 2 == [
        door.enter(name, f"wrong {number}") for number in range(6)
    ]


def test_a_check_is_paid_once(door: Door) -> None:
    for _ in range(10):
        door.enter("alice", PASSWORD)
    assert door.hasher.checks == 1


def test_the_same_wrong_password_again_and_again_is_no_guess(door: Door) -> None:
    assert ["CredentialRefused"] * 20 == [door.enter("alice", "an old one") for _ in range(20)]
    assert (1, "alice") == (door.hasher.checks, door.enter("alice", PASSWORD))


def test_what_was_wrong_is_right_when_it_became_the_password(door: Door) -> None:
    assert door.enter("alice", "another one") == "CredentialRefused"
    door.given("another one")
    assert ["alice", "CredentialRefused"] == [door.enter("alice", "another one"), door.enter("alice", PASSWORD)]


def test_who_must_wait_costs_no_check(door: Door) -> None:
    for number in range(20):
        door.enter("alice", f"wrong {number}")
    assert door.hasher.checks == 5


def test_many_at_once_get_no_further_than_one_after_another(door: Door) -> None:
    async def story() -> list[object]:
        guesses = (door.logins.account("alice", f"wrong {number}", HOME) for number in range(50))
        return await asyncio.gather(*guesses, return_exceptions=True)

    door.loop.run_until_complete(story())
    assert door.hasher.checks <= 7


def test_the_same_many_times_at_once_is_checked_once(door: Door) -> None:
    async def story(password: str) -> list[object]:
        logins = (door.logins.account("alice", password, HOME) for _ in range(50))
        return await asyncio.gather(*logins, return_exceptions=True)

    right, wrong = (door.loop.run_until_complete(story(password)) for password in (PASSWORD, "an old one"))
    assert {"alice"} == {str(getattr(each, "login", each)) for each in right}
    assert {CredentialRefused} == {type(each) for each in wrong}
    assert door.hasher.checks <= 4


def test_whoever_knows_the_password_is_let_in_after_the_wait(door: Door, clock: HandClock) -> None:
    for number in range(5):
        door.enter("alice", f"wrong {number}")
    assert door.enter("alice", PASSWORD) == "TooManyAttempts"
    clock.move(1)
    assert door.enter("alice", PASSWORD) == "alice"


def test_a_disabled_account_is_not_let_in(door: Door) -> None:
    def change(ledger: Ledger) -> None:
        account = ledger.accounts.find(Login("alice"))
        assert account is not None
        ledger.accounts.set_disabled(account.id, door.clock())

    door.enter("alice", PASSWORD)
    door.loop.run_until_complete(door.metadata.write(change))
    assert door.enter("alice", PASSWORD) == "CredentialRefused"


def test_who_is_not_known_costs_the_same_check_as_who_is(door: Door) -> None:
    """So that time does not tell which names there are. The check is by far the most of what an answer takes."""
    checked: dict[str, list[Parameters]] = {}
    for name in ("alice", "nobody", "not a name!"):
        door.hasher.checked.clear()
        door.enter(name, "wrong")
        checked[name] = [extract_parameters(kept) for kept in door.hasher.checked]
    assert len(checked["alice"]) == 1
    assert checked["alice"] == checked["nobody"] == checked["not a name!"]
