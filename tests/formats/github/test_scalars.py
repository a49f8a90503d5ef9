"""What GitHub makes of unquoted words."""

import pytest

from wharf.formats.github.scalars import text_of, typed
from wharf.formats.text import Text
from wharf.formats.yaml.parse import parse_yaml
from wharf.formats.yaml.tree import Scalar


def scalar(written: str) -> Scalar:
    (node,) = parse_yaml(Text.of_file("f.yml", written))
    assert isinstance(node, Scalar)
    return node


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("1.10", "1.1"),
        ("'1.10'", "1.10"),
        ("True", "true"),
        ("12345e7", "123450000000"),
        ("0123", "123"),
        ("0x1F", "31"),
        ("1.2.3", "1.2.3"),
        ("453a654", "453a654"),
        ("yes", "yes"),
        ("~", ""),
        ("!!str 1.10", "1.10"),
        (".inf", "Infinity"),
        ("1e999", "Infinity"),
    ],
)
def test_it_is_written_so(written: str, expected: str) -> None:
    node = scalar(f"{written} # so") if written != "~" else Scalar(Text.known("~"), scalar("a").style, scalar("a").span)
    assert expected == text_of(node).flat


def test_types_are_those_of_yaml() -> None:
    assert [True, 7.0, Text.known("7")] == [typed(scalar(each)) for each in ("true", "7", "'7'")]


def test_what_stays_as_it_is_keeps_its_places_and_the_rest_that_of_the_whole() -> None:
    assert "f.yml:1:1" == str(text_of(scalar("1.10")).span)
