"""Tags that become numbers, as programs written in Go print them."""

import pytest

from wharf.formats.kubernetes.go_number import is_number, printed
from wharf.formats.span import Span
from wharf.formats.text import Text
from wharf.formats.yaml.tree import Scalar, Style


def scalar(written: str, style: Style = Style.PLAIN) -> Scalar:
    return Scalar(Text.known(written), style, Span.at("values.yaml"))


@pytest.mark.parametrize(
    ("written", "becomes"),
    [
        ("16", "16"),
        ("123456", "123456"),
        ("1234567", "1.234567e+06"),
        ("8202758", "8.202758e+06"),
        ("1000000", "1e+06"),
        ("1.10", "1.1"),
        ("1.0", "1"),
        ("3.16", "3.16"),
        ("453e654", "+Inf"),
        ("553640e6", "5.5364e+11"),
        ("0123", "83"),
        ("0x1F", "31"),
        ("1_000", "1000"),
        ("20240101", "2.0240101e+07"),
        ("-5", "-5"),
        ("0", "0"),
    ],
)
def test_a_plain_number_is_printed_as_go_does(written: str, becomes: str) -> None:
    assert becomes == printed(scalar(written))


@pytest.mark.parametrize("written", ["1.2.3", "v1", "453a654", "latest", "1.2-rc", "sha-1", "0x", "1e", "e5", ""])
def test_what_is_no_number_stays(written: str) -> None:
    assert not is_number(scalar(written))
    assert written == printed(scalar(written))


def test_what_has_quotes_is_no_number() -> None:
    assert not is_number(scalar("1.10", Style.DOUBLE))
