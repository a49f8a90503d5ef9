import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.doctor.findings import CI, TREE, fix
from wharf.doctor.edits import changes_by, diff_of, edited
from wharf.doctor.finding import Edit
from wharf.formats.files import WrittenFiles
from wharf.formats.span import Span
from wharf.formats.text import Text

FILES = WrittenFiles(TREE)


@pytest.mark.parametrize(
    ("span", "replacement", "after"),
    [
        (Span("f", 1, 1, 1, 4), "ONE", "ONE\ntwo"),
        (Span("f", 1, 4, 2, 1), "", "onetwo"),
        (Span("f", 2, 4, 2, 4), "!", "one\ntwo!"),
        (Span("f", 3, 1, 3, 1), "\nthree\n", "one\ntwo\nthree\n"),
        (Span("f", 99, 99, 99, 99), "!", "one\ntwo!"),
    ],
)
def test_characters_are_replaced_where_they_stand(span: Span, replacement: str, after: str) -> None:
    assert after == edited("one\ntwo", [Edit(span, replacement)])


def test_several_edits_do_not_move_each_other() -> None:
    edits = [Edit(Span("f", 1, 1, 1, 2), "xxx"), Edit(Span("f", 1, 3, 1, 4), ""), Edit(Span("f", 1, 1, 1, 2), "xxx")]

    assert "xxxb" == edited("abc", edits)


def test_fixes_change_files_and_of_two_that_touch_the_first_one_counts() -> None:
    changes = changes_by([fix("first"), fix("second")], FILES)

    assert [(CI, "tags: |\n  first\n")] == [(change.path, change.after) for change in changes]


def test_a_fix_may_bring_a_file_of_its_own() -> None:
    (change,) = changes_by([fix("a\n", span=Span.at(".dockerignore"))], FILES)

    assert ("", "a\n") == (change.before, change.after)
    assert "--- /dev/null" in change.diff


def test_a_diff_is_one_that_git_applies(tmp_path: Path) -> None:
    for path, content in TREE.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(content)
    subprocess.run(["git", "apply", "-"], cwd=tmp_path, input=diff_of(fix(), FILES).encode(), check=True)

    assert "tags: |\n  type=sha,format=long,prefix=\n" == (tmp_path / CI).read_text()


@settings(max_examples=60)
@given(st.text("ab\n\r\u2028", max_size=12), st.data())
def test_what_a_text_says_of_a_place_is_what_is_replaced_there(content: str, data: st.DataObject) -> None:
    text = Text.of_file("f", content)
    start = data.draw(st.integers(0, len(content)))
    end = data.draw(st.integers(start, len(content)))
    span = text[start:end].span
    if span is not None:
        assert content[:start] + "X" + content[end:] == edited(content, [Edit(span, "X")])


def test_lines_put_into_a_file_of_windows_end_as_the_others_do() -> None:
    files = WrittenFiles({CI: "a\r\nb\r\n"})
    (change,) = changes_by((fix("x\ny\n", span=Span(CI, 2, 1, 2, 1)),), files)

    assert "a\r\nx\r\ny\r\nb\r\n" == change.after
