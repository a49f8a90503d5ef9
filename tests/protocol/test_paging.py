"""Pages: n is clamped and never refused for its size, and Link leads on."""

from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.oci.hostile import ENORMOUS_TEXTS, cpu_seconds, read_or_refused, steady
from wharf.errors import MalformedQuery, WharfError
from wharf.protocol.paging import LONGEST_LAST, PageRequest, next_link, parse_page

DEFAULT, LIMIT = 100, 1000


def page(n: str | None, last: str | None = None) -> PageRequest:
    return parse_page(n, last, DEFAULT, LIMIT)


@pytest.mark.parametrize(
    ("asked", "given"),
    [(None, DEFAULT), ("0", 0), ("1", 1), ("1000", LIMIT), ("1001", LIMIT), ("007", 7), ("9" * 100_000, LIMIT),
     ("0" * 100_000, 0)],
)  # fmt: skip
def test_the_number_of_entries_is_clamped(asked: str | None, given: int) -> None:
    assert given == page(asked).n


@pytest.mark.parametrize("n", ["", "-1", "+1", "ten", "1.0", "1e3", " 1", "1\n", "\u0661", "0x10", "1_000"])
def test_what_is_no_number_is_refused_with_an_example(n: str) -> None:
    with pytest.raises(MalformedQuery) as caught:
        page(n)
    assert ("n", "ask with, for example, n=100") == (caught.value.where, caught.value.diagnostics().next_step)


@pytest.mark.parametrize("last", [None, ""])
def test_without_a_last_entry_it_is_the_first_page(last: str | None) -> None:
    assert page("5", last).last is None


@pytest.mark.parametrize("last", ["v1.0", "team/app", "no such tag", "sha256:abc", "x" * LONGEST_LAST])
def test_any_printable_text_can_be_the_last_entry(last: str) -> None:
    assert last == page(None, last).last


@pytest.mark.parametrize("last", ["a\x00", "a\n", "ä", "\ud800", "x" * (LONGEST_LAST + 1)])
def test_what_cannot_have_been_an_entry_is_refused(last: str) -> None:
    with pytest.raises(MalformedQuery) as caught:
        page(None, last)
    assert "last" == caught.value.where


def test_the_link_leads_to_the_next_page() -> None:
    assert '</v2/app/tags/list?n=2&last=v2>; rel="next"' == next_link("/v2/app/tags/list", 2, "v2")


def test_a_space_in_the_link_is_no_plus() -> None:
    """A plus in a query is a plus to the registry, for media types have one."""
    link = next_link("/v2/app/referrers/x", 2, "a", [("artifactType", "application/x+own; v=1&2")])

    assert "artifactType=application%2Fx%2Bown%3B%20v%3D1%262>" in link.replace("application/", "application%2F")


def test_the_link_repeats_what_else_was_asked_for() -> None:
    link = next_link("/v2/app/referrers/x", 2, "sha256:a", [("artifactType", "application/x+y")])
    assert '</v2/app/referrers/x?n=2&last=sha256%3Aa&artifactType=application%2Fx%2By>; rel="next"' == link


@given(st.integers(1, LIMIT), st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1))
@steady
def test_who_follows_the_link_asks_for_what_it_says(n: int, last: str) -> None:
    url = next_link("/v2/_catalog", n, last).removeprefix("<").removesuffix('>; rel="next"')
    query = dict(parse_qsl(urlsplit(url).query))
    assert PageRequest(n, last) == page(query["n"], query["last"])


@given(st.text(), st.text())
@steady
def test_any_query_is_a_page_within_the_limit_or_refused(n: str, last: str) -> None:
    outcome = read_or_refused(lambda text: page(text, last), n)
    assert isinstance(outcome, WharfError) or 0 <= outcome.n <= LIMIT


@pytest.mark.parametrize("kind", ENORMOUS_TEXTS)
def test_an_enormous_query_is_settled_at_once(kind: str) -> None:
    assert cpu_seconds(page, ENORMOUS_TEXTS[kind]) < 0.05
    assert cpu_seconds(lambda text: page(None, text), ENORMOUS_TEXTS[kind]) < 0.05
