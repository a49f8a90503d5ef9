from collections.abc import Callable
from ipaddress import ip_network
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wharf.content.store import Durability
from wharf.errors import Malformed
from wharf.registry.settings.values import (
    Address,
    at_least,
    at_most,
    one_of,
    parse_address,
    parse_count,
    parse_duration,
    parse_networks,
    parse_path,
    parse_size,
    parse_truth,
    unless,
)

PARSERS: tuple[Callable[[str], object], ...] = (
    parse_address,
    parse_count,
    parse_duration,
    parse_networks,
    parse_path,
    parse_size,
    parse_truth,
    one_of(Durability),
    unless("never", at_least(1.0, "1s", parse_duration)),
)


@settings(max_examples=200)
@given(text=st.text() | st.from_regex(r"[0-9.:\[\]/,a-z%-]{0,30}", fullmatch=True))
def test_any_text_is_read_or_refused_with_a_next_step(text: str) -> None:
    for parse in PARSERS:
        assert next_step(parse, text) != "", parse


def next_step(parse: Callable[[str], object], text: str) -> str | None:
    try:
        parse(text)
    except Malformed as error:
        return error.diagnostics().next_step
    return None


@pytest.mark.parametrize(
    ("text", "host", "port"),
    [
        ("127.0.0.1:5000", "127.0.0.1", 5000),
        ("127.0.0.1", "127.0.0.1", 5000),
        ("5001", "127.0.0.1", 5001),
        (":5001", "0.0.0.0", 5001),
        ("localhost:5001", "127.0.0.1", 5001),
        ("LOCALHOST", "127.0.0.1", 5000),
        ("[::1]:5001", "::1", 5001),
        ("[0:0:0:0:0:0:0:1]", "::1", 5000),
        ("192.0.2.7:65535", "192.0.2.7", 65535),
    ],
)
def test_an_address_is_read(text: str, host: str, port: int) -> None:
    assert Address(host, port) == parse_address(text)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "not an address and a port"),
        ("::1", "brackets"),
        ("::1:5000", "brackets"),
        ("[127.0.0.1]:5000", "no IPv6 address in the brackets"),
        ("[::1:5000", "not an address and a port"),
        ("[::1", "not an address and a port"),
        ("[::1]5000", "not an address and a port"),
        ("[fe80::1%eth0]:5000", "not an address and a port"),
        ("registry.example:5000", "not an address and a port"),
        ("http://127.0.0.1:5000", "brackets"),
        ("127.1:5000", "not an address and a port"),
        ("127.0.0.1:", "1 to 65535"),
        ("127.0.0.1:0", "1 to 65535"),
        ("0", "1 to 65535"),
        ("127.0.0.1:65536", "1 to 65535"),
        ("127.0.0.1:+80", "1 to 65535"),
        ("127.0.0.1:٥٠٠٠", "1 to 65535"),
    ],
)
def test_what_is_no_address_is_refused(text: str, reason: str) -> None:
    with pytest.raises(Malformed, match=reason):
        parse_address(text)


@pytest.mark.parametrize(("host", "written"), [("127.0.0.1", "127.0.0.1:80"), ("::1", "[::1]:80")])
def test_an_address_is_written_as_it_stands_in_a_url(host: str, written: str) -> None:
    assert written == str(Address(host, 80))


@pytest.mark.parametrize(
    ("host", "loopback"),
    [
        ("127.0.0.1", True),
        ("127.255.255.254", True),
        ("::1", True),
        ("0.0.0.0", False),
        ("::", False),
        ("128.0.0.1", False),
        ("::ffff:127.0.0.1", False),
        ("192.0.2.1", False),
    ],
)
def test_loopback_is_told_from_what_others_reach(host: str, loopback: bool) -> None:
    assert loopback is Address(host, 80).is_loopback


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("90s", 90),
        ("10m", 600),
        ("6h", 21_600),
        ("30d", 2_592_000),
        ("90", 90),
        ("0", 0),
        ("1.5", 1.5),
        ("0.5h", 1800),
        ("2.592e+06", 2_592_000),
    ],
)
def test_a_duration_is_read_in_seconds(text: str, seconds: float) -> None:
    assert seconds == parse_duration(text)


@pytest.mark.parametrize("text", ["", "s", "-1", "1 h", "1w", "6H", "nan", "inf", "1e99", "99999999999", "٣s", "1h30m"])
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(Malformed):
        parse_duration(text)


