import asyncio
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.registry.conftest import HandClock
from wharf.access.login import Login
from wharf.errors import CredentialRefused, TooManyAttempts
from wharf.metadata.ledger import Ledger
from wharf.metadata.logins import Failures
from wharf.metadata.records import AccountKind, AccountRecord, Moment, NewAccount
from wharf.metadata.sqlite import SqliteMetadata
from wharf.registry.services.identity.attempts import (
    WITH_ACCOUNT,
    WITH_ADDRESS,
    WITH_PAIR,
    Attempt,
    Attempts,
    Patience,
    network_of,
    wait_after,
)

NOW = Moment(1_700_000_000_000)
HOME, ELSEWHERE = "192.0.2.1", "198.51.100.7"


def test_the_wait_begins_after_a_few_and_doubles_up_to_a_quarter_of_an_hour() -> None:
    assert [0, 0, 0, 0, 0, 1, 2, 4] == [Patience(5).wait(failures) for failures in range(8)]
    assert Patience(5).wait(10_000) == 900


@given(st.integers(0, 200))
@settings(max_examples=100, deadline=None)
def test_more_failures_never_shorten_the_wait(failures: int) -> None:
    assert Patience(5).wait(failures) <= Patience(5).wait(failures + 1)


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("-", "-"),
    ],
)
def test_whoever_has_a_network_of_addresses_is_counted_once(address: str, network: str) -> None:
    assert network == network_of(address)


def failed(count: int, *subjects: str, ago: float = 0) -> Mapping[str, Failures]:
    return {subject: Failures(count, Moment(NOW - int(ago * 1000))) for subject in subjects}


def waits(failures: Mapping[str, Failures], *, is_familiar: bool = False) -> int:
    return wait_after(attempt(), failures, NOW, is_familiar=is_familiar)


def attempt(name: str = "alice", address: str = HOME) -> Attempt:
    return Attempt(name, None, address)


def test_what_others_do_from_an_address_or_to_an_account_does_not_touch_who_is_familiar() -> None:
    failures = failed(WITH_ADDRESS.free, attempt().by_address, attempt().by_account)
    assert (1, 0) == (waits(failures), waits(failures, is_familiar=True))


def test_failures_of_the_same_pair_touch_everybody() -> None:
    failures = failed(WITH_PAIR.free, attempt().pair)
    assert (1, 1) == (waits(failures), waits(failures, is_familiar=True))


def test_the_wait_ends_and_an_hour_forgets() -> None:
    pair = attempt().pair
    assert (900, 600, 0) == (
        waits(failed(60, pair)),
        waits(failed(60, pair, ago=300)),
        waits(failed(60, pair, ago=3601)),
    )


def test_a_clock_that_was_set_back_makes_nobody_wait_until_it_is_there_again() -> None:
    pair = attempt().pair
    assert (900, 0) == (waits(failed(60, pair, ago=-60)), waits(failed(60, pair, ago=-86_400)))


def test_a_name_is_not_kept_as_it_was_typed() -> None:
    typed = attempt("my password in the wrong field")
    assert not any("password" in subject for subject in (typed.pair, typed.by_account, typed.by_address))


class Place:
    """A store with one account in it, and what watches over it."""

    def __init__(self, folder: Path, clock: HandClock) -> None:
        self.metadata = SqliteMetadata(folder, forced=False)
        self.attempts = Attempts(self.metadata, clock)
        self.alice = self.asked(_alice)

    def asked(self, change: Callable[[Ledger], AccountRecord]) -> AccountRecord:
        return asyncio.run(self.metadata.write(change))

    def attempt(self, address: str = HOME, name: str = "alice") -> Attempt:
        return Attempt(name, self.alice if name == "alice" else None, address)

    def fails(self, *attempts: Attempt) -> None:
        for each in attempts:
            asyncio.run(self.attempts.failed(each))

    def must_wait(self, attempt: Attempt) -> bool:
        try:
            asyncio.run(self.attempts.require(attempt))
        except TooManyAttempts:
            return True
        return False

    def notes(self) -> list[tuple[str, str]]:
        records = asyncio.run(self.metadata.read(lambda ledger: ledger.audit.page(None, 0, 100)))
        return [(record.entry.action, record.entry.target) for record in records]


def _alice(ledger: Ledger) -> AccountRecord:
    added = ledger.accounts.add(NewAccount(Login("alice"), AccountKind.USER), NOW)
    assert added is not None
    return added


@pytest.fixture
def place(tmp_path: Path, clock: HandClock) -> Place:
    return Place(tmp_path, clock)


def test_after_five_failures_there_is_a_wait_and_it_ends(place: Place, clock: HandClock) -> None:
    place.fails(*[place.attempt()] * WITH_PAIR.free)
    assert place.must_wait(place.attempt())
    clock.move(1)
    assert not place.must_wait(place.attempt())
    place.metadata.close()


def test_a_login_from_home_goes_on_while_others_guess_from_everywhere(place: Place) -> None:
    asyncio.run(place.attempts.succeeded(place.attempt(HOME)))
    place.fails(*(place.attempt(f"203.0.113.{number}") for number in range(WITH_ACCOUNT.free)))
    assert (False, True) == (place.must_wait(place.attempt(HOME)), place.must_wait(place.attempt(ELSEWHERE)))
    place.metadata.close()


def test_whoever_tries_many_names_waits_and_whoever_lives_there_does_not(place: Place) -> None:
    asyncio.run(place.attempts.succeeded(place.attempt(HOME)))
    place.fails(*(place.attempt(HOME, f"name{number}") for number in range(WITH_ADDRESS.free)))
    assert (False, True) == (place.must_wait(place.attempt(HOME)), place.must_wait(place.attempt(HOME, "another")))
    place.metadata.close()


def test_a_success_forgives_what_failed_before_it(place: Place) -> None:
    place.fails(*[place.attempt()] * (WITH_PAIR.free - 1))
    asyncio.run(place.attempts.succeeded(place.attempt()))
    place.fails(place.attempt())
    assert not place.must_wait(place.attempt())
    place.metadata.close()


def test_the_answer_to_a_failure_is_the_same_for_names_that_nobody_has(place: Place) -> None:
    def answers(name: str) -> list[type]:
        return [type(asyncio.run(place.attempts.failed(place.attempt(ELSEWHERE, name)))) for _ in range(WITH_PAIR.free)]

    assert answers("alice") == answers("nobody") == [CredentialRefused] * 4 + [TooManyAttempts]
    place.metadata.close()


def test_the_beginning_of_a_wait_is_noted_once_and_strange_names_are_not_told(place: Place) -> None:
    place.fails(*[place.attempt()] * (WITH_PAIR.free + 3))
    place.fails(*[place.attempt(ELSEWHERE, "hunter2")] * (WITH_PAIR.free + 3))
    assert [("login.fail", "alice"), ("login.fail", "a name that nobody has")] == place.notes()
    place.metadata.close()
