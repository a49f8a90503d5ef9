import os
from pathlib import Path

import pytest

from wharf.metadata.lock_file import opened

SOMEBODY = 65_534


def owner(path: Path, mode: int = 0o640) -> int:
    os.close(opened(path, mode))
    return path.stat().st_uid


@pytest.fixture
def theirs(tmp_path: Path) -> Path:
    """The folder of a registry that runs as somebody else."""
    if os.geteuid() != 0:
        pytest.skip("not root: nothing can be given to somebody else")
    folder = tmp_path / "data"
    folder.mkdir()
    os.chown(folder, SOMEBODY, SOMEBODY)
    return folder


def test_what_root_makes_belongs_to_whom_the_folder_belongs(theirs: Path) -> None:
    assert SOMEBODY == owner(theirs / "gc.lock")


def test_what_root_made_before_is_handed_over(theirs: Path) -> None:
    (theirs / "gc.lock").touch()
    assert SOMEBODY == owner(theirs / "gc.lock")


def test_what_belongs_to_somebody_already_stays_theirs(theirs: Path) -> None:
    (theirs / "gc.lock").touch()
    os.chown(theirs / "gc.lock", SOMEBODY - 1, SOMEBODY - 1)
    assert SOMEBODY - 1 == owner(theirs / "gc.lock")


def test_in_ones_own_folder_it_is_ones_own_with_the_mode_that_was_asked_for(tmp_path: Path) -> None:
    assert os.geteuid() == owner(tmp_path / "access.number", 0o600)
    assert 0o600 == (tmp_path / "access.number").stat().st_mode & 0o777
