"""Where a redirect leads, and what does not go along."""

import pytest

from wharf.client.line.redirect import MOST_REDIRECTS, Hop, is_redirect, next_hop
from wharf.client.origin import Address
from wharf.errors import RemoteMisbehaved


def address(url: str) -> Address:
    return Address.parse(url, "r")


HOME = address("https://registry.example/v2/a/blobs/b")


def hop(location: str, *path: Address) -> Hop:
    return next_hop("r", path or (HOME,), location)


@pytest.mark.parametrize(
    "location", ["/elsewhere", "https://registry.example/x", "https://registry.example:443/x", "?a=b"]
)
def test_credentials_go_along_within_one_origin(location: str) -> None:
    assert hop(location).keeps_credentials


@pytest.mark.parametrize(
    "location",
    ["https://store.example/x", "//store.example/x", "https://registry.example:444/x", "https://a.registry.example/"],
)
def test_credentials_go_nowhere_else(location: str) -> None:
    assert not hop(location).keeps_credentials


def test_from_plain_http_to_tls_is_another_origin() -> None:
    assert not hop("https://a:5000/x", address("http://a:5000/x")).keeps_credentials


@pytest.mark.parametrize(
    "location", ["http://registry.example/x", "http://store.example/x", "https://registry.example/v2/a/blobs/b", "ftp://a/b",
                 "https://user:pass@a/b", "https://[::1/", "x" * 20_000],
)  # fmt: skip
def test_some_redirects_are_not_followed(location: str) -> None:
    with pytest.raises(RemoteMisbehaved):
        hop(location)


def test_a_circle_is_noticed() -> None:
    with pytest.raises(RemoteMisbehaved, match="circle"):
        hop("/v2/a/blobs/b", HOME, address("https://registry.example/other"))


def test_a_chain_has_an_end() -> None:
    path = tuple(address(f"https://registry.example/{number}") for number in range(MOST_REDIRECTS + 1))
    with pytest.raises(RemoteMisbehaved, match=f"more than {MOST_REDIRECTS}"):
        hop("/next", *path)


def test_a_refusal_does_not_show_what_was_signed() -> None:
    with pytest.raises(RemoteMisbehaved) as caught:
        hop("http://store.example/x?Signature=hunter2")
    assert "hunter2" not in str(caught.value.diagnostics())


def test_a_forgotten_escape_is_made_good() -> None:
    assert address("https://store.example/a%20b") == hop(" https://store.example/a b ").address


@pytest.mark.parametrize(
    ("method", "status", "location", "expected"),
    [("GET", 307, "/x", True), ("HEAD", 302, "/x", True), ("GET", 304, "/x", False), ("GET", 201, "/x", False),
     ("GET", 307, None, False), ("GET", 307, "", False), ("POST", 307, "/x", False), ("PUT", 308, "/x", False)],
)  # fmt: skip
def test_only_reading_is_redirected(method: str, status: int, location: str | None, expected: bool) -> None:
    assert expected is is_redirect(method, status, location)
