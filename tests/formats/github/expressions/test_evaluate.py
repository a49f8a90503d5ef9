"""What expressions come to, as GitHub's page of expressions tells it."""

import pytest

from tests.formats.github.expressions.asking import SCOPE, is_true, said
from wharf.formats.github.expressions.evaluate import Scope


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("null", ""),
        ("false", "false"),
        ("711", "711"),
        ("-9.2", "-9.2"),
        ("0xff", "255"),
        ("-2.99e-2", "-0.0299"),
        ("1.10", "1.1"),
        ("1e20", "1E+20"),
        ("'It''s open source!'", "It's open source!"),
        ("NaN", "NaN"),
        ("-0.0", "0"),
        ("+.5", "0.5"),
        ("0o10", "8"),
        ("0.84551240822557006", "0.84551240822557"),
        ("1.2E-2", "0.012"),
        ("-Infinity", "-Infinity"),
    ],
)
def test_literals_are_written_as_github_writes_them(expression: str, expected: str) -> None:
    assert expected == said(expression)


@pytest.mark.parametrize(
    "expression",
    [
        "'A' == 'a'",
        "null == ''",
        "null == 0",
        "true == 1",
        "'' == 0",
        "' 0x10 ' == 16",
        "'true' != true",
        "!(NaN == NaN)",
        "1 < 2 && 2 <= 2 && 3 > 2 && 3 >= 3",
        "'a' < 'B'",
        "!('x' < 1)",
        "matrix.list == matrix.list",
        "!(github.event == matrix.list)",
        "github['ref'] == GitHub.REF",
        "matrix.list[0] == 1",
        "matrix.list[9] == null",
        "!github.nothing.at.all",
        "!2 < 3",
        "3 < 2 < 1",
        "2 <= 3 == true",
        "2 == 2 == 1",
        "(!github).ref == null",
        "!matrix.empty",
    ],
)
def test_what_is_true_on_github_is_true(expression: str) -> None:
    assert "true" == said(expression)


def test_and_gives_the_first_false_value_or_the_last_one() -> None:
    assert ["yes", "", "0"] == [said("true && 'yes'"), said("'' && 'yes'"), said("0 && 1")]


def test_or_gives_the_first_true_value_or_the_last_one() -> None:
    assert ["a", "b", ""] == [said("'a' || 'b'"), said("'' || 'b'"), said("0 || null")]


def test_operators_bind_as_in_c() -> None:
    assert "true" == said("true || false && false")
    assert "true" == said("1 == 1 && 2 > 1 != false")


def test_what_is_not_known_stays_open() -> None:
    assert "‹TOKEN›" == said("secrets.TOKEN")
    assert "‹TOKEN›" == said("secrets.TOKEN || 'other'")
    assert "‹TOKEN›" == said("secrets.TOKEN == 'x'")


def test_what_does_not_depend_on_it_is_known_all_the_same() -> None:
    assert False is is_true("secrets.TOKEN && false")
    assert True is is_true("secrets.TOKEN || true")
    assert None is is_true("secrets.TOKEN && true")
    assert "true" == said("startsWith(format('v{0}', secrets.TOKEN), 'v')")
    assert "false" == said("format('v{0}', secrets.TOKEN) == 'main'")


def test_a_star_asks_each_of_them() -> None:
    assert "Array" == said('fromJSON(\'[{"a":1},{"a":2}]\').*.a')
    assert "1,2" == said('join(fromJSON(\'[{"a":1},{"a":2}]\').*.a)')


def test_status_functions_take_all_to_have_gone_well() -> None:
    assert [True, False, True, False] == [
        is_true(each) for each in ("success()", "failure()", "always()", "cancelled()")
    ]


def test_a_condition_without_one_asks_for_success_as_well() -> None:
    after_a_failure = Scope(SCOPE.contexts, has_succeeded=False)
    assert False is is_true("true", after_a_failure)
    assert True is is_true("always() && true", after_a_failure)
    assert True is is_true("!cancelled()", after_a_failure)


def test_what_is_no_expression_is_a_hole_that_says_so() -> None:
    assert "‹a b›" == said("a b")
    assert None is is_true("a b")
