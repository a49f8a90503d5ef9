"""The exchange of one token for another, as its documentation describes it."""

from datetime import UTC, datetime
from urllib.parse import parse_qs

import pytest

from tests.client.tokens import written
from wharf.client.clouds.acr import TOKEN_USER, exchange_entra_token
from wharf.client.clouds.obtained import Obtained
from wharf.client.message import Headers, Request, Response
from wharf.credentials.credential import IdentityToken
from wharf.credentials.secret import Secret
from wharf.errors import RemoteDenied, RemoteMisbehaved, RemoteUnauthenticated, WharfError

REFRESH = written(grant_type="refresh_token", exp=1_700_000_000)


def exchanged(status: int, body: bytes, tenant: str = "t-1") -> tuple[Request, Obtained]:
    flow = exchange_entra_token("team.azurecr.io:443", Secret("hunter2"), tenant)
    request = next(flow)
    with pytest.raises(StopIteration) as ended:
        flow.send(Response(status, Headers(()), body, "https://team.azurecr.io/oauth2/exchange"))
    obtained: Obtained = ended.value.value
    return request, obtained


def answer(text: str) -> bytes:
    return f'{{"refresh_token": "{text}"}}'.encode()


def test_the_form_is_the_documented_one() -> None:
    request, _ = exchanged(200, answer(REFRESH))
    assert isinstance(request.body, bytes)
    assert ("POST", "/oauth2/exchange") == (request.method, request.url)
    assert {
        "grant_type": ["access_token"],
        "service": ["team.azurecr.io"],
        "tenant": ["t-1"],
        "access_token": ["hunter2"],
    } == parse_qs(request.body.decode())


def test_without_a_tenant_none_is_sent() -> None:
    request, _ = exchanged(200, answer(REFRESH), tenant="")
    assert isinstance(request.body, bytes)
    assert b"tenant" not in request.body


def test_the_refresh_token_is_what_is_kept_with_its_expiry() -> None:
    _, obtained = exchanged(200, answer(REFRESH))
    assert IdentityToken(Secret(REFRESH), TOKEN_USER) == obtained.credential
    assert datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC) == obtained.expires


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (401, b'{"errors":[{"code":"UNAUTHORIZED"}]}', RemoteUnauthenticated),
        (400, b"hunter2", RemoteUnauthenticated),
        (403, b"", RemoteDenied),
        (200, b"<html>hunter2</html>", RemoteMisbehaved),
        (200, b'{"access_token": "hunter2"}', RemoteMisbehaved),
        (200, answer(""), RemoteMisbehaved),
        (200, b'{"refresh_token": ["hunter2"]}', RemoteMisbehaved),
    ],
)
def test_another_answer_is_an_error_without_the_secret(status: int, body: bytes, error: type[WharfError]) -> None:
    with pytest.raises(error) as caught:
        exchanged(status, body)
    assert "hunter2" not in repr(caught.value.diagnostics())
