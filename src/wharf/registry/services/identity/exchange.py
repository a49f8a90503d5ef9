"""The exchange: a job of CI shows who it is by its issuer's word, and is given a short token. It keeps no secret."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from wharf.access.limits import Pattern
from wharf.access.login import Login
from wharf.access.secret_text import SecretKind, SecretText
from wharf.errors import CredentialRefused
from wharf.metadata.ledger import Ledger
from wharf.metadata.records import IdentityRuleRecord, Moment, NewToken
from wharf.metadata.store import MetadataStore
from wharf.oci.strict_json import JsonValue
from wharf.registry.services.access import Caller
from wharf.registry.services.clock import Clock
from wharf.registry.services.happenings import Happening, note
from wharf.registry.services.identity.identity_tokens import LEEWAY, IdentityToken
from wharf.registry.services.identity.issuers import Issuers

_LONGEST_SHOWN: Final = 200
_NO_RULE: Final = "no rule of this registry believes it"
_ASK: Final = "compare issuer, audience and subject with the rules that an administrator wrote"


@dataclass(frozen=True, slots=True)
class Exchanged:
    text: str = field(repr=False)
    login: Login
    expires_at: Moment


class Exchange:
    def __init__(self, metadata: MetadataStore, issuers: Issuers, clock: Clock) -> None:
        self._metadata = metadata
        self._issuers = issuers
        self._clock = clock

    async def exchange(self, text: str, address: str) -> Exchanged:
        """Raises CredentialRefused. Nobody is asked for keys before a rule names them, and the token could be good."""
        token = IdentityToken.parse(text)
        rules = await self._metadata.read(lambda ledger: ledger.identities.rules_of(token.issuer))
        if not any(rule.audience in token.audiences for rule in rules):
            raise CredentialRefused(_NO_RULE, _ASK)
        token.require_current(self._clock())
        token.require_signed_by(await self._issuers.keys(token.issuer, token.key_name))
        rule = _matching(rules, token)
        secret = SecretText.new(SecretKind.CI)
        return await self._metadata.write(lambda ledger: _given(ledger, rule, token, secret, address, self._clock()))


def _matching(rules: Sequence[IdentityRuleRecord], token: IdentityToken) -> IdentityRuleRecord:
    """The oldest one that believes it. Whoever holds a true token may hear what it says."""
    rule = next((rule for rule in rules if believes(rule, token)), None)
    if rule is None:
        raise CredentialRefused(f"{_NO_RULE}: its subject is {token.subject[:_LONGEST_SHOWN]}", _ASK)
    return rule


def believes(rule: IdentityRuleRecord, token: IdentityToken) -> bool:
    if rule.audience not in token.audiences or not Pattern(rule.subject).matches(token.subject):
        return False
    return all(_says(token.claims.get(name), pattern) for name, pattern in rule.claims.items())


def _says(value: JsonValue, pattern: str) -> bool:
    match value:
        case list():
            return any(_says(entry, pattern) for entry in value)
        case bool():
            return pattern == str(value).lower()
        case str() | int():
            return Pattern(pattern).matches(str(value))
    return False


def _given(
    ledger: Ledger, rule: IdentityRuleRecord, token: IdentityToken, secret: SecretText, address: str, now: Moment
) -> Exchanged:
    """As things are at this moment: the rule may have gone, or its account been disabled."""
    account = ledger.accounts.get(rule.account)
    if ledger.identities.rule(rule.id) != rule or account is None or not account.is_active:
        raise CredentialRefused(_NO_RULE, _ASK)
    ledger.identities.forget_spent(now)
    if not ledger.identities.spend(token.digest, Moment(token.expires_at + 2 * LEEWAY * 1000)):
        raise CredentialRefused("the identity token was spent already", "let the job ask its issuer for a new one")
    end = Moment(now + rule.life * 1000)
    origin = f"{token.issuer} {token.subject}"[:_LONGEST_SHOWN]
    new = NewToken(rule.account, secret, rule.label, rule.permissions, end, rule.limits, origin)
    added = ledger.tokens.add(new, now)
    caller = Caller(str(account.login), account.id, credential=f"identity {origin}", address=address)
    details: dict[str, str | int | bool | None] = {"rule": rule.label, "subject": token.subject[:_LONGEST_SHOWN]}
    note(ledger, caller, Happening("token.exchange", str(added.id), str(account.login), details), now)
    return Exchanged(secret.text, account.login, end)
