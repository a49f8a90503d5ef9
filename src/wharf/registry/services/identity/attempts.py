"""Attempts to log in with a password: how many may fail, and how long to wait then.

Failures are counted three ways, and each way has its own patience:

    this account from this address      a few; then the wait doubles, up to a quarter of an hour
    this address, whatever the account  some dozens: whoever tries many names
    this account, from anywhere         some dozens: whoever tries from many addresses

From where an account has logged in before, only the first counts: somebody else's failures lock nobody out. A name that
nobody has is counted like any other, so that the answer tells nobody which names there are.
"""

import hashlib
import ipaddress
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from wharf.errors import CredentialRefused, TooManyAttempts
from wharf.metadata.ledger import Ledger
from wharf.metadata.logins import Failures
from wharf.metadata.records import AccountRecord, Moment
from wharf.metadata.store import MetadataStore
from wharf.registry.services.access import Caller
from wharf.registry.services.clock import Clock
from wharf.registry.services.happenings import Happening, note

_LONGEST_WAIT: Final = 15 * 60
_FORGOTTEN_AFTER: Final = 60 * 60 * 1000
_STRANGE_AFTER: Final = 180 * 86_400 * 1000
_SEEN_AGAIN_AFTER: Final = 86_400 * 1000
SWEEP_EVERY: Final = 200
_NETWORK_BITS: Final = 64
"""Of an IPv6 address: what is behind them belongs to one customer, who may choose it anew for each attempt."""


@dataclass(frozen=True, slots=True)
class Patience:
    """`free`: how many may fail before anybody has to wait."""

    free: int

    def wait(self, failures: int) -> int:
        """In seconds, from the latest failure on."""
        over = failures - self.free
        return 0 if over < 0 else min(_LONGEST_WAIT, 1 << min(over, 30))


WITH_PAIR: Final = Patience(5)
WITH_ADDRESS: Final = Patience(50)
WITH_ACCOUNT: Final = Patience(50)


@dataclass(frozen=True, slots=True)
class Attempt:
    """`name` as it was typed; `account` None where nobody has that name."""

    name: str
    account: AccountRecord | None
    address: str

    @property
    def pair(self) -> str:
        return f"pair {_digest(self.name)} {self.network}"

    @property
    def by_address(self) -> str:
        return f"address {self.network}"

    @property
    def by_account(self) -> str:
        return f"account {_digest(self.name)}"

    @property
    def network(self) -> str:
        return network_of(self.address)


def network_of(address: str) -> str:
    """Whoever has one address of it has them all."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv4Address):
        return str(parsed)
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.ip_network((int(parsed), _NETWORK_BITS), strict=False))


def wait_after(attempt: Attempt, failures: Mapping[str, Failures], now: Moment, *, is_familiar: bool) -> int:
    """How many seconds are still to be waited before this attempt is heard."""
    patience = {attempt.pair: WITH_PAIR}
    if not is_familiar:
        patience |= {attempt.by_address: WITH_ADDRESS, attempt.by_account: WITH_ACCOUNT}
    return max((still_to_wait(failures.get(subject), each, now) for subject, each in patience.items()), default=0)


def still_to_wait(failures: Failures | None, patience: Patience, now: Moment) -> int:
    """In seconds."""
    if failures is None or abs(now - failures.latest) > _FORGOTTEN_AFTER:  # far ahead where the clock was set back
        return 0
    whole = patience.wait(failures.count)
    passed = max(0, now - failures.latest)
    return max(0, -(-(whole * 1000 - passed) // 1000))


class Attempts:
    def __init__(self, metadata: MetadataStore, clock: Clock) -> None:
        self._metadata = metadata
        self._clock = clock
        self._failed = 0

    async def require(self, attempt: Attempt) -> None:
        """Raises TooManyAttempts where it must not be heard yet."""
        now = self._clock()
        wait = await self._metadata.read(
            lambda ledger: _wait(ledger, attempt, now, is_familiar=_last_seen(ledger, attempt) is not None)
        )
        if wait:
            raise TooManyAttempts(wait)

    async def succeeded(self, attempt: Attempt) -> None:
        """Writes only what is new: that it failed no more, or that this account comes from there."""
        account, now = attempt.account, self._clock()
        if account is None or not await self._metadata.read(lambda ledger: _is_news(ledger, attempt, now)):
            return

        def change(ledger: Ledger) -> None:
            if ledger.accounts.get(account.id) is None:
                return
            ledger.logins.forgive(attempt.pair)
            ledger.logins.seen(account.id, attempt.network, now, Moment(now - _STRANGE_AFTER))

        await self._metadata.write(change)

    async def failed(self, attempt: Attempt) -> CredentialRefused | TooManyAttempts:
        """What to answer: the same to whoever comes from a familiar place as to a stranger."""
        now = self._clock()
        self._failed += 1
        sweeps = self._failed % SWEEP_EVERY == 0

        def change(ledger: Ledger) -> int:
            count_failure(ledger, (attempt.pair, attempt.by_address, attempt.by_account), now, sweeps=sweeps)
            _note_if_grave(ledger, attempt, now)
            return _wait(ledger, attempt, now, is_familiar=False)

        wait = await self._metadata.write(change)
        return TooManyAttempts(wait) if wait else CredentialRefused()


def count_failure(ledger: Ledger, subjects: Iterable[str], now: Moment, *, sweeps: bool) -> None:
    """`sweeps`: with this one, those of long ago are forgotten."""
    anew_after = Moment(now - _FORGOTTEN_AFTER)
    if sweeps:
        ledger.logins.forget_failures(anew_after)
    for subject in subjects:
        ledger.logins.failed(subject, now, anew_after)


def _wait(ledger: Ledger, attempt: Attempt, now: Moment, *, is_familiar: bool) -> int:
    return wait_after(attempt, _failures(ledger, attempt), now, is_familiar=is_familiar)


def _failures(ledger: Ledger, attempt: Attempt) -> Mapping[str, Failures]:
    return ledger.logins.failures((attempt.pair, attempt.by_address, attempt.by_account))


def _last_seen(ledger: Ledger, attempt: Attempt) -> Moment | None:
    return ledger.logins.last_seen(attempt.account.id, attempt.network) if attempt.account else None


def _is_news(ledger: Ledger, attempt: Attempt, now: Moment) -> bool:
    seen = _last_seen(ledger, attempt)
    return seen is None or seen < now - _SEEN_AGAIN_AFTER or attempt.pair in _failures(ledger, attempt)


def _note_if_grave(ledger: Ledger, attempt: Attempt, now: Moment) -> None:
    """Once, when a wait begins: the log is no place for whoever fails without end. A name that nobody has may be a
    password in the wrong field, so it is not told."""
    failures = _failures(ledger, attempt)
    begun = {WITH_PAIR.free: attempt.pair, WITH_ACCOUNT.free: attempt.by_account}
    if any(subject in failures and failures[subject].count == free for free, subject in begun.items()):
        target = str(attempt.account.login) if attempt.account else "a name that nobody has"
        told = {"failures": failures[attempt.by_account].count}
        note(ledger, Caller(address=attempt.address), Happening("login.fail", target, "", told), now)


def _digest(name: str) -> str:
    return hashlib.blake2b(name.strip().lower().encode("utf-8", "replace"), digest_size=16).hexdigest()
