"""YAML is read as it stands: scalars as texts with their places, aliases bounded, what is broken with its line."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from wharf.errors import MalformedFile
from wharf.formats.hole import Unknown
from wharf.formats.span import Span
from wharf.formats.text import Text
from wharf.formats.yaml.parse import DEEPEST, MOST_NODES, parse_yaml
from wharf.formats.yaml.tree import List, Map, Node, Scalar, Style


def document(content: str) -> Map:
    (node,) = parse_yaml(Text.of_file("f.yml", content))
    assert isinstance(node, Map)
    return node


def scalar(content: str, key: str = "a") -> Scalar:
    found = document(content).get(key)
    assert isinstance(found, Scalar)
    return found


@pytest.mark.parametrize("tag", ["453e654", "1.10", "0123456", "true", "on", "1_000", "0x10", "12:30:45", ".inf"])
def test_what_looks_like_a_number_is_a_text(tag: str) -> None:
    assert tag == scalar(f"a: {tag}").text.value


def test_a_key_that_looks_like_a_truth_is_a_key() -> None:
    assert "push" == scalar("on: push", "on").text.value


@pytest.mark.parametrize(
    ("written", "value", "style"),
    [
        ("plain words", "plain words", Style.PLAIN),
        ("'it''s'", "it's", Style.SINGLE),
        (r'"a\tb"', "a\tb", Style.DOUBLE),
        ("|\n  one\n  two\n", "one\ntwo\n", Style.LITERAL),
        (">-\n  one\n  two\n", "one two", Style.FOLDED),
    ],
)
def test_a_scalar_has_its_value_and_its_style(written: str, value: str, style: Style) -> None:
    found = scalar(f"a: {written}")
    assert (value, style) == (found.text.value, found.style)


def test_what_stands_in_quotes_stands_behind_the_first_of_them() -> None:
    assert Span("f.yml", 1, 5, 1, 8) == scalar('a: "b c"').text.span


def test_the_place_of_a_quoted_scalar_has_its_quotes() -> None:
    assert Span("f.yml", 1, 4, 1, 9) == scalar('a: "b c"').span


def test_each_line_of_a_block_has_its_place() -> None:
    text = scalar("a: |  # what is run\n    docker build .\n\n    docker push app\n").text
    assert ["f.yml:2:5", "f.yml:4:5"] == [str(line.span) for line in text.lines() if line]


def test_words_of_a_folded_block_have_their_places() -> None:
    text = scalar("a: >-\n  docker push\n  app\n").text
    assert "f.yml:3:3" == str(text.at(text.flat.index("app")))


def test_words_after_an_escape_have_the_place_of_the_whole() -> None:
    assert 1 == getattr(scalar(r'a: "\x41 b"').text.span, "line", None)


def test_null_is_told_from_an_empty_text() -> None:
    assert [True, True, False] == [scalar(written).is_null for written in ("a:", "a: ~", "a: ''")]


def test_a_tag_is_kept_as_it_is_written() -> None:
    node = document("a: !reference [b, c]").get("a")
    assert isinstance(node, List)
    assert "!reference" == node.tag


def test_an_alias_is_what_it_names() -> None:
    assert "v" == document("a: &x {k: v}\nb: *x").map("b").text("k").value  # type: ignore[union-attr]


def test_merged_entries_add_what_is_not_there() -> None:
    merged = document("x: &x {k: 1, j: 2}\na:\n  <<: *x\n  k: 3\n").map("a")
    assert merged is not None
    assert {"k": "3", "j": "2"} == {entry.key.text.flat: entry.value.text.flat for entry in merged}  # type: ignore[union-attr]


def test_a_key_that_stands_twice_is_told_and_the_last_one_counts() -> None:
    node = document("a: 1\nb: 2\na: 3\n")
    assert (["f.yml:3:1"], "3") == ([str(key.span) for key in node.repeated], scalar("a: 1\na: 3").text.value)


def test_documents_are_read_one_after_the_other_and_empty_ones_left_out() -> None:
    assert 2 == len(parse_yaml(Text.of_file("f.yml", "---\na: 1\n---\n---\nb: 2\n")))


def test_an_empty_file_has_no_document() -> None:
    assert () == parse_yaml(Text.of_file("f.yml", "# nothing\n"))


@pytest.mark.parametrize(
    ("content", "line", "problem"),
    [
        ("a: 1\n\tb: 2\n", 2, "tab"),
        ("a: [1\n", 1, "did not find expected"),
        ("a: &x [*x]\n", 1, "contains itself"),
        ("a: *x\n", 1, "no anchor"),
        ("a: 1\nb: 'x", 2, "end of stream"),
        ("a: 1\n? [b]\n: c\n", 1, "key is not a word"),
        ("a: 1\nb: \x01\n", 2, "does not allow"),
        ("a: 한국어한국어\nb: \x01\nc: 1\nd: 1\ne: 1\nf: 1\n", 2, "does not allow"),
    ],
)
def test_what_is_broken_is_refused_at_its_line(content: str, line: int, problem: str) -> None:
    with pytest.raises(MalformedFile) as refused:
        parse_yaml(Text.of_file("f.yml", content))
    assert (line, True) == (refused.value.line, problem in refused.value.problem)


@pytest.mark.parametrize("opening", ["[", "{a: ", "- "])
def test_what_is_nested_without_end_is_refused(opening: str) -> None:
    with pytest.raises(MalformedFile, match="nested too deeply"):
        parse_yaml(Text.of_file("f.yml", opening * (DEEPEST + 1)))


def test_aliases_that_explode_are_refused() -> None:
    lines = ["a0: &a0 [x]"] + [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
    with pytest.raises(MalformedFile, match=f"more than {MOST_NODES}"):
        parse_yaml(Text.of_file("f.yml", "\n".join(lines)))


def test_holes_of_what_a_script_writes_stay_holes() -> None:
    written = Text.known("image: ") + Text.unknown(Unknown.SECRET, "REGISTRY") + Text.known("/app\n")
    (node,) = parse_yaml(written)
    assert isinstance(node, Map)
    assert "‹REGISTRY›/app" == node.text("image").shown  # type: ignore[union-attr]


def test_a_hole_behind_an_escape_stays_a_hole() -> None:
    written = Text.known('a: "x\\t') + Text.unknown(Unknown.SECRET, "ONE") + Text.known('y"\n')
    (node,) = parse_yaml(written)
    assert isinstance(node, Map)
    assert "x\t‹ONE›y" == node.text("a").shown  # type: ignore[union-attr]


def read(content: str) -> tuple[Node, ...] | MalformedFile:
    try:
        return parse_yaml(Text.of_file("f.yml", content))
    except MalformedFile as refused:
        return refused


@settings(max_examples=100)
@given(some.text("ab:-[]{}&*!|>'\"#%@`, \n\t?<", max_size=40))
def test_anything_is_read_or_refused_at_a_line_that_is_there(content: str) -> None:
    found = read(content)
    lines = [found.line] if isinstance(found, MalformedFile) else [node.span.end_line for node in found]
    assert all(1 <= line <= content.count("\n") + 2 for line in lines)


readable = some.text(some.characters(exclude_categories=["Cs", "Cc", "Cn", "Co"], exclude_characters="\ufeff\ufffc"))


@settings(max_examples=100)
@given(readable.filter(lambda value: not set(value) & set("\u2028\u2029")))
def test_a_text_in_single_quotes_is_read_back(value: str) -> None:
    assert value == scalar(f"a: '{value.replace(chr(39), chr(39) * 2)}'").text.value
