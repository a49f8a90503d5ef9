"""Files that are being written, and what is left of them when their writer is shot."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

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


def test_a_file_that_has_its_name_is_nobodys_leftover(tmp_path: Path) -> None:
    file = NewFile(tmp_path)
    file.write(b"whole")
    file.put(tmp_path / "name")
    file.drop()
    sweep(tmp_path)
    assert b"whole" == (tmp_path / "name").read_bytes()
