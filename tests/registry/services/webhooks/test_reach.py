"""Where a webhook may reach."""

from ipaddress import IPv4Address, ip_address

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wharf.errors import MalformedField
from wharf.registry.services.webhooks.reach import (
    HERE_FOR_SOME,
    OUT_OF_REACH,
    Reach,
    parse_target,
    require_reachable,
    why_not,
)


@pytest.mark.parametrize(
    "address",
    [
        "169.254.169.254",
        "169.254.0.1",
        "fe80::1",
        "::ffff:169.254.169.254",
        "::a9fe:a9fe",
        "64:ff9b::a9fe:a9fe",
        "2002:a9fe:a9fe::1",
        "fd00:ec2::254",
        "100.100.100.200",
        "168.63.129.16",
        "0.0.0.0",
        "0.1.2.3",
        "::",
        "224.0.0.1",
        "ff02::1",
        "255.255.255.255",
    ],
)
def test_link_local_addresses_and_the_services_of_clouds_are_out_of_reach(address: str) -> None:
    assert OUT_OF_REACH == why_not(ip_address(address), Reach.HERE)


@pytest.mark.parametrize("address", ["127.0.0.1", "127.8.8.8", "::1", "::ffff:127.0.0.1"])
def test_this_machine_is_for_administrators_alone(address: str) -> None:
    assert [HERE_FOR_SOME] * 2 == [why_not(ip_address(address), reach) for reach in (Reach.PUBLIC, Reach.PRIVATE)]
    assert why_not(ip_address(address), Reach.HERE) is None


@pytest.mark.parametrize("address", ["10.1.2.3", "192.168.1.1", "203.0.113.9", "2001:db8::1", "fd12:3456::1"])
def test_others_are_in_reach(address: str) -> None:
    assert why_not(ip_address(address), Reach.PRIVATE) is None


@pytest.mark.parametrize(
    "address",
    [
        "10.1.2.3",
        "172.31.0.1",
        "192.168.1.1",
        "100.64.0.1",
        "127.0.0.1",
        "169.254.169.254",
        "fd12:3456::1",
        "fec0::1",
        "::1",
        "::ffff:10.1.2.3",
        "::a01:203",
        "64:ff9b::a01:203",
        "64:ff9b:1::a01:203",
        "2002:a01:203::1",
    ],
)
def test_networks_that_are_somebodys_own_are_out_of_reach_where_only_public_ones_are_wanted(address: str) -> None:
    assert why_not(ip_address(address), Reach.PUBLIC) is not None


@pytest.mark.parametrize("address", ["8.8.8.8", "172.32.0.1", "2606:4700::1111", "64:ff9b::808:808"])
def test_public_addresses_are_in_reach_of_all(address: str) -> None:
    assert [None] * 3 == [why_not(ip_address(address), reach) for reach in Reach]


@given(st.integers(0, (1 << 16) - 1))
@settings(max_examples=50)
def test_no_spelling_of_a_link_local_address_is_in_reach(low: int) -> None:
    number = int(IPv4Address("169.254.0.0")) + low
    for wrapped in (f"::ffff:{IPv4Address(number)}", f"64:ff9b::{IPv4Address(number)}", str(IPv4Address(number))):
        assert OUT_OF_REACH == why_not(ip_address(wrapped), Reach.HERE)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "ci.example/hooks",
        "ftp://ci.example/",
        "file:///etc/passwd",
        "https://user:pass@ci.example/",
        "https://ci.example/#part",
        "https://ci.example:0/",
        "https://ci.example:99999/",
        "https://[::1/",
        "https:///hooks",
        "https://ci.example/a b",
        "https://ci.example/a\r\nX-Smuggled: yes",
        "https://größe.example/",
    ],
)
def test_what_is_no_address_of_a_receiver_is_refused(url: str) -> None:
    with pytest.raises(MalformedField) as refusal:
        parse_target(url)
    assert "pass" not in str(refusal.value)


def test_an_address_is_taken_apart() -> None:
    target = parse_target("https://ci.example:8443/hooks/a?key=k3y")
    assert ("ci.example:8443", "/hooks/a?key=k3y") == (target.authority, target.path)


def test_the_usual_port_is_not_told() -> None:
    assert "[2001:db8::1]" == parse_target("http://[2001:db8::1]").authority


def test_a_number_that_is_out_of_reach_is_refused_at_once() -> None:
    with pytest.raises(MalformedField):
        require_reachable(parse_target("http://169.254.169.254/latest/meta-data"), Reach.HERE)


@pytest.mark.parametrize(
    ("url", "reach", "step"),
    [
        ("http://169.254.169.254/", Reach.HERE, "name another host"),
        ("http://127.0.0.1/", Reach.PUBLIC, "have an administrator set it up"),
        ("http://10.0.0.7/", Reach.PUBLIC, 'webhook-networks = "all"'),
    ],
)
def test_a_refusal_says_how_else_it_could_be(url: str, reach: Reach, step: str) -> None:
    with pytest.raises(MalformedField) as refusal:
        require_reachable(parse_target(url), reach)
    assert step in refusal.value.diagnostics().next_step


def test_a_name_is_looked_at_when_it_is_connected_to() -> None:
    require_reachable(parse_target("http://metadata.example/"), Reach.PUBLIC)


@given(st.text(max_size=60))
@settings(max_examples=100)
def test_any_text_is_an_address_or_is_refused(text: str) -> None:
    try:
        target = parse_target(f"https://{text}")
    except MalformedField:
        return
    assert target.host
    assert "\r" not in target.path + target.host
    assert "\n" not in target.path + target.host
