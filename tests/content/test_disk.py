import errno
import os
from pathlib import Path

import pytest

from wharf.content.disk import disk_errors, require_ours
from wharf.errors import StoreFull, StoreProblem

PLACE = Path("/srv/wharf/uploads/one")


def failing(number: int) -> None:
    with disk_errors(PLACE):
        raise OSError(number, os.strerror(number))


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_a_disk_without_room_is_full(number: int) -> None:
    with pytest.raises(StoreFull):
        failing(number)


@pytest.mark.parametrize("number", [errno.EROFS, errno.EACCES, errno.EPERM, errno.EIO])
def test_a_disk_that_takes_nothing_is_a_problem_of_the_store_and_says_which(number: int) -> None:
    with pytest.raises(StoreProblem, match=os.strerror(number)) as raised:
        failing(number)
    assert not isinstance(raised.value, StoreFull)
    assert [f"while at: {PLACE}"] == list(raised.value.diagnostics().evidence)


def test_what_is_no_fault_of_the_disk_passes_as_it_is() -> None:
    with pytest.raises(FileNotFoundError):
        failing(errno.ENOENT)


def test_a_folder_where_files_can_be_made_is_ours(tmp_path: Path) -> None:
    require_ours(tmp_path)