@given(st.floats(min_value=0, max_value=1e9))
def test_a_duration_that_another_process_printed_is_read(seconds: float) -> None:
    assert pytest.approx(float(f"{seconds:g}")) == parse_duration(f"{seconds:g}")


@pytest.mark.parametrize(
    ("text", "size"),
    [("4194304", 4 << 20), ("4MiB", 4 << 20), ("4 MiB", 4 << 20), ("5MB", 5_000_000), ("1GiB", 1 << 30), ("7B", 7)],
)
def test_a_size_is_read_in_bytes(text: str, size: int) -> None:
    assert size == parse_size(text)


@pytest.mark.parametrize("text", ["", "MiB", "4mib", "4.5MiB", "-4", "4M", "0x10"])
def test_what_is_no_size_is_refused(text: str) -> None:
    with pytest.raises(Malformed, match="not a size"):
        parse_size(text)


@pytest.mark.parametrize(("text", "number"), [("0", 0), ("007", 7), ("12", 12)])
def test_a_count_is_read(text: str, number: int) -> None:
    assert number == parse_count(text)


@pytest.mark.parametrize("text", ["", "-1", "1.0", "1_0", "two", "9999999999"])
def test_what_is_no_count_is_refused(text: str) -> None:
    with pytest.raises(Malformed, match="whole number"):
        parse_count(text)


@pytest.mark.parametrize(("text", "value"), [("true", True), ("Yes", True), ("1", True), ("off", False), ("0", False)])
def test_true_and_false_are_read(text: str, value: bool) -> None:
    assert value is parse_truth(text)


def test_what_is_neither_true_nor_false_is_refused() -> None:
    with pytest.raises(Malformed, match="neither true nor false"):
        parse_truth("perhaps")


def test_a_path_is_read() -> None:
    assert Path("a/b") == parse_path("a/b")


@pytest.mark.parametrize(("text", "reason"), [("", "not a path"), ("a\0b", "not a path"), ("~/data", "only a shell")])
def test_what_is_no_path_is_refused(text: str, reason: str) -> None:
    with pytest.raises(Malformed, match=reason):
        parse_path(text)


def test_networks_stand_between_commas() -> None:
    expected = (ip_network("10.0.0.0/8"), ip_network("192.0.2.7/32"), ip_network("::1/128"))
    assert expected == parse_networks("10.0.0.0/8, 192.0.2.7,::1")


@pytest.mark.parametrize("text", ["none", ""])
def test_no_network_at_all_can_be_said(text: str) -> None:
    assert parse_networks(text) == ()


@pytest.mark.parametrize(
    ("text", "reason"), [("10.0.0.0/8,", "'' is not a network"), ("proxy", "'proxy' is not"), ("10.0.0.5/8", "inside")]
)
def test_what_is_no_network_is_refused(text: str, reason: str) -> None:
    with pytest.raises(Malformed, match=reason):
        parse_networks(text)


def test_an_address_inside_a_network_is_told_the_network() -> None:
    with pytest.raises(Malformed) as refused:
        parse_networks("10.0.0.5/8")
    assert refused.value.diagnostics().next_step == "write 10.0.0.0/8 or the address alone"


def test_a_choice_is_read() -> None:
    assert one_of(Durability)("relaxed") is Durability.RELAXED


def test_what_is_no_choice_is_told_all_choices() -> None:
    with pytest.raises(Malformed, match="none of: full, relaxed"):
        one_of(Durability)("FULL")


def test_one_word_stands_for_nothing() -> None:
    assert unless("never", parse_duration)("never") is None


def test_that_word_is_among_what_can_be_written() -> None:
    with pytest.raises(Malformed) as refused:
        unless("never", parse_duration)("nevr")
    assert refused.value.diagnostics().next_step.endswith("or never")


@pytest.mark.parametrize(("text", "reason"), [("1", "less than 2"), ("5", "more than 4")])
def test_limits_are_kept_and_named(text: str, reason: str) -> None:
    with pytest.raises(Malformed, match=reason):
        at_least(2, "2", at_most(4, "4", parse_count))(text)


@pytest.mark.parametrize("text", ["2", "4"])
def test_limits_belong_to_what_is_allowed(text: str) -> None:
    assert int(text) == at_least(2, "2", at_most(4, "4", parse_count))(text)
