"""Folders go at the end, mounts and late writers or not; one that stays is named and fails nothing."""

import os
import subprocess
import warnings
from pathlib import Path

import pytest

from tests.clients.clearing import LeftBehind, clear_away, mounts_below

TABLE = """\
proc /proc proc rw 0 0
/dev/vda /tmp/yard/data ext4 rw 0 0
overlay /tmp/yard/data/merged\\040here overlay ro 0 0
tmpfs /tmp/yard-of-somebody tmpfs rw 0 0
"""


def test_mounts_in_a_folder_are_found_the_latest_first() -> None:
    assert mounts_below(Path("/tmp/yard"), TABLE) == ["/tmp/yard/data/merged here", "/tmp/yard/data"]


def test_a_folder_goes_with_all_that_is_in_it(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    (folder / "inner").mkdir(parents=True)
    (folder / "inner" / "file").write_bytes(b"content")
    clear_away(folder)
    assert not folder.exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="not root: mounts need it")
def test_a_folder_goes_with_a_mount_in_use(tmp_path: Path) -> None:
    mounted = tmp_path / "folder" / "data"
    mounted.mkdir(parents=True)
    subprocess.run(["mount", "--bind", mounted, mounted], check=True)
    with subprocess.Popen(["sleep", "60"], cwd=mounted) as user:
        clear_away(tmp_path / "folder")
        user.kill()
    assert not (tmp_path / "folder").exists()


def test_a_folder_that_resists_at_first_goes_later(tmp_path: Path) -> None:
    # A plain file resists as a folder would in which somebody writes.
    resisting = tmp_path / "file"
    resisting.touch()
    clear_away(resisting, pause=resisting.unlink)
    assert not resisting.exists()


def test_a_folder_that_resists_to_the_end_is_named_in_a_warning_that_is_no_error(tmp_path: Path) -> None:
    resisting = tmp_path / "file"
    resisting.touch()
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("error")
        clear_away(resisting, patience=0)
    assert [(LeftBehind, True)] == [(each.category, str(resisting) in str(each.message)) for each in seen]
