"""Tokens as they come from token services of all kinds."""

import base64
import json

import pytest

from tests.oci.hostile import ENORMOUS_TEXTS
from wharf.errors import RemoteMisbehaved
from wharf.protocol.scope import parse_scopes
from wharf.protocol.token import Token, claims_of, read_token

NOW = 1_000_000.0


def token(**members: object) -> Token:
    return read_token("r", json.dumps({"token": "abc", **members}).encode(), (), NOW)


def web_token(claims: object) -> str:
    middle = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    return f"e30.{middle}.c2ln"


@pytest.mark.parametrize("name", ["token", "access_token"])
def test_a_token_has_either_name(name: str) -> None:
    assert "abc" == read_token("r", json.dumps({name: "abc"}).encode(), (), NOW).text


@pytest.mark.parametrize("life", [None, 0, -5, "300", True, [], {}])
def test_without_a_readable_life_a_token_lives_a_minute(life: object) -> None:
    assert NOW + 60 == token(expires_in=life).expires_at


@pytest.mark.parametrize(("told", "life"), [(300, 300.0), (1.5, 1.5), (10**12, 365 * 86400.0)])
def test_a_token_lives_as_long_as_it_is_told(told: float, life: float) -> None:
    assert NOW + life == token(expires_in=told).expires_at


def test_a_web_token_tells_its_life_where_nobody_else_does() -> None:
    assert NOW + 120 == token(token=web_token({"iat": 5000, "exp": 5120})).expires_at


@pytest.mark.parametrize(
    ("life", "age", "fresh"),
    [(300, 0, True), (300, 289, True), (300, 291, False), (60, 53, True), (60, 55, False), (300, -1, False)],
)
def test_a_token_is_renewed_before_it_runs_out(life: int, age: float, fresh: bool) -> None:
    assert fresh is token(expires_in=life).is_fresh(NOW + age)


def test_a_web_token_tells_what_it_grants() -> None:
    access = [{"type": "repository", "name": "a", "actions": ["pull", "push"]}, {"type": "no", "name": 7}, "x"]
    assert parse_scopes("repository:a:pull,push") == token(token=web_token({"access": access})).granted


def test_a_web_token_may_grant_nothing() -> None:
    assert () == token(token=web_token({"access": []})).granted


def test_the_answer_may_tell_what_is_granted() -> None:
    assert parse_scopes("repository:a:pull") == token(scope="repository:a:pull").granted


@pytest.mark.parametrize("members", [{}, {"scope": "Read Write"}, {"token": web_token({"access": "all"})}])
def test_nobody_may_tell_what_is_granted(members: dict[str, object]) -> None:
    assert token(**members).granted is None


@pytest.mark.parametrize(
    "body",
    [b"", b"<html>please log in</html>", b"[]", b"{}", b'{"token": ""}', b'{"token": 5}', b'{"token": "a b"}',
     b'{"token": "a\\r\\nHost: b"}', b'{"token": "\xc3\xa4"}', b'{"tok": "a"}', b'{"token": "' + b"a" * 70_000 + b'"}',
     b"\xff\xfe", b"{" * 5000],
)  # fmt: skip
def test_an_answer_without_a_usable_token_is_refused(body: bytes) -> None:
    with pytest.raises(RemoteMisbehaved):
        read_token("r", body, (), NOW)


@pytest.mark.parametrize("text", ["", "a", "a.b", "a.b.c", "a.!!.c", "a.W10.c", "..", *ENORMOUS_TEXTS.values()])
def test_what_is_no_web_token_claims_nothing(text: str) -> None:
    assert {} == claims_of(text)
