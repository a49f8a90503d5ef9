"""Identity rules: which identity tokens of CI are believed here, and what they are exchanged for."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from wharf.access.limits import Limits
from wharf.access.login import Login
from wharf.access.permission import Permission, written
from wharf.errors import AlreadyThere, EntryUnknown, MalformedField
from wharf.metadata.ledger import Ledger
from wharf.metadata.records import AccountKind, IdentityRuleRecord, NewIdentityRule
from wharf.metadata.store import MetadataStore
from wharf.registry.services.access import Caller, Gate
from wharf.registry.services.clock import Clock
from wharf.registry.services.happenings import Happening, note
from wharf.registry.services.identity.issuers import is_safe
from wharf.registry.services.identity.shared_issuers import is_too_generous
from wharf.registry.services.identity.standing import require_standing
from wharf.registry.services.more_room import Growing

LONGEST_LIFE: Final = 3600
SHORTEST_LIFE: Final = 60
USUAL_LIFE: Final = 900
LONGEST_TEXT: Final = 500
MOST_CLAIMS: Final = 20
_WILD: Final = ("*", "?")


@dataclass(frozen=True, slots=True)
class IdentityRuleText:
    """A rule as it is written down."""

    label: str
    issuer: str
    audience: str
    subject: str
    permissions: frozenset[Permission]
    limits: Limits
    claims: Mapping[str, str] = field(default_factory=dict, hash=False)
    life: int = USUAL_LIFE

    def read(self) -> NewIdentityRule:
        """Raises MalformedField."""
        for name in ("label", "issuer", "audience", "subject"):
            _check_text(name, getattr(self, name))
        if not is_safe(self.issuer):
            raise MalformedField("issuer", "an issuer has an address that begins with https://")
        if not SHORTEST_LIFE <= self.life <= LONGEST_LIFE:
            raise MalformedField("expires_in", f"a token for CI lives {SHORTEST_LIFE} to {LONGEST_LIFE} seconds")
        if not self.permissions:
            raise MalformedField("scopes", "a rule gives at least one scope")
        self._check_claims()
        return NewIdentityRule(
            self.label, self.issuer, self.audience, self.subject, self.claims, self.permissions, self.limits, self.life
        )

    def _check_claims(self) -> None:
        if len(self.claims) > MOST_CLAIMS:
            raise MalformedField("claims", f"a rule looks at no more than {MOST_CLAIMS} claims")
        for name, pattern in self.claims.items():
            _check_text("claims", name)
            _check_text(f"claims.{name}", pattern)
        is_open = self.subject.startswith(_WILD) and all(text.startswith(_WILD) for text in self.claims.values())
        if is_open or is_too_generous(self.issuer, self.subject, self.claims):
            raise MalformedField(
                "subject",
                "it believes strangers whom the issuer knows",
                next_step="begin it with what is yours up to a slash, like repo:crew/app:*",
            )


class IdentityRules:
    def __init__(self, metadata: MetadataStore, gate: Gate, clock: Clock) -> None:
        self._metadata = metadata
        self._gate = gate
        self._clock = clock

    async def all(self, caller: Caller) -> list[IdentityRuleRecord]:
        await self._gate.require_over_all(caller)
        return await self._metadata.read(lambda ledger: ledger.identities.rules())

    async def create(self, caller: Caller, login: Login, text: IdentityRuleText) -> IdentityRuleRecord:
        await self._gate.require_over_all(caller)
        rule, now = text.read(), self._clock()

        def change(ledger: Ledger) -> IdentityRuleRecord:
            require_standing(ledger, caller, now)
            account = ledger.accounts.find(login)
            if account is None:
                raise EntryUnknown("account", str(login))
            if account.kind is AccountKind.ORGANISATION:
                raise MalformedField("account", "an organisation does nothing itself: name one of its services")
            added = ledger.identities.add_rule(rule, account.id, now)
            if added is None:
                raise AlreadyThere("identity rule", rule.label)
            note(ledger, caller, Happening("identity-rule.create", rule.label, str(login), _details(added)), now)
            return added

        return await self._metadata.write(Growing(change))

    async def delete(self, caller: Caller, rule: int) -> None:
        """The tokens that it gave go with it."""
        await self._gate.require_over_all(caller)
        now = self._clock()

        def change(ledger: Ledger) -> None:
            found = ledger.identities.rule(rule)
            if found is None:
                raise EntryUnknown("identity rule", str(rule))
            ledger.identities.drop_rule(rule)
            ledger.tokens.revoke_exchanged(found.account, found.label, now)
            ledger.counters.access_changed()
            note(ledger, caller, Happening("identity-rule.delete", found.label, str(found.login), _details(found)), now)

        await self._metadata.write(change)


def _details(rule: IdentityRuleRecord) -> dict[str, str | int | bool | None]:
    return {
        "rule": rule.id,
        "issuer": rule.issuer,
        "audience": rule.audience,
        "subject": rule.subject,
        "scopes": written(rule.permissions),
        "repositories": str(rule.limits),
        "expires_in": rule.life,
    }


def _check_text(name: str, text: str) -> None:
    if not text or len(text) > LONGEST_TEXT or not text.isprintable():
        raise MalformedField(name, f"{name} has 1 to {LONGEST_TEXT} characters that can be printed")
