"""Conditions that compare variables."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from wharf.formats.gitlab.expression import answer, parse_expression
from wharf.formats.hole import Unknown
from wharf.formats.text import Text

KNOWN = {
    "BRANCH": Text.known("main"),
    "EMPTY": Text(),
    "TAG": None,
    "PATTERN": Text.known("/^ma/"),
    "SLASHES": Text.known("feature/login"),
    "HIDDEN": Text.unknown(Unknown.VARIABLE, "HIDDEN"),
    "HALF": Text.known("v") + Text.unknown(Unknown.VARIABLE, "HIDDEN"),
}


def looked(name: str) -> Text | None:
    return KNOWN.get(name, Text.unknown(Unknown.VARIABLE, name))


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('$BRANCH == "main"', True),
        ("$BRANCH == 'main'", True),
        ('"main" == ${BRANCH}', True),
        ('$BRANCH != "main"', False),
        ("$BRANCH", True),
        ("$EMPTY", False),
        ("$TAG", False),
        ("$TAG == null", True),
        ("$TAG != null", False),
        ("$EMPTY == null", False),
        ('$EMPTY == ""', True),
        ('$TAG == ""', False),
        ("$BRANCH =~ /^ma/", True),
        ("$BRANCH =~ /MAIN/", False),
        ("$BRANCH =~ /MAIN/i", True),
        ("$BRANCH !~ /^ma/", False),
        ("$TAG =~ /.*/", False),
        ("$TAG !~ /.*/", True),
        ("$BRANCH =~ $PATTERN", True),
        (r"$SLASHES =~ /^feature\/[a-z]+$/", True),
        ('$BRANCH == "main" && $TAG', False),
        ('$BRANCH == "main" || $TAG', True),
        ('$TAG && $BRANCH || $BRANCH == "main"', True),
        ('$TAG && ($BRANCH || $BRANCH == "main")', False),
        ("$HIDDEN", None),
        ("$HALF", True),
        ('$HIDDEN == "yes"', None),
        ("$HIDDEN =~ /x/", None),
        ("$HIDDEN && $TAG", False),
        ("$HIDDEN || $BRANCH", True),
        ("$HIDDEN && $BRANCH", None),
        (r"$BRANCH =~ /\p{L}/", None),
        ("$BRANCH\n  && $BRANCH", True),
    ],
)
def test_answers(source: str, expected: bool | None) -> None:
    expression = parse_expression(Text.known(source))

    assert expression is not None
    assert expected is answer(expression, looked)


@pytest.mark.parametrize(
    "source",
    [
        "",
        "$A ==",
        "== $A",
        "($A",
        "$A)",
        "$A && || $B",
        "main",
        '$A == "x',
        "$A = 'x'",
        "$A & $B",
        "!$A",
        "(" * 60 + "$A" + ")" * 60,
    ],
)
def test_what_gitlab_would_refuse(source: str) -> None:
    assert parse_expression(Text.known(source)) is None


@settings(max_examples=80)
@given(some.text(alphabet="$AB{} ()=!~&|/\"'null^.*+[]\\", max_size=60))
def test_anything_is_read_or_refused(source: str) -> None:
    expression = parse_expression(Text.known(source))

    assert expression is None or answer(expression, looked) in {True, False, None}
