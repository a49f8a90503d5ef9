import asyncio
from collections.abc import Iterator
from pathlib import Path

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.registry.conftest import HandClock
from wharf.metadata.sqlite import SqliteMetadata
from wharf.registry.services.clock import system_clock
from wharf.registry.services.identity.signing import LONGEST_LIFE, NotSigned, Signing, renew_key

AGE = 30 * 86_400.0


class Workers:
    """Two workers of one registry."""

    def __init__(self, folder: Path, clock: HandClock) -> None:
        self.stores = [SqliteMetadata(folder, forced=False) for _ in range(2)]
        self.here, self.there = (Signing(store, clock, AGE) for store in self.stores)
        self._clock = clock

    def claims(self, life: int = 300) -> dict[str, object]:
        now = self._clock() // 1000
        return {"sub": "mara", "iat": now, "exp": now + life}

    def signed(self, life: int = 300) -> str:
        return asyncio.run(self.here.signed(self.claims(life)))

    def read(self, token: str) -> str:
        return str(asyncio.run(self.there.claims_of(token)).text("sub"))

    def keys(self) -> int:
        return len(asyncio.run(self.stores[0].read(lambda ledger: ledger.signing_keys.all())))


@pytest.fixture
def workers(tmp_path: Path, clock: HandClock) -> Iterator[Workers]:
    made = Workers(tmp_path, clock)
    yield made
    for store in made.stores:
        store.close()


def test_what_one_worker_signs_another_reads(workers: Workers) -> None:
    assert "mara" == workers.read(workers.signed())


def test_workers_that_begin_at_once_agree_on_a_key(workers: Workers) -> None:
    async def both() -> tuple[str, str]:
        return await asyncio.gather(workers.here.signed(workers.claims()), workers.there.signed(workers.claims()))

    assert 1 == len({jwt.get_unverified_header(token)["kid"] for token in asyncio.run(both())})
    assert 1 == workers.keys()


def test_it_ends(workers: Workers, clock: HandClock) -> None:
    token = workers.signed(300)
    clock.move(299)
    assert "mara" == workers.read(token)
    clock.move(1)
    with pytest.raises(NotSigned):
        workers.read(token)


def test_nothing_lives_longer_than_its_key_is_kept(workers: Workers) -> None:
    with pytest.raises(NotSigned):
        workers.read(workers.signed(LONGEST_LIFE + 1))


def test_an_old_key_proves_what_it_signed_and_is_dropped_then(workers: Workers, clock: HandClock) -> None:
    clock.move(1)
    workers.signed()
    clock.move(AGE - 1)
    token = workers.signed(LONGEST_LIFE)
    clock.move(1)
    workers.signed()
    assert ("mara", 2) == (workers.read(token), workers.keys())
    clock.move(AGE)
    workers.signed()
    assert 2 == workers.keys()


def test_a_key_from_when_the_clock_was_far_ahead_is_not_kept_until_then(workers: Workers, clock: HandClock) -> None:
    clock.move(10 * AGE)
    ahead = jwt.get_unverified_header(workers.signed())["kid"]
    clock.move(-10 * AGE)
    assert ahead != jwt.get_unverified_header(workers.signed())["kid"]
    assert "mara" == workers.read(workers.signed())


def test_a_key_of_somebody_else_proves_nothing(workers: Workers) -> None:
    name = jwt.get_unverified_header(workers.signed())["kid"]
    forged = jwt.encode(workers.claims(), Ed25519PrivateKey.generate(), "EdDSA", {"kid": name})
    with pytest.raises(NotSigned):
        workers.read(forged)


def test_a_new_key_is_used_by_all_at_once(workers: Workers, clock: HandClock) -> None:
    workers.signed()
    name = asyncio.run(workers.stores[1].write(lambda ledger: renew_key(ledger, clock())))
    assert name == jwt.get_unverified_header(workers.signed())["kid"]


@pytest.fixture(scope="module")
def one_for_all(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Signing]:
    store = SqliteMetadata(tmp_path_factory.mktemp("keys"), forced=False)
    yield Signing(store, system_clock, AGE)
    store.close()


@settings(max_examples=50, deadline=None)
@given(text=st.text(max_size=200) | st.from_regex(r"[A-Za-z0-9_-]{0,40}\.[A-Za-z0-9_-]{0,40}\.[A-Za-z0-9_-]{0,40}"))
def test_any_text_is_read_or_refused(one_for_all: Signing, text: str) -> None:
    with pytest.raises(NotSigned):
        asyncio.run(one_for_all.claims_of(text))
