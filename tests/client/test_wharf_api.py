"""The API of a wharf registry: what is asked, what is read, and what a refusal becomes."""

import json
from collections.abc import Awaitable

import pytest

from tests.client.asking import BASIC, BRISK, TEAM, evidence, told
from tests.client.raw_server import RawServer, Talk
from wharf.client.session import Session
from wharf.client.wharf_api import WharfApi, as_document
from wharf.credentials.credential import Credential, IdentityToken, RegistryToken
from wharf.credentials.secret import Secret
from wharf.errors import (
    Malformed,
    NotThere,
    RateLimited,
    Refused,
    RemoteAnswered,
    RemoteDenied,
    RemoteMisbehaved,
    RemoteUnauthenticated,
    WharfError,
)
from wharf.protocol.api_paths import own

ORGS = own("orgs")
EXPLAINED = {
    "message": "Not Found",
    "wharf": {"code": "entry-unknown", "cause": "no account crew", "evidence": ["seen"], "nextStep": "look again"},
}


def answering(status: int, document: object, **headers: str) -> RawServer:
    return RawServer(lambda talk: talk.say(status, json.dumps(document).encode(), **headers))


def got(server: RawServer, credential: Credential | None = TEAM) -> dict[str, object]:
    return dict(told(server.host, lambda s: WharfApi(s).get(ORGS, "list", as_document), credential, BRISK))


def failure(status: int, document: object = EXPLAINED) -> WharfError:
    with answering(status, document) as server, pytest.raises(WharfError) as caught:
        got(server)
    return caught.value


def test_an_answer_is_read() -> None:
    with answering(200, {"login": "crew"}) as server:
        assert {"login": "crew"} == got(server)


@pytest.mark.parametrize(
    ("credential", "header"),
    [
        (TEAM, BASIC),
        (IdentityToken(Secret("wharf_ref_x"), "ada"), "Bearer wharf_ref_x"),
        (RegistryToken(Secret("wharf_pat_x")), "Bearer wharf_pat_x"),
        (None, None),
    ],
)
def test_the_credential_is_shown_as_it_is_kept(credential: Credential | None, header: str | None) -> None:
    with answering(200, {}) as server:
        got(server, credential)
        assert header == server.requests[-1].headers.get("authorization")


def test_a_body_is_sent_as_json() -> None:
    def post(session: Session) -> Awaitable[object]:
        return WharfApi(session).post(ORGS, "create", as_document, {"login": "crew"})

    with answering(201, {}) as server:
        told(server.host, post, TEAM)
        assert {"login": "crew"} == json.loads(server.requests[-1].body)
        assert "application/json" == server.requests[-1].headers["content-type"]


def test_an_empty_answer_is_one_without_members() -> None:
    def delete(session: Session) -> Awaitable[object]:
        return WharfApi(session).delete(own("orgs", "crew"), "delete")

    with RawServer(lambda talk: talk.say(204)) as server:
        assert {} == told(server.host, delete, TEAM)


def pages(talk: Talk) -> None:
    first = "&page=1" in talk.request.target
    link = {"link": '<http://elsewhere.example/?page=2>; rel="next"'} if first else {}
    talk.say(200, json.dumps([{"login": "ada" if first else "bob"}]).encode(), **link)


def every(server: RawServer, most_pages: int = 9) -> tuple[str, ...]:
    return told(
        server.host,
        lambda s: WharfApi(s).every(ORGS, "list", lambda row: row.text("login"), {"kind": "a"}, most_pages),
        TEAM,
    )


def test_a_list_is_read_page_by_page() -> None:
    with RawServer(pages) as server:
        assert ("ada", "bob") == every(server)
        assert server.requests[-1].target.endswith("?kind=a&per_page=100&page=2")


def test_no_more_pages_are_read_than_were_wanted() -> None:
    with RawServer(pages) as server:
        assert ("ada",) == every(server, most_pages=1)


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, Malformed),
        (401, RemoteUnauthenticated),
        (403, RemoteDenied),
        (404, NotThere),
        (409, Refused),
        (413, RemoteAnswered),
        (422, Malformed),
        (429, RateLimited),
    ],
)
def test_a_refusal_becomes_the_error_of_this_side(status: int, kind: type[WharfError]) -> None:
    assert isinstance(failure(status), kind)


def test_the_cause_evidence_and_next_step_are_the_registrys() -> None:
    spoken = failure(404).diagnostics()
    assert "no account crew" == spoken.cause
    assert "seen" in spoken.evidence
    assert "look again" == spoken.next_step


def test_a_next_step_names_the_registry_as_it_is_called_here() -> None:
    explained = {"wharf": {"cause": "no account bob", "nextStep": "see what is there: wharf admin user list REGISTRY"}}
    step = failure(404, explained).diagnostics().next_step
    assert step is not None
    assert step.startswith("see what is there: wharf admin user list 127.0.0.1:")


def test_who_may_not_is_told_which_credential_was_shown() -> None:
    assert "the credential of team-bot is from the pocket" in evidence(failure(403))


def test_a_registry_without_the_api_is_told_as_one() -> None:
    error = failure(404, {"errors": [{"code": "NOT_FOUND"}]})
    assert "this takes a wharf registry that has the API of accounts and packages" == error.diagnostics().next_step


@pytest.mark.parametrize("body", [b"<html>", b"[1]", b'{"a": 1, "a": 2}'])
def test_what_cannot_be_read_is_not_believed(body: bytes) -> None:
    with RawServer(lambda talk: talk.say(200, body)) as server, pytest.raises(RemoteMisbehaved):
        got(server)


def test_no_list_is_not_believed() -> None:
    with answering(200, {"login": "crew"}) as server, pytest.raises(RemoteMisbehaved):
        every(server)


def test_the_password_is_in_no_error() -> None:
    secret = BASIC.removeprefix("Basic ")
    document = {"wharf": {"cause": f"you sent {secret}"}}
    assert secret not in str(failure(400, document).diagnostics())
