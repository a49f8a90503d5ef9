import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.registry.conftest import HandClock
from wharf.access.login import Login
from wharf.access.permission import ALL
from wharf.access.secret_text import SecretKind, SecretText
from wharf.metadata.ledger import Ledger
from wharf.metadata.records import AccountKind, Moment, NewAccount, NewToken, TokenId
from wharf.metadata.sqlite import SqliteMetadata
from wharf.registry.services.access import Caller
from wharf.registry.services.identity.token_use import TokenUse
from wharf.testing.registry import InProcessRegistry

HOME, ELSEWHERE = "192.0.2.1", "198.51.100.7"
END = Moment(1 << 50)


class Place:
    """A store with one token, and who notes its use."""

    def __init__(self, folder: Path, clock: HandClock) -> None:
        self.metadata = SqliteMetadata(folder, forced=False)
        self.use = TokenUse(self.metadata, clock, batch_seconds=0.05)
        self.token = asyncio.run(self.metadata.write(_one_token))

    def seen(self, *addresses: str, token: TokenId | None = None, closes: bool = True) -> None:
        async def story() -> None:
            for address in addresses:
                self.use.seen(Caller(name="alice", token=token or self.token, address=address))
            if closes:
                await self.use.close()

        asyncio.run(story())

    @property
    def last(self) -> tuple[Moment | None, str | None]:
        return asyncio.run(self.metadata.read(_last_use_of(self.token)))


def _last_use_of(token: TokenId) -> Callable[[Ledger], tuple[Moment | None, str | None]]:
    def asked(ledger: Ledger) -> tuple[Moment | None, str | None]:
        found = ledger.tokens.get(token)
        assert found is not None
        return found.last_used_at, found.last_used_from

    return asked


def _one_token(ledger: Ledger) -> TokenId:
    account = ledger.accounts.add(NewAccount(Login("alice"), AccountKind.USER), Moment(0))
    assert account is not None
    secret = SecretText.new(SecretKind.PERSONAL)
    return ledger.tokens.add(NewToken(account.id, secret, "", ALL, END), Moment(0)).id


@pytest.fixture
def place(tmp_path: Path, clock: HandClock) -> Iterator[Place]:
    made = Place(tmp_path, clock)
    yield made
    made.metadata.close()


def test_a_use_is_written_down_when_the_registry_stops(place: Place, clock: HandClock) -> None:
    place.seen(HOME)
    assert place.last == (clock.now, HOME)


def test_a_use_is_written_down_a_moment_later_beside_the_requests(place: Place, clock: HandClock) -> None:
    async def story() -> None:
        place.use.seen(Caller(name="alice", token=place.token, address=HOME))
        async with asyncio.timeout(60):
            while (await place.metadata.read(_last_use_of(place.token)))[0] is None:
                await asyncio.sleep(0.01)

    asyncio.run(story())
    assert place.last == (clock.now, HOME)


def test_within_a_minute_nothing_more_is_written(place: Place, clock: HandClock) -> None:
    place.seen(HOME)
    before = place.last
    clock.move(59)
    place.seen(ELSEWHERE)
    assert before == place.last


def test_after_a_minute_it_is_written_again(place: Place, clock: HandClock) -> None:
    place.seen(HOME)
    clock.move(60)
    place.seen(ELSEWHERE)
    assert place.last == (clock.now, ELSEWHERE)


def test_a_use_after_the_clock_was_set_forward_and_back_is_written(place: Place, clock: HandClock) -> None:
    place.seen(HOME, closes=False)
    clock.move(-86_400)
    place.seen(ELSEWHERE)
    assert place.last == (clock.now, ELSEWHERE)


def test_a_password_uses_no_token(place: Place) -> None:
    place.use.seen(Caller(name="alice", address=HOME))
    place.seen()
    assert place.last == (None, None)


def test_whoever_looks_at_the_list_sees_from_where_a_token_was_used(tmp_path: Path) -> None:
    with InProcessRegistry(tmp_path, admin_password="correct horse") as registry:
        made = registry.request("POST", "/api/wharf/v1/tokens", b'{"scopes": ["read:packages"]}').json()
        with registry.acting(f"Bearer {made['token']}"):
            registry.request("GET", "/v2/")
    with InProcessRegistry(tmp_path, admin_password="correct horse") as registry:
        (listed,) = registry.request("GET", "/api/wharf/v1/tokens").json()
        assert ("127.0.0.1", True) == (listed["last_used_from"], listed["last_used_at"] is not None)
