import asyncio
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wharf.registry.http.api.operation import ApiRequest
from wharf.registry.http.api.paging import linked
from wharf.registry.http.api.parameters import ApiPage
from wharf.registry.http.body import Allowance, Body, Patience
from wharf.registry.http.message import Query, Request
from wharf.registry.services.access import ANYBODY

_is_link = re.compile(r'<(?P<address>[^>]+)>; rel="(?P<relation>\w+)"').fullmatch


def links(query: str, page: ApiPage, total: int, path: bytes = b"/api/things") -> dict[str, str]:
    """The addresses by what they are to this page."""
    body = Body(asyncio.Event().wait, Patience(), Allowance())  # type: ignore[arg-type]
    parsed = Query.parse(query.encode())
    wire = Request("GET", path.decode(), parsed, {}, body, ANYBODY, "1", path)
    told = linked(ApiRequest(ANYBODY, {}, parsed, {}, "https://here", wire), page, total)
    found = [_is_link(link) for _, value in told for link in value.decode().split(", ")]
    return {link["relation"]: link["address"] for link in found if link}


def test_a_list_on_one_page_has_no_links() -> None:
    assert links("", ApiPage(1, 30), 30) == {}


def test_the_first_page_leads_on_and_to_the_last() -> None:
    assert links("", ApiPage(1, 30), 61) == {
        "next": "https://here/api/things?page=2",
        "last": "https://here/api/things?page=3",
    }


def test_the_last_page_leads_back() -> None:
    assert links("page=3", ApiPage(3, 30), 61) == {
        "prev": "https://here/api/things?page=2",
        "first": "https://here/api/things?page=1",
    }


def test_a_page_past_the_last_leads_back_to_it() -> None:
    assert links("page=9", ApiPage(9, 30), 61)["prev"] == "https://here/api/things?page=3"


def test_what_else_was_asked_is_asked_again_as_it_was_escaped() -> None:
    told = links("state=a&page=1&q=a+b%20c", ApiPage(1, 1), 2, b"/api/things/crew%2Fapp")
    assert told["next"] == "https://here/api/things/crew%2Fapp?state=a&q=a%2Bb%20c&page=2"


@pytest.mark.slow
@pytest.mark.parametrize("size", [1, 7, 100])
@given(total=st.integers(0, 1000))
@settings(max_examples=50, deadline=None)
def test_following_next_shows_every_row_once(size: int, total: int) -> None:
    number, shown = 1, 0
    while True:
        shown += max(0, min(size, total - (number - 1) * size))
        onward = links(f"page={number}", ApiPage(number, size), total).get("next")
        if onward is None:
            break
        number = int(onward.rpartition("page=")[2])
    assert shown == total
