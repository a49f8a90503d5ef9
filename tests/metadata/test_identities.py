import asyncio
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import pytest

from wharf.access.limits import parse_limits
from wharf.access.login import Login
from wharf.access.permission import Permission
from wharf.metadata.ledger import Ledger
from wharf.metadata.records import AccountKind, IdentityRuleRecord, Moment, NewAccount, NewIdentityRule
from wharf.metadata.sqlite import SqliteMetadata

T = TypeVar("T")
NOW = Moment(1000)
RULE = NewIdentityRule(
    label="pipeline",
    issuer="https://issuer.example",
    audience="registry.example",
    subject="repo:crew/*",
    claims={"environment": "production"},
    permissions=frozenset({Permission.WRITE, Permission.DELETE}),
    limits=parse_limits(["crew/*", "tools/*"]),
    life=900,
)


class Books:
    def __init__(self, folder: Path) -> None:
        self.store = SqliteMetadata(folder, forced=False)

    def change(self, change: Callable[[Ledger], T]) -> T:
        return asyncio.run(self.store.write(change))

    def rule(self, rule: NewIdentityRule = RULE) -> IdentityRuleRecord | None:
        def change(ledger: Ledger) -> IdentityRuleRecord | None:
            new = NewAccount(Login("crew+ci"), AccountKind.SERVICE)
            account = ledger.accounts.add(new, NOW) or ledger.accounts.find(new.login)
            assert account is not None
            return ledger.identities.add_rule(rule, account.id, NOW)

        return self.change(change)


@pytest.fixture
def books(tmp_path: Path) -> Iterator[Books]:
    made = Books(tmp_path)
    yield made
    made.store.close()


def test_a_rule_is_read_as_it_was_written(books: Books) -> None:
    made = books.rule()
    assert made is not None
    assert (RULE.claims, RULE.permissions, RULE.limits) == (made.claims, made.permissions, made.limits)
    assert [made] == books.change(lambda ledger: ledger.identities.rules_of(RULE.issuer))


def test_a_label_stands_once(books: Books) -> None:
    assert books.rule() is not None
    assert None is books.rule(replace(RULE, issuer="https://other.example"))


def test_rules_are_found_by_their_issuer_to_the_letter(books: Books) -> None:
    books.rule()
    assert [] == books.change(lambda ledger: ledger.identities.rules_of(RULE.issuer + "/"))


def test_a_rule_is_gone(books: Books) -> None:
    made = books.rule()
    assert made is not None
    books.change(lambda ledger: ledger.identities.drop_rule(made.id))
    assert [] == books.change(lambda ledger: ledger.identities.rules())


def test_an_identity_is_spent_once(books: Books) -> None:
    spent = [books.change(lambda ledger: ledger.identities.spend("digest", Moment(2000))) for _ in range(2)]
    assert [True, False] == spent


def test_what_was_spent_is_forgotten_when_it_has_ended(books: Books) -> None:
    def change(ledger: Ledger) -> list[bool]:
        ledger.identities.spend("digest", Moment(2000))
        ledger.identities.forget_spent(Moment(2000))
        still = ledger.identities.spend("digest", Moment(2000))
        ledger.identities.forget_spent(Moment(2001))
        return [still, ledger.identities.spend("digest", Moment(2000))]

    assert [False, True] == books.change(change)
