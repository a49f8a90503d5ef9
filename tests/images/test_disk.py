"""Files that are being written, and what is left of them when their writer is shot."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from wharf.errors import MalformedPlace
from wharf.images.disk import NewFile, sweep
from wharf.images.new_tar import NewTar

_WRITES_AND_WAITS = """
import sys, pathlib
from wharf.images.disk import NewFile
NewFile(pathlib.Path(sys.argv[1])).write(b"half")
print("written", flush=True)
sys.stdin.read()
"""
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no locks that die with their holder")


@contextmanager
def another_writer(folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-c", _WRITES_AND_WAITS, str(folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as writer:
        assert writer.stdout is not None
        assert b"written\n" == writer.stdout.readline()
        try:
            yield writer
        finally:
            writer.kill()


def test_what_another_process_is_writing_is_left_alone(tmp_path: Path) -> None:
    with another_writer(tmp_path):
        sweep(tmp_path)
        assert [b"half"] == [file.read_bytes() for file in tmp_path.iterdir()]


def test_what_is_left_of_a_writer_that_was_shot_is_taken_away_at_once(tmp_path: Path) -> None:
    with another_writer(tmp_path) as writer:
        writer.kill()
        writer.wait()
        sweep(tmp_path)
    assert [] == list(tmp_path.iterdir())


def test_what_was_shot_beside_an_archive_goes_with_the_next_archive(tmp_path: Path) -> None:
    with another_writer(tmp_path):
        pass
    tar = NewTar(tmp_path / "app.tar")
    tar.put()
    assert [tmp_path / "app.tar"] == list(tmp_path.iterdir())


@pytest.mark.parametrize("target", ["folder", "pipe", "link-to-a-pipe"])
def test_an_archive_replaces_nothing_but_files(tmp_path: Path, target: str) -> None:
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link-to-a-pipe").symlink_to(tmp_path / "pipe")
    before = sorted(tmp_path.iterdir())
    with pytest.raises(MalformedPlace):
        NewTar(tmp_path / target)
    assert before == sorted(tmp_path.iterdir())
    assert (tmp_path / "link-to-a-pipe").is_symlink()


def test_an_archive_is_written_where_a_link_leads(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere.tar")
    NewTar(tmp_path / "link").put()
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "elsewhere.tar").is_file()


def test_a_file_that_has_its_name_is_nobodys_leftover(tmp_path: Path) -> None:
    file = NewFile(tmp_path)
    file.write(b"whole")
    file.put(tmp_path / "name")
    file.drop()
    sweep(tmp_path)
    assert b"whole" == (tmp_path / "name").read_bytes()
