import os
from pathlib import Path

import pytest

from wharf.doctor.edits import Change
from wharf.doctor.folder.mending import mend


def test_a_change_is_written(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"one\r\n")
    (mended,) = mend(tmp_path, [Change("a", "one\r\n", "two\r\n")])

    assert ("", b"two\r\n") == (mended.problem, (tmp_path / "a").read_bytes())


def test_its_mode_stays(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("one")
    (tmp_path / "a").chmod(0o755)
    mend(tmp_path, [Change("a", "one", "two")])

    assert 0o755 == (tmp_path / "a").stat().st_mode & 0o777


def test_a_mark_at_its_beginning_stays(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"\xef\xbb\xbfone")
    mend(tmp_path, [Change("a", "one", "two")])

    assert b"\xef\xbb\xbftwo" == (tmp_path / "a").read_bytes()


def test_what_somebody_else_changed_is_left(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("three")
    (mended,) = mend(tmp_path, [Change("a", "one", "two")])

    assert ("it was changed while it was looked at", "three") == (mended.problem, (tmp_path / "a").read_text())


def test_a_new_file_is_made_with_its_folder(tmp_path: Path) -> None:
    mend(tmp_path, [Change("app/.dockerignore", "", ".env\n")])

    assert ".env\n" == (tmp_path / "app" / ".dockerignore").read_text()


def test_nothing_is_written_outside(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (mended,) = mend(tmp_path / "in", [Change("../out", "", "x")])

    assert "out of the repository" in mended.problem
    assert not (tmp_path / "out").exists()


def test_nothing_is_left_beside(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("one")
    mend(tmp_path, [Change("a", "one", "two")])

    assert ["a"] == [path.name for path in tmp_path.iterdir()]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes with names here")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / ".dockerignore")
    (mended,) = mend(tmp_path, [Change(".dockerignore", "", ".env\n")])

    assert "it is no file" == mended.problem


@pytest.mark.parametrize(
    ("content", "read", "problem"),
    [
        ("a \N{OBJECT REPLACEMENT CHARACTER} b".encode(), "a \N{REPLACEMENT CHARACTER} b", "U+FFFC stands in it"),
        ("one".encode("utf-16"), "one", "it is not written in UTF-8"),
    ],
)
def test_a_file_that_is_not_read_as_it_is_stays_as_it_is(
    tmp_path: Path, content: bytes, read: str, problem: str
) -> None:
    (tmp_path / "a").write_bytes(content)
    (mended,) = mend(tmp_path, [Change("a", read, "two")])

    assert mended.problem.startswith(problem)
    assert content == (tmp_path / "a").read_bytes()
