"""Addresses in messages hold no secrets."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.oci.hostile import steady
from wharf.protocol.shown_address import shown_address


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("https://ada:sesame@store.example:8443/a/b?Signature=sesame#sesame", "https://store.example:8443/a/b"),
        ("//ada:sesame@store.example", "//store.example"),
        ("/v2/x@y/uploads/1?_state=sesame", "/v2/x@y/uploads/1"),
        ("https://a@b@c/", "https://c/"),
        ("https://[::1", "https://[::1"),
        ("https://a/\x1b[2J", r"https://a/\x1b[2J"),
        ("", ""),
    ],
)
def test_user_query_and_fragment_are_left_out(address: str, told: str) -> None:
    assert told == shown_address(address)


@given(st.text())
@steady
def test_any_text_is_shown_printable(text: str) -> None:
    assert shown_address(f"https://{text}").isprintable()
