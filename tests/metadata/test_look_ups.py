"""Ten thousand accounts and a hundred thousand tokens cost whoever comes nothing: they are looked up, not searched."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from tests.metadata.explaining import Explaining, effort
from wharf.access.login import Login
from wharf.access.secret_text import SecretKind, SecretText
from wharf.metadata.ledger import Ledger
from wharf.metadata.records import AccountId, TokenId
from wharf.metadata.sqlite import SqliteMetadata
from wharf.oci.reference import RepositoryName
from wharf.testing.contracts.metadata_store import moment

ONE, TOKEN = AccountId(1), TokenId(1)
NAME = RepositoryName("crew/app")


@pytest.mark.parametrize(
    "question",
    [
        pytest.param(lambda ledger: ledger.accounts.find(Login("alice")), id="an account by its login"),
        pytest.param(lambda ledger: ledger.accounts.get(ONE), id="an account by its number"),
        pytest.param(lambda ledger: ledger.accounts.roles(ONE), id="what an account is to whom"),
        pytest.param(lambda ledger: ledger.accounts.role(ONE, ONE), id="what an account is to one"),
        pytest.param(lambda ledger: ledger.accounts.members(ONE), id="who belongs to an organisation"),
        pytest.param(lambda ledger: ledger.accounts.owners(ONE), id="who owns an organisation"),
        pytest.param(lambda ledger: ledger.accounts.services(ONE), id="the services of an organisation"),
        pytest.param(lambda ledger: ledger.tokens.by_digest("0" * 64), id="a token by its digest"),
        pytest.param(lambda ledger: ledger.tokens.get(TOKEN), id="a token by its number"),
        pytest.param(lambda ledger: ledger.tokens.of_account(ONE, 0, 30), id="the tokens of an account"),
        pytest.param(lambda ledger: ledger.tokens.count(ONE), id="how many tokens an account has"),
        pytest.param(lambda ledger: ledger.tokens.revoke(TOKEN, moment(1)), id="the end of a token"),
        pytest.param(lambda ledger: ledger.tokens.revoke_all(ONE, moment(1)), id="the end of all tokens"),
        pytest.param(lambda ledger: ledger.tokens.end_at(TOKEN, moment(1)), id="an earlier end of a token"),
        pytest.param(lambda ledger: ledger.tokens.used(TOKEN, "-", moment(1)), id="the last use of a token"),
        pytest.param(lambda ledger: ledger.logins.failures(("a", "b", "c")), id="what failed of late"),
        pytest.param(lambda ledger: ledger.logins.last_seen(ONE, "-"), id="a familiar address"),
        pytest.param(lambda ledger: ledger.counters.access(), id="whether access changed"),
        pytest.param(lambda ledger: ledger.repositories.is_public(NAME), id="whether a repository is public"),
    ],
)
def test_it_is_looked_up_and_not_searched_for(session: Explaining, question: Callable[[Ledger], object]) -> None:
    question(Ledger(session))
    assert session.steps
    assert not [step for step in session.steps if step.startswith("SCAN")]


@pytest.mark.slow
def test_a_token_among_a_hundred_thousand_is_found_at_once(tmp_path: Path) -> None:
    """By whoever comes with it: the account, the token and the roles in some hundred steps of the database."""
    SqliteMetadata(tmp_path, forced=False).close()
    secret = SecretText.new(SecretKind.PERSONAL)
    crowd(tmp_path, secret)

    def question(ledger: Ledger) -> object:
        found = ledger.tokens.by_digest(secret.digest)
        assert found is not None
        return ledger.accounts.get(found.account), ledger.accounts.roles(found.account)

    with closing(sqlite3.connect(tmp_path / "wharf.db")) as connection:
        assert effort(connection, question) < 2_000


def crowd(folder: Path, secret: SecretText) -> None:
    """Ten tokens for each of ten thousand accounts; one of them is this one."""
    connection = sqlite3.connect(folder / "wharf.db")
    connection.executemany(
        "INSERT INTO accounts (id, login, kind, display, is_administrator, created_at) VALUES (?, ?, 'user', '', 0, 0)",
        [(number, f"person{number}") for number in range(1, 10_001)],
    )
    digests = [secret.digest, *(f"{number:064x}" for number in range(1, 100_000))]
    connection.executemany(
        "INSERT INTO tokens (account, kind, label, digest, hint, permissions, limits, origin, created_at, expires_at)"
        " VALUES (?, 'pat', '', ?, '', 'admin', '', '', 0, ?)",
        [(1 + number % 10_000, digest, moment(0)) for number, digest in enumerate(digests)],
    )
    connection.commit()
    connection.close()
