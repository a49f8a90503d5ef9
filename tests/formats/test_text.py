"""A text keeps the place of each of its characters, through cutting and joining, and its holes keep their reasons."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from wharf.formats.hole import Hole, Reason, Unknown
from wharf.formats.span import Span
from wharf.formats.text import HOLE, Known, Text

FILE = Text.of_file("deploy.sh", "REGISTRY=ghcr.io\nIMAGE=$REGISTRY/app\n")
SECRET = Text.unknown(Unknown.SECRET, "ORG", Span.at("ci.yml", 3, 9))


def test_a_part_of_a_file_knows_its_line_and_column() -> None:
    at = FILE.flat.index("ghcr.io")
    assert Span("deploy.sh", 1, 10, 1, 17) == FILE[at : at + 7].span


def test_a_part_over_two_lines_reaches_from_the_first_to_the_second() -> None:
    assert Span("deploy.sh", 1, 10, 2, 6) == FILE[9:22].span


def test_what_is_put_together_from_two_files_keeps_both_places() -> None:
    both = Text.known("ghcr.io/", Span("a.yml", 1, 1, 1, 9)) + Text.known("app", Span("b.yml", 7, 3, 7, 6))
    assert ["a.yml:1:1", "b.yml:7:3"] == [str(both.at(offset)) for offset in (0, 8)]


def test_what_was_made_elsewhere_stands_as_a_whole_where_it_was_made() -> None:
    made = Text.known("sha-453a654", Span("ci.yml", 5, 3, 5, 11))
    assert Span("ci.yml", 5, 3, 5, 11) == made[4:].span


def test_a_hole_is_one_strange_character() -> None:
    assert f"ghcr.io/{HOLE}/app" == (Text.known("ghcr.io/") + SECRET + Text.known("/app")).flat


def test_a_text_with_a_hole_has_no_value() -> None:
    assert (None, "app") == ((SECRET + Text.known("app")).value, Text.known("app").value)


def test_a_part_without_the_hole_is_known_again() -> None:
    assert "app" == (SECRET + Text.known("app"))[1:].value


def test_people_read_what_a_hole_is_about() -> None:
    assert "ghcr.io/‹ORG›" == (Text.known("ghcr.io/") + SECRET).shown


def test_no_file_can_pretend_to_have_a_hole() -> None:
    assert () == Text.of_file("evil.yml", f"a{HOLE}b").holes
    assert HOLE not in Text.of_file("evil.yml", f"a{HOLE}b").flat


def test_the_mark_at_the_beginning_of_a_file_is_no_part_of_its_text() -> None:
    assert "on: push" == Text.of_file("ci.yml", "\N{ZERO WIDTH NO-BREAK SPACE}on: push").flat


def test_texts_are_equal_when_they_say_the_same_wherever_they_stand() -> None:
    assert Text.known("app", Span.at("a.yml")) == Text.known("a") + Text.known("pp")
    assert SECRET != Text.unknown(Unknown.SECRET, "OTHER")


@pytest.mark.parametrize("text", ["", ":", "a:b", "::a", "a:b:c:"])
def test_it_is_split_as_other_texts_are(text: str) -> None:
    assert text.split(":") == [part.flat for part in Text.known(text).split(":")]


@pytest.mark.parametrize(("text", "lines"), [("", []), ("a", ["a"]), ("a\n", ["a"]), ("a\n\nb", ["a", "", "b"])])
def test_lines_are_without_their_ends(text: str, lines: list[str]) -> None:
    assert lines == [line.flat for line in Text.of_file("f", text).lines()]


def test_blank_space_at_both_ends_is_taken_away_and_the_rest_stays_where_it_is() -> None:
    stripped = Text.of_file("f", "  ab \n").stripped()
    assert ("ab", Span("f", 1, 3, 1, 5)) == (stripped.flat, stripped.span)


def test_a_change_of_what_is_known_leaves_holes_alone() -> None:
    assert ("APP‹ORG›") == (Text.known("app") + SECRET).mapped(str.upper).shown


pieces = some.one_of(
    some.builds(Known, some.text("ab:\n", max_size=6)),
    some.just(Hole(Reason(Unknown.RUN, "run_id"))),
)
texts = some.builds(lambda each: Text(tuple(each)), some.lists(pieces, max_size=6))


@settings(max_examples=100)
@given(texts, some.integers(-1, 20), some.integers(-1, 20))
def test_a_part_says_what_the_same_part_of_its_characters_says(text: Text, start: int, end: int) -> None:
    assert text.flat[start:end] == text[start:end].flat


@settings(max_examples=100)
@given(texts, some.integers(0, 20))
def test_two_parts_together_are_the_whole(text: Text, at: int) -> None:
    assert text == text[:at] + text[at:]
