"""Personal access tokens: made, listed, rotated and revoked by whom they belong to, or who answers for that account.

Nobody makes more than they came with: a token that makes another one gives no scope, repository or day that it has not.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from wharf.access.action import Action
from wharf.access.limits import NO_LIMITS, Limits
from wharf.access.login import Login
from wharf.access.permission import Permission, includes, written
from wharf.access.secret_text import SecretKind, SecretText
from wharf.errors import Denied, EntryUnknown, MalformedField
from wharf.metadata.ledger import Ledger
from wharf.metadata.records import AccountId, AccountRecord, Moment, NewToken, TokenId, TokenRecord
from wharf.metadata.store import MetadataStore
from wharf.registry.services.access import Caller, Gate
from wharf.registry.services.accounts.own_account import require_own
from wharf.registry.services.clock import Clock, in_iso, lasting
from wharf.registry.services.happenings import Happening, note
from wharf.registry.services.identity.standing import bearer_of_secret, caller_of, require_standing
from wharf.registry.services.identity.strange_tokens import StrangeTokens
from wharf.registry.services.more_room import Growing

USUAL_LIFE: Final = 90 * 86_400
# Whoever logged in a moment ago for 90 days, and asks for a token of 90 days, gets one that ends with the login.
_A_BIT_LATER: Final = 86_400 * 1000
LONGEST_OVERLAP: Final = 7 * 86_400
SHORTEST_LIFE: Final = 60
_SHOWN_AFTER_THE_END: Final = 90 * 86_400 * 1000
_FEW: Final = 20


@dataclass(frozen=True, slots=True)
class Wish:
    """What a new token is to be for. `life` in seconds; None is the usual one."""

    label: str
    permissions: frozenset[Permission]
    limits: Limits = NO_LIMITS
    life: int | None = None


@dataclass(frozen=True, slots=True)
class MadeToken:
    """`secret` is told to whoever asked for it, and never again."""

    account: AccountRecord
    token: TokenRecord
    secret: SecretText = field(repr=False)


class PersonalTokens:
    def __init__(self, metadata: MetadataStore, gate: Gate, clock: Clock, longest_life: float) -> None:
        self._metadata = metadata
        self._gate = gate
        self._clock = clock
        self._longest = int(longest_life)
        self._strange = StrangeTokens(metadata, clock)

    async def page(
        self, caller: Caller, whose: Login | None, start: int, limit: int
    ) -> tuple[AccountRecord, Sequence[TokenRecord], int]:
        """Those that ended too, with the number of all."""
        await self._require_charge(caller, whose)

        def question(ledger: Ledger) -> tuple[AccountRecord, Sequence[TokenRecord], int]:
            account = _account(ledger, caller, whose)
            return account, ledger.tokens.of_account(account.id, start, limit), ledger.tokens.count(account.id)

        return await self._metadata.read(question)

    async def create(self, caller: Caller, whose: Login | None, wish: Wish) -> MadeToken:
        await self._require_charge(caller, whose)
        _require_within(caller, wish.permissions, wish.limits)
        now = self._clock()
        secret = SecretText.new(SecretKind.PERSONAL)
        is_login = whose is None and caller.token is None and await self._has_few(caller)

        def change(ledger: Ledger) -> MadeToken:
            require_standing(ledger, caller, now)
            account = _account(ledger, caller, whose)
            end = self._end(ledger, caller, wish.life, now)
            ledger.tokens.forget(account.id, Moment(now - _SHOWN_AFTER_THE_END))
            new = NewToken(account.id, secret, wish.label, wish.permissions, end, wish.limits)
            made = ledger.tokens.add(new, now)
            note(ledger, caller, _happening("token.create", account, made), now)
            return MadeToken(account, made, secret)

        return await self._metadata.write(change if is_login else Growing(change))

    async def rotate(self, caller: Caller, token: TokenId, overlap: int) -> MadeToken:
        """A new secret with the same rights; the old one ends after `overlap` seconds.

        A token may do this with itself. Then the new one ends when the old one would have: no stolen one lives on.
        """
        old, account = await self._in_charge(caller, token)
        now = self._clock()
        secret = SecretText.new(SecretKind.PERSONAL)

        def change(ledger: Ledger) -> MadeToken:
            require_standing(ledger, caller, now)
            _require_rotatable(ledger.tokens.get(token), now)
            _require_within(caller, old.permissions, old.limits)
            again = Moment(now + old.expires_at - old.created_at)
            end = old.expires_at if caller.token == token else min(again, self._latest(ledger, caller, now))
            made = ledger.tokens.add(NewToken(account.id, secret, old.label, old.permissions, end, old.limits), now)
            _end_after(ledger, token, overlap, now)
            ledger.counters.access_changed()
            note(ledger, caller, _happening("token.rotate", account, made, replaces=old.id, overlap=overlap), now)
            return MadeToken(account, made, secret)

        return await self._metadata.write(Growing(change))

    async def revoke(self, caller: Caller, token: TokenId) -> None:
        """A token may do this with itself. One that has ended stays as it is."""
        found, account = await self._in_charge(caller, token)
        now = self._clock()

        def change(ledger: Ledger) -> None:
            if ledger.tokens.revoke(token, now):
                ledger.counters.access_changed()
                note(ledger, caller, _happening("token.revoke", account, found), now)

        await self._metadata.write(change)

    async def give_up(self, secret: SecretText, address: str) -> bool:
        """Whoever shows a token may end it: its owner, a client that logs out, or somebody who found it.

        Whether it was good until now. Raises TooManyAttempts where it never was, as many others from there.
        """
        now = self._clock()
        is_known = await self._metadata.read(lambda ledger: ledger.tokens.by_digest(secret.digest) is not None)
        if not is_known:
            await self._strange.shown(address)
        if not is_known or await self._metadata.read(lambda ledger: bearer_of_secret(ledger, secret, now)) is None:
            return False

        def change(ledger: Ledger) -> bool:
            held = bearer_of_secret(ledger, secret, now)
            if held is None:
                return False
            ledger.tokens.revoke(held.token.id, now)
            ledger.counters.access_changed()
            holder = caller_of(ledger, held.account, held.token, address)
            note(ledger, holder, _happening("token.revoke", held.account, held.token), now)
            return True

        return await self._metadata.write(change)

    async def revoke_all(self, caller: Caller, whose: Login | None) -> int:
        await self._require_charge(caller, whose)
        now = self._clock()

        def change(ledger: Ledger) -> int:
            account = _account(ledger, caller, whose)
            revoked = ledger.tokens.revoke_all(account.id, now)
            if revoked:
                ledger.counters.access_changed()
                login = str(account.login)
                note(ledger, caller, Happening("token.revoke", login, _owner(account), {"tokens": revoked}), now)
            return revoked

        return await self._metadata.write(change)

    async def _has_few(self, caller: Caller) -> bool:
        """Then one more, for the password, may be that of somebody who logs in to make room on a full disk."""
        account = caller.account
        return account is not None and await self._metadata.read(lambda ledger: ledger.tokens.count(account)) < _FEW

    async def _require_charge(self, caller: Caller, whose: Login | None) -> None:
        """One's own, a service's of an organisation that one owns, anybody's for administrators."""
        if whose is None or caller.name == str(whose):
            require_own(caller, Permission.ADMIN)
        elif whose.organisation is not None:
            await self._gate.require_over(caller, Action.GOVERN, whose.organisation)
        else:
            await self._gate.require_over_all(caller)

    async def _in_charge(self, caller: Caller, token: TokenId) -> tuple[TokenRecord, AccountRecord]:
        """Another's token looks as if it were not there."""

        def question(ledger: Ledger) -> tuple[TokenRecord, AccountRecord] | None:
            found = ledger.tokens.get(token)
            account = ledger.accounts.get(found.account) if found else None
            return (found, account) if found and account else None

        is_itself = caller.token == token and caller.rights.grants is None
        if not is_itself:
            require_own(caller, Permission.ADMIN)
        found = await self._metadata.read(question)
        if found is None or not _may_see(caller, found[1]):
            raise EntryUnknown("token", str(token))
        if not is_itself:
            await self._require_charge(caller, found[1].login)
        return found

    def _end(self, ledger: Ledger, caller: Caller, life: int | None, now: Moment) -> Moment:
        """Raises MalformedField for what the registry, or the token that they came with, does not allow."""
        latest = self._latest(ledger, caller, now)
        if life is None:
            return Moment(min(now + USUAL_LIFE * 1000, latest))
        if life > self._longest:
            raise MalformedField("expires_in", f"a token here lives at most {lasting(self._longest)}")
        if now + life * 1000 > latest + _A_BIT_LATER:
            raise _ends_sooner(latest, now)
        return Moment(min(now + life * 1000, latest))

    def _latest(self, ledger: Ledger, caller: Caller, now: Moment) -> Moment:
        parent = None if caller.token is None else ledger.tokens.get(caller.token)
        latest = Moment(now + self._longest * 1000)
        return latest if parent is None else min(latest, parent.expires_at)


