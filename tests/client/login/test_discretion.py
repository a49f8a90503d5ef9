"""Registries that repeat what they were told."""

import json
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import quote, urlencode

import pytest

from tests.client.asking import BRISK, SECRET, TEAM, answer_of, told
from tests.client.guarded_server import registry
from tests.client.raw_server import RawServer, Talk
from wharf.client.login.discretion import Discretion
from wharf.client.message import FORM, Headers, Request, Response
from wharf.client.session import Session
from wharf.credentials.credential import Credential, Password, RegistryToken
from wharf.credentials.secret import Secret
from wharf.errors import RateLimited, RemoteUnauthenticated, WharfError
from wharf.protocol.token_flow import basic_authorization

TAGS = Request("GET", "/v2/team/app/tags/list")


def repeating(status: int, **headers: str) -> Callable[[Talk], None]:
    """Says what it was shown, as it came and as it was meant."""

    def behave(talk: Talk) -> None:
        shown = talk.request.headers.get("authorization", "")
        if shown:
            talk.say(status, f"{shown} {SECRET}".encode(), warning=f'299 - "{shown}"', **headers)
        else:
            talk.say(401, www_authenticate='Basic realm="here"')

    return behave


@pytest.mark.parametrize("secret", ["open sesame", 'with "quotes"', "a+b/c=d", "비밀번호"])
def test_a_secret_is_taken_out_in_whatever_form_it_comes_back(secret: str) -> None:
    discretion = Discretion()
    discretion.remember({"authorization": basic_authorization("alice", secret)}, b"")
    forms = (secret, json.dumps(secret)[1:-1], quote(secret, safe=""), basic_authorization("alice", secret))
    answer = discretion.cleaned(Response(403, Headers([]), " | ".join(forms).encode(), "https://r/"))
    assert "... | ... | ... | Basic ..." == answer.body.decode()


def test_what_was_posted_to_a_token_service_is_a_secret_too() -> None:
    discretion = Discretion()
    discretion.remember({"content-type": FORM}, urlencode({"service": "here", "refresh_token": "r/42+"}).encode())
    assert b"here, ..." == discretion.cleaned(Response(400, Headers([]), b"here, r/42+", "https://r/")).body


def test_the_body_of_a_good_answer_stays_as_it_is() -> None:
    with RawServer(repeating(200)) as server:
        assert SECRET.encode() in answer_of(server.host, credential=TEAM).body


@pytest.mark.parametrize("status", [403, 404, 500])
@pytest.mark.parametrize("credential", [TEAM, RegistryToken(Secret(SECRET.replace(" ", "-")))])
def test_no_answer_repeats_what_was_shown(status: int, credential: Credential) -> None:
    def lets_nobody_do_it(talk: Talk) -> None:
        shown = talk.request.headers.get("authorization")
        talk.say(status, f"not with {shown}".encode()) if shown else talk.say(
            401, www_authenticate='Bearer realm="http://127.0.0.1:1/token"' if credential is not TEAM else "Basic"
        )

    with RawServer(lets_nobody_do_it) as server:
        answer = answer_of(server.host, credential=credential)
    assert (status, b"...") == (answer.status, answer.body[-3:])


def test_a_token_is_not_repeated_and_neither_is_the_password_that_got_it() -> None:
    def tells(talk: Talk) -> None:
        talk.say(403, f"{talk.request.headers.get('authorization')} of {SECRET}".encode())

    with registry() as server:

        async def story(session: Session) -> bytes:
            await session.ask(TAGS, ())
            server.behave = tells
            return (await session.ask(TAGS, ())).body

        assert b"Bearer ... of ..." == told(server.host, story, TEAM)


@pytest.mark.parametrize(("status", "error"), [(429, RateLimited), (401, RemoteUnauthenticated)])
def test_errors_of_patience_and_of_logins_keep_the_secret(status: int, error: type[Exception]) -> None:
    refusing = repeating(status, retry_after=SECRET, www_authenticate="Basic")
    with RawServer(refusing) as server, pytest.raises(error) as caught:
        answer_of(server.host, credential=TEAM)
    assert isinstance(caught.value, WharfError)
    assert SECRET not in str(caught.value.diagnostics())


def test_a_warning_keeps_the_secret() -> None:
    notices: list[str] = []
    with RawServer(repeating(200)) as server:
        answer_of(server.host, credential=TEAM, settings=replace(BRISK, notice=notices.append))
    assert [f"{server.host} warns: Basic ..."] == notices


def test_what_is_too_short_to_be_told_from_other_words_does_not_blank_them() -> None:
    discretion = Discretion()
    discretion.remember({"authorization": basic_authorization("alice", "no")}, b"")
    assert b"no, not now" == discretion.cleaned(Response(403, Headers([]), b"no, not now", "https://r/")).body


def test_a_name_without_a_password_is_no_secret() -> None:
    with RawServer(repeating(403)) as server:
        assert b"Basic ..." in answer_of(server.host, credential=Password("alice", Secret(""))).body
