"""Addresses and who answers there."""

import pytest

from wharf.client.origin import Address, Origin, host_of_registry, is_loopback, is_named_insecure, origin_of_registry
from wharf.errors import MalformedReference, RemoteMisbehaved


def address(url: str) -> Address:
    return Address.parse(url, "registry.example")


@pytest.mark.parametrize(
    ("url", "origin", "target"),
    [
        ("https://a/v2/", Origin("https", "a", 443), "/v2/"),
        ("http://A:5000", Origin("http", "a", 5000), "/"),
        ("https://[::1]:5000/x?y=z#w", Origin("https", "::1", 5000), "/x?y=z"),
        ("https://a:443/x?", Origin("https", "a", 443), "/x"),
    ],
)
def test_an_address_is_an_origin_and_what_is_asked_of_it(url: str, origin: Origin, target: str) -> None:
    assert Address(origin, target) == address(url)


@pytest.mark.parametrize(
    ("origin", "authority"),
    [
        (Origin("https", "a", 443), "a"),
        (Origin("http", "a", 443), "a:443"),
        (Origin("http", "a", 80), "a"),
        (Origin("https", "::1", 5000), "[::1]:5000"),
    ],
)
def test_the_usual_port_is_not_written(origin: Origin, authority: str) -> None:
    assert authority == origin.authority


@pytest.mark.parametrize(
    "url",
    ["", "a", "//a/b", "ftp://a/", "https:///x", "https://a:b/", "https://a:99999/", "https://u@a/", "https://u:p@a/",
     "https://a/ b", "https://a/\r\nHost: b", "https://ä/", "https://a/ä", "https://[::1/", "file:///etc/passwd",
     "https://a:0/", "https://a..b/", "https://.a/", f"https://{'a' * 64}.b/"],
)  # fmt: skip
def test_an_address_that_nothing_can_be_sent_to_is_refused(url: str) -> None:
    with pytest.raises(RemoteMisbehaved):
        address(url)


def test_for_messages_an_address_has_no_query() -> None:
    assert "https://a/x" == address("https://a/x?Signature=secret").without_query


def test_docker_hub_answers_at_another_name() -> None:
    assert "registry-1.docker.io" == host_of_registry("docker.io")
    assert "ghcr.io" == host_of_registry("ghcr.io")


@pytest.mark.parametrize(
    ("host", "here"),
    [("localhost", True), ("127.0.0.1", True), ("127.9.8.7", True), ("::1", True), ("localhost.example", False),
     ("128.0.0.1", False), ("127.0.0.1.example", False), ("10.0.0.1", False)],
)  # fmt: skip
def test_this_machine_is_known_by_its_names(host: str, here: bool) -> None:
    assert here is is_loopback(host)


@pytest.mark.parametrize(
    ("names", "is_named"),
    [({"a:5000"}, True), ({"a"}, True), ({"a:5001"}, False), ({"b"}, False), (set(), False)],
)
def test_only_who_is_named_is_insecure(names: set[str], is_named: bool) -> None:
    assert is_named is is_named_insecure(Origin("https", "a", 5000), frozenset(names))


def test_an_ipv6_address_is_named_in_brackets() -> None:
    assert is_named_insecure(Origin("https", "::1", 5000), frozenset({"[::1]:5000"}))


def test_a_registry_is_asked_at_its_host() -> None:
    assert Origin("https", "registry-1.docker.io", 443) == origin_of_registry("https", "docker.io")
    assert Origin("http", "::1", 5000) == origin_of_registry("http", "[::1]:5000")


@pytest.mark.parametrize("registry", ["", "a b", "a:0", "a:99999", "x@y", "[::1", "d\u00f3cker.example", "a/b\n"])
def test_a_name_that_no_registry_can_have_is_not_a_registrys_fault(registry: str) -> None:
    with pytest.raises(MalformedReference):
        origin_of_registry("https", registry)