def _ends_sooner(latest: Moment, now: Moment) -> MalformedField:
    return MalformedField(
        "expires_in",
        f"the token that this is asked with ends sooner, at {in_iso(latest)}",
        next_step=f"ask for {lasting((latest - now) // 1000)} at most, or log in anew",
    )


def _end_after(ledger: Ledger, token: TokenId, overlap: int, now: Moment) -> None:
    if overlap:
        ledger.tokens.end_at(token, Moment(now + overlap * 1000))
    else:
        ledger.tokens.revoke(token, now)


def _account(ledger: Ledger, caller: Caller, whose: Login | None) -> AccountRecord:
    own = caller.account if caller.account is not None else AccountId(0)
    found = ledger.accounts.get(own) if whose is None else ledger.accounts.find(whose)
    if found is None or not found.can_hold_tokens:
        raise EntryUnknown("account", str(whose or caller.actor))
    return found


def _may_see(caller: Caller, account: AccountRecord) -> bool:
    home = account.login.organisation
    is_owned = home is not None and caller.rights.over(home, Action.GOVERN).is_allowed
    return caller.account == account.id or caller.rights.over_all().is_allowed or is_owned


def _require_within(caller: Caller, permissions: frozenset[Permission], limits: Limits) -> None:
    for permission in permissions:
        if not includes(caller.rights.permissions, permission):
            raise Denied("giving", permission.value, f"a token with the scope {permission.value}")
    if not caller.rights.limits.include(limits):
        what = str(limits) or "all repositories"
        raise Denied("giving", what, f"a token for that, and this one is for {caller.rights.limits} alone")


def _require_rotatable(token: TokenRecord | None, now: Moment) -> None:
    if token is None or token.kind is not SecretKind.PERSONAL or not token.is_good_at(now):
        raise MalformedField("token", "only a personal token that is still good can be rotated")


def _happening(
    action: str, account: AccountRecord, token: TokenRecord, **details: str | int | bool | None
) -> Happening:
    told: dict[str, str | int | bool | None] = {
        "account": str(account.login),
        "label": token.label,
        "scopes": written(token.permissions),
        "repositories": str(token.limits),
        "expires_at": in_iso(token.expires_at),
    }
    return Happening(action, f"token {token.id}", _owner(account), {**told, **details})


def _owner(account: AccountRecord) -> str:
    """Whose audit log tells of it: the organisation's, for its services."""
    return str(account.login.organisation or account.login)
