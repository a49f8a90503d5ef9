import os
import time
from pathlib import Path

from wharf.doctor.ground.small_file import beginning_of, is_there


def test_the_beginning_is_read(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"ab\xffcd")
    assert "ab\ufffd" == beginning_of(tmp_path / "file", 3)


def test_a_file_that_says_it_is_empty_is_read_all_the_same() -> None:
    assert beginning_of(Path("/proc/self/status"))


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    begun = time.monotonic()
    assert beginning_of(tmp_path / "pipe") is None
    assert 30 > time.monotonic() - begun


def test_what_cannot_be_read_is_none(tmp_path: Path) -> None:
    assert [None, None] == [beginning_of(tmp_path), beginning_of(tmp_path / "a\0b")]
    assert is_there(tmp_path / "a\0b") is False
