"""Variables in compose files: every form, as Compose's own tests and its documentation have them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wharf.formats.compose.interpolation import MOST_CHARACTERS, Interpolating
from wharf.formats.compose.project import Surroundings, Wrong
from wharf.formats.hole import Unknown
from wharf.formats.shell.ran import Given
from wharf.formats.span import Span
from wharf.formats.text import Text

KNOWN = {"FOO": Text.known("first"), "BAR": Text(), "SECRET": Text.unknown(Unknown.SECRET, "TOKEN")}
WHOLE = Surroundings(KNOWN, Given.UNSET)
PARTIAL = Surroundings(KNOWN, Given.UNKNOWN)


def put_in(template: str, surroundings: Surroundings = WHOLE) -> Text:
    return Interpolating(surroundings).text(Text.of_file("compose.yml", template))


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("foo", "foo"),
        ("$${foo}", "${foo}"),
        ("$$$FOO", "$first"),
        ("a $ string", "a $ string"),
        ("^REGEX$", "^REGEX$"),
        ("$}", "$}"),
        ("$(pwd)", "$(pwd)"),
        ("$5", "$5"),
        ("$FOO-bar", "first-bar"),
        ("This ${missing} var", "This  var"),
        ("This $BAR var", "This  var"),
        ("ok ${missing:-def}", "ok def"),
        ("ok ${missing-def}", "ok def"),
        ("ok ${BAR:-def}", "ok def"),
        ("ok ${BAR-def}", "ok "),
        ("ok ${FOO:-def}", "ok first"),
        ("ok ${FOO-def}", "ok first"),
        ("ok ${missing:+there}", "ok "),
        ("ok ${missing+there}", "ok "),
        ("ok ${BAR:+there}", "ok "),
        ("ok ${BAR+there}", "ok there"),
        ("ok ${FOO:+there}", "ok there"),
        ("ok ${FOO+there}", "ok there"),
        ("ok ${FOO:?gone}", "ok first"),
        ("ok ${FOO?gone}", "ok first"),
        ("ok ${BAR?gone}", "ok "),
        ("ok ${BAR:-/non:-alphanumeric}", "ok /non:-alphanumeric"),
        ("-ok ${BAR:-defaultValue}", "-ok defaultValue"),
        ("+ok ${UNSET:-${BAR-defaultValue}}", "+ok "),
        (":-ok ${UNSET-defaultValue}", ":-ok defaultValue"),
        (":?ok ${BAR-defaultValue}", ":?ok "),
        ("ok ${UNSET_VAR-$FOO}", "ok first"),
        ("ok ${UNSET_VAR-${FOO} ${FOO}}", "ok first first"),
        ("ok ${BAR:-${FOO} ${FOO}}", "ok first first"),
        ("ok ${BAR+$FOO ${FOO:+second}}", "ok first second"),
        ("${UNSET_VAR-myerror?msg}", "myerror?msg"),
        ("${FOO?bar-baz}", "first"),
        ("${U:-a}b${FOO}", "abfirst"),
        ("${U:-a}b${FOO}}", "abfirst}"),
        ('${U:-{"a": {"b": 1}}}', '{"a": {"b": 1}}'),
        ("${U:-{}}", "{}"),
        ("${U:-}", ""),
    ],
)
def test_a_value_has_its_variables_put_in(template: str, expected: str) -> None:
    assert expected == put_in(template).value


@pytest.mark.parametrize(
    "template",
    ["${", "${}", "${ }", "${ foo}", "${foo }", "${foo!}", "${FOO:0:7}", "${FOO,,}", "${U:-x\n}", "${U:-x", "${1}"],
)
def test_what_is_no_variable_behind_a_brace_is_wrong(template: str) -> None:
    interpolating = Interpolating(WHOLE)
    assert interpolating.text(Text.of_file("compose.yml", template)).holes
    assert Wrong.TEMPLATE == interpolating.problems[0].wrong


@pytest.mark.parametrize("template", ["${missing:?}", "${BAR:?say}", "${missing?}", "${missing:?no ${FOO}}"])
def test_a_variable_that_is_required_and_not_set_is_wrong(template: str) -> None:
    interpolating = Interpolating(WHOLE)
    interpolating.text(Text.of_file("compose.yml", template))
    assert [Wrong.REQUIRED] == [problem.wrong for problem in interpolating.problems]


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("a:$TAG", "a:‹TAG›"),
        ("a:${TAG}", "a:‹TAG›"),
        ("a:${TAG:-latest}", "a:latest"),
        ("a:${TAG-latest}", "a:latest"),
        ("a:${TAG:?say}", "a:‹TAG›"),
        ("a:${TAG:+x}", "a:‹TAG›"),
        ("a:${TAG+x}", "a:‹TAG›"),
        ("a:${SECRET:-x}", "a:‹TOKEN›"),
        ("a:${SECRET+x}", "a:x"),
        ("a:${SECRET:+x}", "a:‹SECRET›"),
    ],
)
def test_what_the_environment_may_have_stays_open(template: str, expected: str) -> None:
    assert expected == put_in(template, PARTIAL).shown


def test_each_piece_keeps_its_place() -> None:
    surroundings = Surroundings({"TAG": Text.known("1.2", Span(".env", 3, 5, 3, 8))})
    text = Interpolating(surroundings).text(Text.of_file("compose.yml", "app:${TAG}"))
    assert [Span("compose.yml", 1, 1, 1, 5), Span(".env", 3, 5, 3, 8)] == [piece.span for piece in text.pieces]


def test_a_default_keeps_its_place() -> None:
    assert Span("compose.yml", 1, 8, 1, 14) == put_in("a:${T:-latest}")[2:].span


def test_uses_are_kept() -> None:
    interpolating = Interpolating(WHOLE)
    interpolating.text(Text.of_file("compose.yml", "${FOO}${missing:-${BAR}}"))
    assert [("FOO", Given.SET), ("BAR", Given.EMPTY), ("missing", Given.UNSET)] == [
        (use.name, use.given) for use in interpolating.uses
    ]


def test_values_that_grow_without_bound_stay_open() -> None:
    surroundings = Surroundings({"LONG": Text.known("x" * 100_000)})
    text = Interpolating(surroundings).text(Text.of_file("compose.yml", "$LONG" * 1000))
    assert len(text) <= MOST_CHARACTERS + 1000
    assert Unknown.TOO_MUCH == text.holes[-1].reason.kind


def test_defaults_in_defaults_without_end_stay_open() -> None:
    assert Unknown.TOO_MUCH == put_in("${A:-" * 500 + "}" * 500).holes[0].reason.kind


@settings(max_examples=100)
@given(st.text(alphabet="${}:-?+AFOBR_1 \n"))
def test_anything_can_be_put_in(template: str) -> None:
    text = put_in(template, PARTIAL)
    assert all(hole.span is not None for hole in text.holes)
