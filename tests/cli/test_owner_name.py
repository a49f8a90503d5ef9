"""Somebody at a registry, as a person writes them."""

from pathlib import Path

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cli.stage import run
from wharf.access.login import Login
from wharf.access.secret_text import SecretKind, SecretText
from wharf.cli.owner_name import ACCOUNT, LOGIN, OWNER, AccountAt
from wharf.errors import Malformed, MalformedLogin, MalformedReference

HOST = "127.0.0.1:5000"


@pytest.mark.parametrize(
    ("text", "login"),
    [
        (f"{HOST}/crew", "crew"),
        (f"http://{HOST}/crew/", "crew"),
        (f"{HOST}/Crew", "crew"),
        (f"{HOST}/crew+ci", "crew+ci"),
    ],
)
def test_an_account_stands_behind_its_registry(text: str, login: str) -> None:
    assert AccountAt(HOST, Login(login)) == ACCOUNT.convert(text, None, None)


def test_an_account_needs_a_name() -> None:
    with pytest.raises(click.BadParameter, match="whose"):
        ACCOUNT.convert(HOST, None, None)


def test_a_name_without_a_registry_is_told_where_one_goes() -> None:
    with pytest.raises(click.BadParameter, match="in front: REGISTRY/team"):
        ACCOUNT.convert("team", None, None)


def test_an_owner_may_be_the_whole_registry() -> None:
    assert ("-", HOST) == (OWNER.convert(HOST, None, None).segment, str(OWNER.convert(HOST, None, None)))
    assert ("crew", f"{HOST}/crew") == (
        OWNER.convert(f"{HOST}/crew", None, None).segment,
        str(OWNER.convert(f"{HOST}/crew", None, None)),
    )


@pytest.mark.parametrize("text", [f"{HOST}/crew/app", f"{HOST}/crew+ci+x", f"{HOST}/-"])
def test_what_is_no_login_is_refused(text: str) -> None:
    with pytest.raises(MalformedLogin):
        ACCOUNT.convert(text, None, None)


def test_what_was_read_is_read_once() -> None:
    for kind, text in ((ACCOUNT, f"{HOST}/crew"), (OWNER, HOST), (LOGIN, "crew")):
        once = kind.convert(text, None, None)
        assert once is kind.convert(once, None, None)


def test_a_secret_in_its_place_is_not_repeated(tmp_path: Path) -> None:
    secret = SecretText.new(SecretKind.PERSONAL).text
    outcome = run(tmp_path, ["admin", "org", "create", secret])
    assert 2 == outcome.code
    assert secret not in outcome.err


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        account = ACCOUNT.convert(text, None, None)
    except (Malformed, click.BadParameter):
        return
    assert account == ACCOUNT.convert(str(account), None, None)


def test_a_user_in_the_address_is_refused() -> None:
    with pytest.raises(MalformedReference):
        ACCOUNT.convert(f"ada@{HOST}/crew", None, None)
