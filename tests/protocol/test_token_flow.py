"""The way to a token: which requests are made, in which order, and what answers mean."""

import base64
from collections.abc import Mapping
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest

from wharf.errors import (
    RateLimited,
    RemoteAnswered,
    RemoteDenied,
    RemoteMisbehaved,
    RemoteUnauthenticated,
    WharfError,
)
from wharf.protocol.scope import Scope, parse_scopes
from wharf.protocol.token import Token
from wharf.protocol.token_flow import (
    Asking,
    NamedPassword,
    Nobody,
    Proof,
    RefreshToken,
    TokenRequest,
    TokenResponse,
    token_flow,
)
from wharf.protocol.token_service import TokenService

NOW = 1_000_000.0
PULL = parse_scopes("repository:team/app:pull")
SECRET = "correct horse battery staple"
TEAM = NamedPassword("team-bot", SECRET)
GOOD = TokenResponse(200, b'{"token": "abc", "expires_in": 300}')
UNKNOWN_GRANT = TokenResponse(400, b'{"error": "unsupported_grant_type"}')


def asking(proof: Proof | None = None, *, realm: str = "https://auth.example/token", **more: object) -> Asking:
    service = TokenService(realm, "registry.example")
    return Asking("registry.example", service, PULL, proof or Nobody(), "", **more)  # type: ignore[arg-type]


def played(question: Asking, *responses: TokenResponse) -> tuple[list[TokenRequest], Token]:
    """The requests that were made until the token came."""
    flow = token_flow(question, NOW)
    requests = [next(flow)]
    for response in responses:
        try:
            requests.append(flow.send(response))
        except StopIteration as end:
            return requests, end.value
    raise AssertionError("it asks for more")


def refused(question: Asking, *responses: TokenResponse) -> WharfError:
    with pytest.raises(WharfError) as caught:
        played(question, *responses)
    return caught.value


def query(request: TokenRequest) -> list[tuple[str, str]]:
    return parse_qsl(urlsplit(request.url).query)


def form(request: TokenRequest) -> Mapping[str, list[str]]:
    return parse_qs(request.body.decode())


def test_nobody_asks_without_credentials() -> None:
    (request,), token = played(asking(), GOOD)
    assert ("GET", {}) == (request.method, dict(request.headers))
    assert [("service", "registry.example"), ("scope", "repository:team/app:pull"), ("client_id", "wharf")] == query(
        request
    )
    assert ("abc", NOW + 300) == (token.text, token.expires_at)


def test_a_password_goes_as_basic() -> None:
    (request,), _ = played(asking(TEAM), GOOD)
    scheme, _, given = request.headers["authorization"].partition(" ")
    assert ("Basic", f"team-bot:{SECRET}") == (scheme, base64.b64decode(given).decode())
    assert ("account", "team-bot") in query(request)


def test_each_scope_stands_by_itself() -> None:
    question = Asking("r", TokenService("https://a/t"), parse_scopes("repository:a:pull repository:b:push"))
    (request,), _ = played(question, GOOD)
    assert ["repository:a:pull", "repository:b:push"] == [value for name, value in query(request) if name == "scope"]


def test_what_the_challenge_wants_is_asked_for_as_well() -> None:
    service = TokenService("https://a/t", scopes=parse_scopes("repository:team/app:push repository:base:pull"))
    assert parse_scopes("repository:team/app:pull,push repository:base:pull") == Asking("r", service, PULL).all_scopes


def test_a_realm_keeps_its_own_query() -> None:
    (request,), _ = played(asking(realm="https://a/t?tenant=7"), GOOD)
    assert request.url.startswith("https://a/t?tenant=7&service=")


def test_a_refresh_token_is_posted_and_never_in_the_address() -> None:
    (request,), _ = played(asking(RefreshToken("r" * 20)), GOOD)
    assert ("POST", "https://auth.example/token") == (request.method, request.url)
    assert (["refresh_token"], ["r" * 20]) == (form(request)["grant_type"], form(request)["refresh_token"])
    assert "authorization" not in request.headers


@pytest.mark.parametrize("answer", [TokenResponse(s, b"") for s in (401, 404, 405, 501)] + [UNKNOWN_GRANT])
def test_a_refresh_token_goes_as_basic_where_post_is_not_known(answer: TokenResponse) -> None:
    requests, token = played(asking(RefreshToken("r" * 20, "team-bot")), answer, GOOD)
    assert ["POST", "GET"] == [request.method for request in requests]
    assert base64.b64encode(b"team-bot:" + b"r" * 20).decode() in requests[1].headers["authorization"]
    assert "abc" == token.text


@pytest.mark.parametrize("status", [404, 405])
def test_a_password_is_posted_where_get_is_not_known(status: int) -> None:
    (_, post), _ = played(asking(TEAM), TokenResponse(status, b""), GOOD)
    assert (["password"], ["team-bot"], [SECRET]) == tuple(
        form(post)[n] for n in ("grant_type", "username", "password")
    )


def test_a_refused_password_is_not_tried_in_another_way() -> None:
    assert isinstance(refused(asking(TEAM), TokenResponse(401, b"")), RemoteUnauthenticated)


def test_a_refresh_token_is_wished_for_only_when_asked() -> None:
    (request,), token = played(asking(TEAM, offline=True), TokenResponse(200, b'{"token": "a", "refresh_token": "b"}'))
    assert ("offline_token", "true") in query(request)
    assert "b" == token.refresh_token


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, RemoteUnauthenticated),
        (401, RemoteUnauthenticated),
        (403, RemoteDenied),
        (429, RateLimited),
        (500, RemoteAnswered),
        (204, RemoteAnswered),
        (302, RemoteMisbehaved),
    ],
)
def test_a_refusal_is_told_by_its_kind(status: int, kind: type[WharfError]) -> None:
    assert type(refused(asking(), TokenResponse(status, b""))) is kind


def test_a_refusal_tells_who_asked_for_what_and_what_was_said() -> None:
    question = Asking("r", TokenService("https://a/t?x=y"), PULL, TEAM, "the credential of team-bot is from a file")
    error = refused(question, TokenResponse(401, b'{"details": "incorrect username or password"}'))
    assert (
        "it answered 401",
        "incorrect username or password",
        "the credential of team-bot is from a file",
        "token service: https://a/t",
    ) == error.diagnostics().evidence
    assert "r refused to give a token for repository:team/app:pull" in str(error)


@pytest.mark.parametrize("proof", [TEAM, RefreshToken(SECRET, "x"), RefreshToken("a", "b"), NamedPassword("a", "p")])
def test_no_refusal_repeats_a_secret(proof: Proof) -> None:
    secret = proof.password if isinstance(proof, NamedPassword) else proof.text  # type: ignore[union-attr]
    told = f'{{"message": "{secret} is wrong"}}'.encode()
    evidence = refused(asking(proof), TokenResponse(403, told)).diagnostics().evidence
    assert not any(f"{secret} is wrong" in line for line in evidence)


def test_nothing_shows_a_secret() -> None:
    (request,), token = played(asking(TEAM), GOOD)
    shown = f"{asking(TEAM)!r}{request!r}{token!r}{GOOD!r}{RefreshToken(SECRET)!r}"
    assert SECRET not in shown
    assert "abc" not in shown
    assert base64.b64encode(f"team-bot:{SECRET}".encode()).decode() not in shown


def test_a_token_is_remembered_for_all_that_it_was_asked_for() -> None:
    _, token = played(asking(), GOOD)
    assert token.was_asked_for(PULL)
    assert not token.was_asked_for((Scope.parse("repository:team/app:push"),))
