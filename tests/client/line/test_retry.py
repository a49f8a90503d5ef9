"""What is tried again, and when."""

import io
from email.utils import formatdate

import pytest

from wharf.client.line.retry import (
    Failure,
    backoff,
    is_repeatable,
    seconds_to_wait,
    wait_after_failure,
    wait_after_status,
)
from wharf.client.message import Request, Upload
from wharf.client.settings import Retries

NOW = 1_800_000_000.0
RETRIES = Retries(times=3, first_wait=1.0, longest_wait=60.0)
GET = Request("GET", "/v2/")
POST = Request("POST", "/v2/a/blobs/uploads/")
STREAMED = Request("PUT", "/v2/a/blobs/uploads/1", body=Upload(io.BytesIO(b""), 0))


def after(request: Request, status: int, retry_after: str | None = None, tried: int = 0) -> float | None:
    return wait_after_status(request, status, retry_after, tried, RETRIES, 0.0, NOW)


@pytest.mark.parametrize(
    ("request_", "repeatable"),
    [
        (GET, True),
        (Request("HEAD", "/"), True),
        (Request("DELETE", "/v2/a/manifests/b"), True),
        (Request("PUT", "/v2/a/manifests/b", body=b"{}"), True),
        (Request("PUT", "/v2/a/blobs/uploads/1", body=b""), False),
        (POST, False),
        (Request("PATCH", "/v2/a/blobs/uploads/1", body=b"x"), False),
        (STREAMED, False),
        (Request("PUT", "/v2/a/manifests/b", body=Upload(io.BytesIO(b""))), False),
    ],
)
def test_only_what_comes_to_the_same_is_repeated(request_: Request, repeatable: bool) -> None:
    assert repeatable is is_repeatable(request_)


@pytest.mark.parametrize("status", [408, 429, 499, 500, 502, 503, 504, 522])
def test_what_may_pass_is_tried_again(status: int) -> None:
    assert 1.0 == after(GET, status)


@pytest.mark.parametrize("status", [200, 301, 400, 401, 403, 404, 416, 501])
def test_what_will_not_pass_stands(status: int) -> None:
    assert after(GET, status) is None


def test_patience_ends() -> None:
    assert after(GET, 503, tried=2) is not None
    assert after(GET, 503, tried=3) is None


def test_what_is_not_repeatable_is_repeated_only_if_it_was_not_done() -> None:
    assert after(POST, 503) is None
    assert 1.0 == after(POST, 429)


def test_a_body_that_is_read_while_it_is_sent_is_sent_once() -> None:
    assert after(STREAMED, 429) is None
    assert wait_after_failure(STREAMED, Failure(sent=True), 0, RETRIES, 0.0) is None


@pytest.mark.parametrize(("asked", "wait"), [("7", 7.0), ("0", 0.0), ("60", 60.0), ("61", None), ("9" * 99, None)])
def test_a_registry_that_asks_for_a_wait_is_waited_for_within_reason(asked: str, wait: float | None) -> None:
    assert wait == after(GET, 429, asked)


@pytest.mark.parametrize("asked", ["", "soon", "-5", "1.5", "٣", "Mon, 99 Foo 2026", "\0"])
def test_a_wait_that_cannot_be_read_is_none(asked: str) -> None:
    assert 1.0 == after(GET, 429, asked)


@pytest.mark.parametrize(("offset", "wait"), [(30, 30.0), (-30, 0.0)])
def test_a_wait_may_be_a_date(offset: int, wait: float) -> None:
    assert wait == seconds_to_wait(formatdate(NOW + offset, usegmt=True), NOW)


def test_waits_double_and_have_an_end() -> None:
    assert [1.0, 2.0, 4.0, 8.0] == [backoff(tried, RETRIES, 0.0) for tried in range(4)]
    assert 60.0 == backoff(10_000, RETRIES, 0.0)


def test_chance_spreads_those_who_wait() -> None:
    assert (1.0, 0.5) == (backoff(0, RETRIES, 0.0), backoff(0, RETRIES, 1.0))


@pytest.mark.parametrize(
    ("request_", "failure", "again"),
    [
        (GET, Failure(sent=True), True),
        (GET, Failure(sent=False), True),
        (GET, Failure(sent=False, is_final=True), False),
        (POST, Failure(sent=True), False),
        (POST, Failure(sent=False), True),
        (STREAMED, Failure(sent=False), True),
    ],
)
def test_after_a_failure_it_matters_whether_anything_was_sent(request_: Request, failure: Failure, again: bool) -> None:
    assert again is (wait_after_failure(request_, failure, 0, RETRIES, 0.0) is not None)
