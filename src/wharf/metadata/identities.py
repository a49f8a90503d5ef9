"""Identities from elsewhere: the rules that say which are believed, and those that were spent already."""

import json

from wharf.access.limits import parse_limits
from wharf.access.login import Login
from wharf.access.permission import parse_permissions, written
from wharf.metadata.records import AccountId, IdentityRuleRecord, Moment, NewIdentityRule
from wharf.metadata.session import Row, Session

_COLUMNS = (
    "identity_rules.id, identity_rules.label, issuer, audience, subject, claims, account, accounts.login, permissions,"
    " limits, life, identity_rules.created_at FROM identity_rules JOIN accounts ON accounts.id = identity_rules.account"
)
_ALL = f"SELECT {_COLUMNS} ORDER BY identity_rules.id"
_OF_ISSUER = f"SELECT {_COLUMNS} WHERE issuer = ? ORDER BY identity_rules.id"
_BY_LABEL = f"SELECT {_COLUMNS} WHERE identity_rules.label = ?"
_BY_ID = f"SELECT {_COLUMNS} WHERE identity_rules.id = ?"
_ADD = (
    "INSERT INTO identity_rules (label, issuer, audience, subject, claims, account, permissions, limits, life,"
    " created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (label) DO NOTHING"
)
_DROP = "DELETE FROM identity_rules WHERE id = ?"
_SPEND = "INSERT INTO spent_identities (digest, expires_at) VALUES (?, ?) ON CONFLICT (digest) DO NOTHING"
_FORGET = "DELETE FROM spent_identities WHERE expires_at < ?"


class Identities:
    def __init__(self, session: Session) -> None:
        self._session = session

    def rules(self) -> list[IdentityRuleRecord]:
        return [_rule(row) for row in self._session.rows(_ALL)]

    def rules_of(self, issuer: str) -> list[IdentityRuleRecord]:
        return [_rule(row) for row in self._session.rows(_OF_ISSUER, issuer)]

    def rule(self, rule: int) -> IdentityRuleRecord | None:
        rows = self._session.rows(_BY_ID, rule)
        return _rule(rows[0]) if rows else None

    def add_rule(self, rule: NewIdentityRule, account: AccountId, now: Moment) -> IdentityRuleRecord | None:
        """None where the label is taken."""
        who = (rule.label, rule.issuer, rule.audience, rule.subject, json.dumps(dict(rule.claims)), account)
        what = (written(rule.permissions), str(rule.limits), rule.life)
        if not self._session.run(_ADD, *who, *what, now):
            return None
        return _rule(self._session.rows(_BY_LABEL, rule.label)[0])

    def drop_rule(self, rule: int) -> None:
        self._session.run(_DROP, rule)

    def spend(self, digest: str, until: Moment) -> bool:
        """False where it was spent before."""
        return self._session.run(_SPEND, digest, until) > 0

    def forget_spent(self, before: Moment) -> None:
        self._session.run(_FORGET, before)


def _rule(row: Row) -> IdentityRuleRecord:
    return IdentityRuleRecord(
        id=row[0],
        label=row[1],
        issuer=row[2],
        audience=row[3],
        subject=row[4],
        claims=json.loads(row[5]),
        account=AccountId(row[6]),
        login=Login(row[7]),
        permissions=parse_permissions(row[8]),
        limits=parse_limits(row[9].split()),
        life=row[10],
        created_at=Moment(row[11]),
    )
