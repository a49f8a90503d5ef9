"""What is asked with a credential waits for its turn to write, and the credential may end before that."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from tests.registry.conftest import HandClock
from wharf.access.limits import NO_LIMITS
from wharf.access.login import Login
from wharf.access.permission import ALL
from wharf.access.role import Role
from wharf.access.secret_text import SecretKind, SecretText
from wharf.errors import CredentialRefused, MalformedField
from wharf.metadata.ledger import Ledger
from wharf.metadata.records import AccountKind, AccountRecord, Moment, NewAccount, NewToken
from wharf.metadata.sqlite import SqliteMetadata
from wharf.registry.services.access import Caller, Gate
from wharf.registry.services.accounts.accounts import NewUser, UserChange, Users
from wharf.registry.services.accounts.organisations import Organisations
from wharf.registry.services.accounts.personal_tokens import PersonalTokens, Wish
from wharf.registry.services.identity import docker_tokens
from wharf.registry.services.identity.docker_tokens import DockerTokens, Lives
from wharf.registry.services.identity.identity_rules import IdentityRules, IdentityRuleText
from wharf.registry.services.identity.password_login import PasswordLogin
from wharf.registry.services.identity.passwords import Passwords
from wharf.registry.services.identity.role_policy import RolePolicy
from wharf.registry.services.identity.signing import Signing
from wharf.registry.services.identity.standing import caller_of, require_standing

ALICE, CREW = Login("alice"), Login("crew")
HOUR = 3600.0
Change = Callable[[Ledger, AccountRecord], object]


class Place:
    """A registry with one administrator, who has a token."""

    def __init__(self, folder: Path, clock: HandClock) -> None:
        self.clock = clock
        self.metadata = SqliteMetadata(folder, forced=False)
        self.passwords = Passwords(PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
        self.secret = SecretText.new(SecretKind.PERSONAL)
        asyncio.run(self._people())

    async def _people(self) -> None:
        kept, now = await self.passwords.hashed("the old one"), self.clock()

        def change(ledger: Ledger) -> None:
            alice = ledger.accounts.add(NewAccount(ALICE, AccountKind.USER, "", kept, is_administrator=True), now)
            assert alice is not None
            ledger.accounts.add(NewAccount(CREW, AccountKind.ORGANISATION), now)
            ledger.tokens.add(NewToken(alice.id, self.secret, "laptop", ALL, Moment(now + 10**9)), now)

        await self.metadata.write(change)

    def by_password(self, ledger: Ledger) -> Caller:
        alice = ledger.accounts.find(ALICE)
        assert alice is not None
        return caller_of(ledger, alice, None, "192.0.2.1")

    def by_token(self, ledger: Ledger) -> Caller:
        token = ledger.tokens.by_digest(self.secret.digest)
        alice = ledger.accounts.find(ALICE)
        assert token is not None
        assert alice is not None
        return caller_of(ledger, alice, token, "192.0.2.1")

    async def change(self, change: Change) -> None:
        def whole(ledger: Ledger) -> None:
            alice = ledger.accounts.find(ALICE)
            assert alice is not None
            change(ledger, alice)
            ledger.counters.access_changed()

        self.clock.move(1)
        await self.metadata.write(whole)


@pytest.fixture
def place(tmp_path: Path, clock: HandClock) -> Iterator[Place]:
    made = Place(tmp_path, clock)
    yield made
    made.metadata.close()


def password_changed(ledger: Ledger, alice: AccountRecord) -> None:
    ledger.accounts.set_password(alice.id, "another hash", Moment(alice.created_at + 1))


def disabled(ledger: Ledger, alice: AccountRecord) -> None:
    ledger.accounts.set_disabled(alice.id, alice.created_at)


def demoted(ledger: Ledger, alice: AccountRecord) -> None:
    ledger.accounts.set_administrator(alice.id, is_one=False)


def all_revoked(ledger: Ledger, alice: AccountRecord) -> None:
    ledger.tokens.revoke_all(alice.id, alice.created_at)


def deleted(ledger: Ledger, alice: AccountRecord) -> None:
    ledger.departures.clear(alice.id, ALICE)
    ledger.accounts.drop(alice.id)


async def judged(place: Place, caller: Caller) -> None:
    await place.metadata.read(lambda ledger: require_standing(ledger, caller, place.clock()))


@pytest.mark.parametrize("ending", [password_changed, disabled, demoted, deleted])
def test_a_password_that_was_shown_ends_with_what_it_stood_for(place: Place, ending: Change) -> None:
    async def story() -> None:
        caller = await place.metadata.read(place.by_password)
        await judged(place, caller)
        await place.change(ending)
        with pytest.raises(CredentialRefused):
            await judged(place, caller)

    asyncio.run(story())


@pytest.mark.parametrize("ending", [all_revoked, disabled, demoted, deleted])
def test_a_token_that_was_shown_ends_with_what_it_stood_for(place: Place, ending: Change) -> None:
    async def story() -> None:
        caller = await place.metadata.read(place.by_token)
        await judged(place, caller)
        await place.change(ending)
        with pytest.raises(CredentialRefused):
            await judged(place, caller)

    asyncio.run(story())


async def a_token(place: Place, caller: Caller) -> None:
    tokens = PersonalTokens(place.metadata, Gate(RolePolicy(place.metadata)), place.clock, 1e6)
    await tokens.create(caller, None, Wish("", ALL))


async def another_secret(place: Place, caller: Caller) -> None:
    tokens = PersonalTokens(place.metadata, Gate(RolePolicy(place.metadata)), place.clock, 1e6)
    held = await place.metadata.read(lambda ledger: ledger.tokens.by_digest(place.secret.digest))
    assert held is not None
    await tokens.rotate(caller, held.id, 60)


async def an_account(place: Place, caller: Caller) -> None:
    await users(place).create(caller, NewUser(Login("mole"), is_administrator=True))


async def a_login_that_is_kept(place: Place, caller: Caller) -> None:
    gate, signing = Gate(RolePolicy(place.metadata)), Signing(place.metadata, place.clock, 1e6)
    tokens = DockerTokens(place.metadata, gate, signing, place.clock, Lives(300, HOUR))
    await tokens.give(caller, docker_tokens.Wish((), "registry.example", keeps=True))


async def a_rule_for_identities(place: Place, caller: Caller) -> None:
    rules = IdentityRules(place.metadata, Gate(RolePolicy(place.metadata)), place.clock)
    text = IdentityRuleText("ci", "https://issuer.example", "here", "repo:crew/app", ALL, NO_LIMITS)
    await rules.create(caller, ALICE, text)


async def a_member(place: Place, caller: Caller) -> None:
    organisations = Organisations(place.metadata, Gate(RolePolicy(place.metadata)), place.clock)
    await organisations.set_member(caller, CREW, ALICE, Role.OWNER)


GIVEN_OUT = (a_token, another_secret, an_account, a_login_that_is_kept, a_rule_for_identities, a_member)


@pytest.mark.parametrize("give", GIVEN_OUT)
def test_nothing_that_lasts_is_given_for_a_credential_that_ended(
    place: Place, give: Callable[[Place, Caller], Awaitable[None]]
) -> None:
    async def story() -> None:
        caller = await place.metadata.read(place.by_password)
        await place.change(password_changed)
        with pytest.raises(CredentialRefused):
            await give(place, caller)

    asyncio.run(story())


def users(place: Place) -> Users:
    logins = PasswordLogin(place.metadata, place.passwords, place.clock)
    return Users(place.metadata, Gate(RolePolicy(place.metadata)), place.clock, place.passwords, logins)


class SlowPasswords(Passwords):
    """While it hashes a new password, another change is written."""

    def __init__(self, place: Place) -> None:
        super().__init__(PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
        self._place = place

    async def hashed(self, password: str) -> str:
        await self._place.change(password_changed)
        return await super().hashed(password)


def test_the_old_password_is_still_the_one_when_the_new_one_is_written(place: Place) -> None:
    place_logins = PasswordLogin(place.metadata, place.passwords, place.clock)
    slow = Users(place.metadata, Gate(RolePolicy(place.metadata)), place.clock, SlowPasswords(place), place_logins)

    async def story() -> str | None:
        caller = await place.metadata.read(place.by_token)
        with pytest.raises(MalformedField, match="old_password"):
            await slow.change(caller, ALICE, UserChange(password="the thief's", old_password="the old one"))
        alice = await place.metadata.read(lambda ledger: ledger.accounts.find(ALICE))
        return alice.password if alice else None

    assert "another hash" == asyncio.run(story())
