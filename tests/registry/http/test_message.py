"""Queries and lengths as they are written: read, or refused, and never anything else."""

from urllib.parse import quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.oci.hostile import cpu_seconds, read_or_refused, steady
from wharf.errors import MalformedHeader, MalformedQuery
from wharf.registry.http.body import Allowance, Body, Patience
from wharf.registry.http.message import Query, Reply, Request
from wharf.registry.services.access import ANYBODY
from wharf.testing.registry import Wire

words = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)


def with_length(text: bytes) -> Request:
    body = Body(Wire().receive, Patience(), Allowance())
    return Request("PUT", "/v2/", Query(), {b"content-length": text}, body, ANYBODY, "id")


@steady
@given(pairs=st.lists(st.tuples(words.filter(bool), words), max_size=5))
def test_what_is_encoded_is_read_again_in_its_order(pairs: list[tuple[str, str]]) -> None:
    raw = "&".join(f"{quote_plus(name)}={quote_plus(text)}".replace("+", "%20") for name, text in pairs)
    assert tuple(pairs) == Query.parse(raw.encode()).pairs


@steady
@given(raw=st.binary(max_size=40) | st.text("%&=+;af0\x00é", max_size=30).map(str.encode))
def test_any_bytes_are_a_query_that_can_be_asked_or_refused(raw: bytes) -> None:
    query = read_or_refused(Query.parse, raw)
    if isinstance(query, Query):
        assert all(query.get(name) == query.all(name)[0] for name, _ in query.pairs)
    else:
        assert isinstance(query, MalformedQuery)


@pytest.mark.parametrize(
    ("raw", "pairs"),
    [
        (b"", ()),
        (b"artifactType=a/b+json", (("artifactType", "a/b+json"),)),
        (b"n=1&n=2", (("n", "1"), ("n", "2"))),
        (b"n=&last", (("n", ""), ("last", ""))),
        (b"n=1;last=a", (("n", "1;last=a"),)),
        (b"n=%2531", (("n", "%31"),)),
        (b"&&=&", (("", ""),)),
    ],
)
def test_a_query_is_read_as_clients_write_it(raw: bytes, pairs: tuple[tuple[str, str], ...]) -> None:
    assert pairs == Query.parse(raw).pairs


@pytest.mark.parametrize("raw", [b"n=%ff", b"n=%c0%ae", b"n=%ed%a0%80", b"\xc3\xa9", b"n=1&" * 300])
def test_what_is_no_text_or_too_much_is_refused(raw: bytes) -> None:
    assert isinstance(read_or_refused(Query.parse, raw), MalformedQuery)


@pytest.mark.parametrize("raw", [b"%" * 60_000, b"&" * 60_000, b"=" * 60_000, b"+" * 60_000, b"a=" + b"%61" * 20_000])
def test_a_long_query_is_settled_soon(raw: bytes) -> None:
    assert cpu_seconds(Query.parse, raw) < 0.1


@steady
@given(text=st.binary(max_size=24) | st.integers(-5, 10**25).map(lambda number: str(number).encode()))
def test_any_length_is_a_number_of_bytes_or_refused(text: bytes) -> None:
    length = read_or_refused(lambda given: with_length(given).content_length, text)
    if isinstance(length, int):
        assert text.lstrip(b"0") == (str(length).encode() if length else b"")
    else:
        assert isinstance(length, MalformedHeader)


def test_a_refusal_to_head_says_nothing_of_a_length() -> None:
    lines = ((b"content-type", b"application/json"), (b"content-length", b"7"))
    assert Reply(404, lines[:1]) == Reply(404, lines, b"{ ... }").to_head()
    assert Reply(200, lines) == Reply(200, lines, b"{ ... }").to_head()
