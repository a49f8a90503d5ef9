"""Addresses of the JSON API: any text is a segment."""

from urllib.parse import unquote

from hypothesis import given
from hypothesis import strategies as st

from wharf.protocol.api_paths import github, own
from wharf.registry.http.api import operation


def test_own_addresses_stand_where_the_registry_serves_them() -> None:
    assert own() == operation.OWN
    assert github() in operation.GITHUB


def test_a_repository_is_one_segment() -> None:
    assert "/api/wharf/v1/packages/crew%2Fapp/tags/1.0/history" == own("packages", "crew/app", "tags", "1.0", "history")


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), min_size=1)))
def test_each_segment_comes_back_as_it_was(segments: list[str]) -> None:
    assert segments == [unquote(part) for part in own(*segments).split("/")[4:]]
