"""The functions of expressions."""

import pytest

from tests.formats.github.expressions.asking import said


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("contains('Hello world', 'LLO')", "true"),
        ("contains('abc', '')", "true"),
        ("contains(matrix.list, 'B')", "true"),
        ("contains(matrix.list, 1)", "true"),
        ("contains(fromJSON('[\"push\"]'), 'pull')", "false"),
        ("contains(github.event, 'ok')", "false"),
        ("startsWith('Hello world', 'he')", "true"),
        ("startsWith(github.ref, 'refs/tags/')", "false"),
        ("endsWith('Hello world', 'LD')", "true"),
        ("format('Hello {0} {1} {0}', 'a', 2)", "Hello a 2 a"),
        ("format('{{Hello}} {0}', 'a')", "{Hello} a"),
        ("join(matrix.list, ', ')", "1, b"),
        ("join('a', ', ')", "a"),
        ("toJSON('a\"b')", '"a\\"b"'),
        ("toJSON(null)", "null"),
        ("toJSON(matrix.list)", '[\n  1,\n  "b"\n]'),
        ('toJSON(fromJSON(\'{"a":{"b":[]}}\'))', '{\n  "a": {\n    "b": []\n  }\n}'),
        ("fromJSON('true')", "true"),
        ('fromJSON(\'{"a":[1,{"b":"c"}]}\').A[1].b', "c"),
        ("case(false, 'a', true, 'b', 'c')", "b"),
        ("case(false, 'a', 'c')", "c"),
        ("hashFiles('**/lock')", "‹hashFiles›"),
    ],
)
def test_they_do_what_github_says(expression: str, expected: str) -> None:
    assert expected == said(expression)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("contains(format('main-{0}', secrets.X), 'MAIN')", "true"),
        ("contains(format('main-{0}', secrets.X), 'tag')", "‹X›"),
        ("startsWith(format('v{0}', secrets.X), 'x')", "false"),
        ("startsWith(format('v{0}', secrets.X), 'v1')", "‹X›"),
        ("endsWith(format('{0}-arm', secrets.X), '-arm')", "true"),
        ("startsWith('abc', format('a{0}', secrets.X))", "‹X›"),
        ("startsWith('abc', format('b{0}', secrets.X))", "false"),
        ("join(fromJSON(format('[\"a\",\"{0}\"]', secrets.X)), '+')", "a+‹X›"),
        ("toJSON(secrets.X)", "‹X›"),
        ("fromJSON(secrets.X).a.b", "‹X›"),
        ("fromJSON('no json')", "‹no json›"),
        ("case(secrets.X, 'a', 'b')", "‹X›"),
        ("nosuch('a')", "‹nosuch('a')›"),
        ("contains('a')", "‹contains('a')›"),
        ("format('{1}', 'a')", "‹{1}›"),
    ],
)
def test_what_they_cannot_know_stays_open(expression: str, expected: str) -> None:
    assert expected == said(expression)


def test_a_text_that_grows_without_bound_is_given_up() -> None:
    tenfold = "format('{0}{0}{0}{0}{0}{0}{0}{0}{0}{0}', "
    assert "‹format›" == said(f"{tenfold * 6}'a'{')' * 6}")


@pytest.mark.parametrize("template", ["{0", "0}", "{{0}", "}{0}", "{0}{"])
def test_a_template_that_is_none_is_open(template: str) -> None:
    assert f"‹{template}›" == said(f"format('{template}', 'a')")
