from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wharf.errors import MalformedFile
from wharf.formats.github.metadata.rendering import Function, Scope, rendered
from wharf.formats.github.metadata.template import parse_template
from wharf.formats.hole import Unknown
from wharf.formats.span import Span
from wharf.formats.text import Text

_SCOPE: Scope = {
    "branch": Function(lambda given: Text.known("a&b", given.source.span)),
    "empty": Function(lambda _: Text()),
    "major": 0,
    "flag": True,
    "list": ("rc", 1),
    "deep": {"name": "x"},
}


_REFUSED = [
    *("{{", "{{}}", "{{branch", "{{branch}}}", "{{{branch}}", "{{{branch}}}}}", "{{nope 'x'}}", "{{#if flag}}"),
    *("{{/if}}", "{{(branch)}}", "{{if}}", "{{flag 'x'}}", "{{#if flag}}{{/unless}}", "{{a.this}}", "{{!-- "),
    *("{{branch a=}}", "{{" + "(" * 99),
]


def _rendered(template: str) -> str:
    return rendered(parse_template(Text.known(template)), _SCOPE).shown


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("x{{branch}}y", "xa&amp;by"),
        ("{{{branch}}}", "a&b"),
        ("{{&branch}}", "a&b"),
        ("{{ branch }}", "a&amp;b"),
        ("{{nope}}", ""),
        ("{{major}}", "0"),
        ("{{flag}}", "true"),
        ("{{list}}", "rc,1"),
        ("{{list.[0]}}{{list.length}}", "rc2"),
        ("{{deep}}", "[object Object]"),
        ("{{deep.name}}{{this.major}}{{@root.flag}}{{../major}}", "x0true"),
        ("a {{~branch~}} b", "aa&amp;bb"),
        ("a{{! b }}c{{!-- }} --}}d", "acd"),
        (r"\{{branch}}", "{{branch}}"),
        (r"\\{{major}}", "\\0"),
        ("{{#if empty}}a{{else}}b{{/if}}", "b"),
        ("{{#if major}}a{{else if flag}}b{{else}}c{{/if}}", "b"),
        ("{{#unless flag}}a{{/unless}}", ""),
        ('{{"branch"}}', "a&amp;b"),
        ("a}}b", "a}}b"),
        ("{{#each list}}x{{/each}}", "‹{{#each list}}›"),
    ],
)
def test_templates_are_filled_in(template: str, expected: str) -> None:
    assert expected == _rendered(template)


@pytest.mark.parametrize("template", _REFUSED)
def test_what_handlebars_refuses_is_refused(template: str) -> None:
    with pytest.raises(MalformedFile):
        _rendered(template)


def test_a_hole_between_the_words_is_kept() -> None:
    text = Text.known("v{{major}}") + Text.unknown(Unknown.INPUT, "suffix")
    assert "v0‹suffix›" == rendered(parse_template(text), _SCOPE).shown


def test_a_hole_in_an_expression_makes_a_hole_of_it() -> None:
    text = Text.known("a{{ma") + Text.unknown(Unknown.INPUT, "x") + Text.known("}}b")
    assert "a‹x›b" == rendered(parse_template(text), _SCOPE).shown


def test_what_an_expression_says_stands_where_the_expression_stands() -> None:
    text = rendered(parse_template(Text.of_file("tags", "v-{{branch}}")), _SCOPE)
    assert Span("tags", 1, 3, 1, 13) == text.pieces[1].span


@settings(max_examples=100)
@given(
    st.lists(
        st.sampled_from(
            ["{{", "}}", "{{{", "}}}", "~", "#if ", "/if", "else", "branch", " ", "\\", "!", "--", "(", ")"]
        ),
        max_size=12,
    )
)
def test_any_template_is_filled_in_or_refused(parts: list[str]) -> None:
    with suppress(MalformedFile):
        _rendered("".join(parts))
