import json
from collections.abc import Mapping
from io import StringIO
from pathlib import Path

import pytest

from tests.cli.stage import Terminal
from wharf.cli.output import Output, aligned, padded, shortened, size_in_words, width_of
from wharf.cli.surroundings import Surroundings
from wharf.errors import Diagnostics, harmless


def explained(diagnostics: Diagnostics, err: StringIO, environ: Mapping[str, str] | None = None) -> str:
    Output(Surroundings(environ or {}, StringIO(), err, Path())).explain(diagnostics)
    return err.getvalue()


def test_an_error_says_its_cause_its_evidence_and_the_next_step() -> None:
    text = explained(Diagnostics("it broke", ("seen: this", "seen: that"), "mend it"), StringIO())
    assert text == "error: it broke\n  seen: this\n  seen: that\n  next: mend it\n"


def test_an_error_without_a_next_step_says_none() -> None:
    assert explained(Diagnostics("it broke"), StringIO()) == "error: it broke\n"


def test_words_are_kept_within_80_columns() -> None:
    text = explained(Diagnostics("word " * 40, ("word " * 40,), "word " * 40), StringIO())
    assert max(map(len, text.splitlines())) <= 80


def test_what_is_there_to_be_copied_is_not_cut() -> None:
    path = "/srv/" + "a-long-folder/" * 10
    assert path in explained(Diagnostics(f"no room in {path}", (f"at: {path}",), f"look at {path}"), StringIO())


def test_a_caret_stays_below_what_it_points_at() -> None:
    text = explained(Diagnostics("no", ("given: a b  c\n            ^",)), StringIO())
    assert text.splitlines()[1:] == ["  given: a b  c", "              ^"]


def test_a_person_on_a_terminal_sees_colour() -> None:
    assert "\x1b[31m" in explained(Diagnostics("it broke"), Terminal())


@pytest.mark.parametrize("environ", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_a_person_who_wants_no_colour_sees_none(environ: Mapping[str, str]) -> None:
    assert "\x1b[31m" not in explained(Diagnostics("it broke"), Terminal(), environ)


def test_text_from_outside_cannot_move_the_cursor() -> None:
    assert "\x1b[2J" not in explained(Diagnostics("a\x1b[2Jb", ("c\x1b[2Jd",), "e\x1b[2Jf"), StringIO())


@pytest.mark.parametrize(
    ("text", "shown"),
    [("한글 ok", "한글 ok"), ("한글\x1b[2J", "한글\\x1b[2J"), ("a\tb", "a\\tb"), ("\udcff", "\\udcff"), ("", "")],
)
def test_only_what_can_be_printed_is_printed(text: str, shown: str) -> None:
    assert shown == harmless(text)


@pytest.mark.parametrize(
    ("text", "width", "cut"),
    [
        ("abcdef", 6, "abcdef"),
        ("abcdef", 5, "abcd…"),
        ("한글한글", 8, "한글한글"),
        ("한글한글", 7, "한글한…"),
        ("한글", 3, "한…"),
    ],
)
def test_what_is_too_wide_is_cut_by_columns(text: str, width: int, cut: str) -> None:
    assert cut == shortened(text, width)
    assert width_of(shortened(text, width)) <= width


def test_a_text_of_any_length_is_cut_at_once() -> None:
    assert shortened("한" * 2_000_000, 9) == "한한한한…"


def test_machines_get_one_line_of_json() -> None:
    out = StringIO()
    Output(Surroundings({}, out, StringIO(), Path())).json({"name": "한글\n", "count": 1})
    assert json.loads(out.getvalue()) == {"name": "한글\n", "count": 1}
    assert out.getvalue().count("\n") == 1


@pytest.mark.parametrize("text", ["\x9b31m", "\u202egnp", "\ud800", "\x7f", "\U000e0041", "\x1b[2J", "한글"])
def test_json_moves_no_cursor_and_says_the_same(text: str) -> None:
    out = StringIO()
    Output(Surroundings({}, out, StringIO(), Path())).json({"name": text})
    assert out.getvalue().rstrip("\n").isprintable()
    assert {"name": text} == json.loads(out.getvalue())


def test_results_and_warnings_go_to_different_streams() -> None:
    out, err = StringIO(), StringIO()
    output = Output(Surroundings({}, out, err, Path()))
    output.line("a result")
    output.warn("a remark")
    assert (out.getvalue(), err.getvalue()) == ("a result\n", "warning: a remark\n")


def test_progress_is_shown_to_who_looks() -> None:
    err = Terminal()
    Output(Surroundings({}, StringIO(), err, Path())).progress("1 of 2")
    assert err.getvalue() == "\r\x1b[K1 of 2"


def test_progress_is_not_shown_where_nobody_looks() -> None:
    err = StringIO()
    Output(Surroundings({}, StringIO(), err, Path())).progress("1 of 2")
    assert err.getvalue() == ""


def test_columns_stand_below_each_other() -> None:
    assert aligned([("blobs", "3", "1 B"), ("a", "12", "1.5 KiB")]) == ["blobs   3      1 B", "a      12  1.5 KiB"]


def test_no_rows_are_no_lines() -> None:
    assert aligned([]) == []


@pytest.mark.parametrize(
    ("size", "words"),
    [
        (0, "0 B"),
        (1023, "1023 B"),
        (1024, "1.0 KiB"),
        (1536, "1.5 KiB"),
        (1024**2 - 1, "1.0 MiB"),
        (3 * 1024**3, "3.0 GiB"),
        (5000 * 1024**5, "5000.0 PiB"),
    ],
)
def test_a_size_is_said_in_words(size: int, words: str) -> None:
    assert words == size_in_words(size)


@pytest.mark.parametrize(("text", "width"), [("abc", 3), ("한글", 4), ("é", 1), ("e\u0301", 1), ("", 0)])
def test_a_width_is_counted_in_columns_of_a_terminal(text: str, width: int) -> None:
    assert width == width_of(text)


def test_columns_with_korean_in_them_stand_below_each_other() -> None:
    assert aligned([("한글", "1"), ("abcde", "22")]) == ["한글    1", "abcde  22"]


def test_each_column_has_its_side() -> None:
    assert aligned([("a", "b", "c"), ("aa", "bb", "cc")], "><<") == [" a  b   c", "aa  bb  cc"]


@pytest.mark.parametrize(("side", "text"), [("<", "한  "), (">", "  한")])
def test_a_field_is_filled_on_the_other_side(side: str, text: str) -> None:
    assert text == padded("한", 4, side)


def test_korean_words_are_kept_within_80_columns() -> None:
    text = explained(Diagnostics("레지스트리가 응답하지 않습니다 " * 8), StringIO())
    assert max(map(width_of, text.splitlines())) <= 80
    assert "".join(text.removeprefix("error: ").split()) == "레지스트리가응답하지않습니다" * 8
