"""Where a response leads: relative or whole, with its query, never out of TLS, and lists never to another host."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.oci.hostile import steady
from wharf.client.location import location_of, next_page, with_query
from wharf.client.message import Headers, Response
from wharf.errors import RemoteMisbehaved

HERE = "https://registry.example:5000/v2/team/app/blobs/uploads/"


def leads_to(base: str = HERE, **headers: str) -> Response:
    return Response(202, Headers(headers.items()), b"", base)


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("/v2/team/app/blobs/uploads/u1", "https://registry.example:5000/v2/team/app/blobs/uploads/u1"),
        ("u1?_state=a%2Fb", HERE + "u1?_state=a%2Fb"),
        ("https://storage.example/u1?sig=x%3D", "https://storage.example/u1?sig=x%3D"),
        ("https://storage.example/u1#part", "https://storage.example/u1"),
        ("//storage.example/u1", "https://storage.example/u1"),
    ],
)
def test_an_address_is_completed(given: str, meant: str) -> None:
    assert meant == location_of("registry.example", leads_to(location=given))


@pytest.mark.parametrize(
    "given",
    ["", "http://registry.example:5000/u1", "ftp://registry.example/u1", "https://[::1/u1", "u 1",
     "https://x:99999/", "\x1b[2J", "ü", "u" * 20_000, "file:///etc/passwd", "javascript:alert(1)"],
)  # fmt: skip
def test_what_is_no_address_or_leads_out_of_tls_is_refused(given: str) -> None:
    with pytest.raises(RemoteMisbehaved):
        location_of("registry.example", leads_to(location=given))


def test_a_registry_that_does_not_know_of_its_proxys_tls_is_told_so() -> None:
    with pytest.raises(RemoteMisbehaved) as caught:
        location_of("registry.example", leads_to(location="http://registry.example:5000/v2/u1"))
    assert any("X-Forwarded-Proto" in line for line in caught.value.diagnostics().evidence)


def test_without_tls_there_is_none_to_lose() -> None:
    plain = leads_to("http://registry.example/v2/", location="/v2/u1")
    assert "http://registry.example/v2/u1" == location_of("registry.example", plain)


@pytest.mark.parametrize(
    ("address", "whole"),
    [("/v2/x", "/v2/x?n=1"), ("https://a.example/u?_state=b%2B", "https://a.example/u?_state=b%2B&n=1")],
)
def test_a_query_is_added_to_what_is_there(address: str, whole: str) -> None:
    assert whole == with_query(address, n="1")


def test_a_digest_in_a_query_is_encoded() -> None:
    assert "/u?digest=sha256%3Aab" == with_query("/u", digest="sha256:ab")


@pytest.mark.parametrize(
    ("link", "meant"),
    [
        ('</v2/team/app/tags/list?last=b&n=2>; rel="next"', "https://registry.example:5000/v2/team/app/tags/list?last=b&n=2"),
        ("</v2/t?n=2>;rel=next", "https://registry.example:5000/v2/t?n=2"),
        ('<http://registry.example/v2/t?n=2>; rel="next"', "https://registry.example:5000/v2/t?n=2"),
        ('</v2/a>; rel="prev", </v2/b,c>; rel="next"', "https://registry.example:5000/v2/b,c"),
        ('</v2/t>; title="x"; REL="Next"', "https://registry.example:5000/v2/t"),
    ],
)  # fmt: skip
def test_the_next_page_is_found(link: str, meant: str) -> None:
    assert meant == next_page("registry.example", leads_to(link=link))


@pytest.mark.parametrize("link", ["", '</v2/a>; rel="prev"', "</v2/a>", "next", '<>; rel="nextdoor"'])
def test_where_no_page_follows_there_is_none(link: str) -> None:
    assert None is next_page("registry.example", leads_to(link=link))


def test_a_list_is_not_continued_elsewhere() -> None:
    with pytest.raises(RemoteMisbehaved):
        next_page("registry.example", leads_to(link='<https://elsewhere.example/v2/t>; rel="next"'))


@given(st.text())
@steady
def test_any_text_is_an_address_or_refused(text: str) -> None:
    for ask in (location_of, next_page):
        try:
            found = ask("registry.example", leads_to(location=text, link=f'<{text}>; rel="next"'))
        except RemoteMisbehaved:
            continue
        assert found is None or found.startswith("https://")


@pytest.mark.parametrize(
    "given", ["http://ada:sesame@store.example/u?sig=sesame", "ftp://store.example/?sig=sesame", "u 1?sig=sesame"]
)
def test_what_is_refused_is_told_without_the_secrets_in_it(given: str) -> None:
    with pytest.raises(RemoteMisbehaved) as caught:
        location_of("registry.example", leads_to(location=given))
    assert "sesame" not in str(caught.value.diagnostics())
    with pytest.raises(RemoteMisbehaved) as caught:
        next_page("registry.example", leads_to(link=f'<{given.replace("u 1", "//other.example/u")}>; rel="next"'))
    assert "sesame" not in str(caught.value.diagnostics())
