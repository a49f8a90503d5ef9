import asyncio
import json
from collections.abc import Sequence

import pytest

from tests.registry.http.api.api_rows import row
from wharf.registry.http.api.operation import Parameter, Place
from wharf.registry.http.api.parameters import PAGE, PER_PAGE
from wharf.registry.http.api.site import ApiSite
from wharf.registry.http.body import Allowance, Body, Patience
from wharf.registry.http.message import Query, Reply, Request
from wharf.registry.http.origin import Origin
from wharf.registry.http.site import replied
from wharf.registry.services.access import ANYBODY
from wharf.testing.registry import Wire

SITE = ApiSite(
    [
        row("GET", "/things", (PAGE, PER_PAGE, Parameter("state", Place.QUERY, "Which.", {"enum": ["a", "b"]}))),
        row("GET", "/needy", (Parameter("what", Place.QUERY, "Say what.", {"type": "string"}, required=True),)),
        row("POST", "/things", body={"required": ["name"], "properties": {"name": {"type": "string"}}}),
        row("POST", "/things/{id}/again"),
        row("GET", "/things/{id}"),
    ],
    Origin("https://registry.example"),
)


def asked(
    method: str, target: str, pieces: Sequence[bytes] = (b"",), headers: dict[bytes, bytes] | None = None
) -> Reply:
    path, _, query = target.partition("?")
    body = Body(Wire(pieces).receive, Patience(silence_seconds=1), Allowance())
    request = Request(method, path, Query.parse(query.encode()), headers or {}, body, ANYBODY, "1", path.encode())
    return asyncio.run(replied(SITE, request))


def said(reply: Reply) -> str:
    assert isinstance(reply.body, bytes)
    return str(json.loads(reply.body)["message"])


def test_head_answers_as_get() -> None:
    get, head = asked("GET", "/things"), asked("HEAD", "/things")

    assert (200, get.headers) == (head.status, head.headers)


def test_nothing_is_kept_by_caches() -> None:
    assert (b"cache-control", b"no-store") in asked("GET", "/things").headers
    assert (b"cache-control", b"no-store") in asked("GET", "/things/1").headers


def test_who_knows_an_answer_is_not_told_it_again() -> None:
    known = dict(asked("GET", "/things").headers)[b"etag"]
    again = asked("GET", "/things", headers={b"if-none-match": known})
    other = asked("GET", "/things/crew", headers={b"if-none-match": known})

    assert (304, b"", known) == (again.status, again.body, dict(again.headers)[b"etag"])
    assert set() == {b"content-type", b"content-length"} & dict(again.headers).keys()
    assert 304 == asked("HEAD", "/things", headers={b"if-none-match": b'"old", ' + known}).status
    assert 200 == other.status


def test_what_changes_something_has_no_etag() -> None:
    answer = asked("POST", "/things", (b'{"name": "a"}',), {b"if-none-match": b"*"})

    assert (200, False) == (answer.status, b"etag" in dict(answer.headers))


@pytest.mark.parametrize("kind", [b"text/html", b"application/vnd.github+json", b"application/vnd.github.raw", b"?;"])
def test_whatever_kind_is_asked_for_is_answered_as_json(kind: bytes) -> None:
    answer = asked("GET", "/things", headers={b"accept": kind, b"x-github-api-version": b"1999-01-01"})

    assert 200 == answer.status
    assert b"application/json; charset=utf-8" == dict(answer.headers)[b"content-type"]
    assert b"2022-11-28" == dict(answer.headers)[b"x-github-api-version-selected"]


def test_another_method_is_told_which_there_are() -> None:
    refused = asked("DELETE", "/things")

    assert (405, True) == (refused.status, (b"allow", b"GET, HEAD, POST") in refused.headers)


@pytest.mark.parametrize("method", ["OPTIONS", "TRACE", "PROPFIND", "get", "CONNECT"])
def test_what_it_does_not_know_is_refused(method: str) -> None:
    assert 405 == asked(method, "/things").status


def test_no_other_origin_is_invited() -> None:
    answer = asked("GET", "/things", headers={b"origin": b"https://elsewhere.example"})

    assert [] == [name for name, _ in answer.headers if name.startswith(b"access-control")]


@pytest.mark.parametrize(
    ("target", "status"),
    [
        ("/things?page=2&per_page=5", 200),
        ("/things?strange=1&page=1", 200),
        ("/things?page=0", 422),
        ("/things?page=-1", 422),
        ("/things?page=", 422),
        ("/things?page=1e3", 422),
        ("/things?page=%D9%A1", 422),
        ("/things?per_page=" + "9" * 400, 422),
        ("/things?state=c", 422),
        ("/needy", 422),
        ("/needy?what=", 200),
    ],
)
def test_a_query_follows_its_schema(target: str, status: int) -> None:
    assert status == asked("GET", target).status


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b'{"name": "a"}', 200),
        (b'{"name": "a", "more": 1}', 422),
        (b"", 422),
        (b"{}", 422),
        (b'{"name": null}', 422),
        (b"[]", 400),
        (b'"name"', 400),
        (b"name=a", 400),
        (b'{"name": "a"', 400),
        (b'{"name": "a", "name": "b"}', 400),
        (b'{"name": "\xff"}', 400),
        (b'{"name": "\\ud800"}', 400),
        (b'{"name": ' + b"[" * 100_000, 400),
        (b'{"name": ' + b"9" * 100_000 + b"}", 400),
        (b"\xef\xbb\xbf{}", 400),
        (b" " * ((1 << 20) + 1), 413),
    ],
)
def test_a_body_is_an_object_that_follows_its_schema(body: bytes, status: int) -> None:
    assert status == asked("POST", "/things", (body,)).status


@pytest.mark.parametrize("kind", [b"text/plain", b"application/x-www-form-urlencoded", b"application/xml", b"\xff"])
def test_curl_may_say_that_it_were_a_form(kind: bytes) -> None:
    assert 200 == asked("POST", "/things", (b'{"name": "a"}',), {b"content-type": kind}).status


def test_a_body_may_come_in_pieces() -> None:
    assert 200 == asked("POST", "/things", (b'{"na', b'me": ', b'"a"}')).status


def test_a_body_that_nobody_asked_for_is_not_read() -> None:
    assert 200 == asked("POST", "/things/1/again", (b"{{{{",)).status


def test_a_refusal_says_what_was_wrong() -> None:
    assert "name is a text" == said(asked("POST", "/things", (b'{"name": 1}',)))
    assert "name is missing" == said(asked("POST", "/things"))


@pytest.mark.parametrize(
    "sent",
    [b"token=kept-to-oneself", b'["kept-to-oneself"]', b'{"password": "kept-to-oneself",}', b'"kept-to-oneself\xff"'],
)
def test_of_a_body_that_is_no_json_object_nothing_is_repeated(sent: bytes) -> None:
    reply = asked("POST", "/things", [sent])
    assert isinstance(reply.body, bytes)
    assert (400, True) == (reply.status, b"send one JSON object" in reply.body)
    assert b"kept" not in reply.body
