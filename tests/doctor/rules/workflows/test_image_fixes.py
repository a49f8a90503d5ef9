"""What mends workflows that build images mends them: the finding is gone, and no other one comes."""

import pytest

from tests.doctor.repositories import GRAVE, ROOT, checkout_of, examined
from wharf.doctor.edits import changes_by
from wharf.doctor.folder.folder import Folder
from wharf.formats.files import WrittenFiles

_MENDED = [
    "workflow-branch-prefix-on-tags",
    "workflow-cache-without-builder",
    "workflow-platforms-without-builder",
    "workflow-packages-only-readable",
    "workflow-permissions-at-the-top",
]


@pytest.mark.parametrize("name", _MENDED)
def test_the_first_fix_mends_it(name: str) -> None:
    folder = Folder(ROOT / "defects" / name)
    files = {path: folder.read(path).flat for path in folder.paths() if path != "expected.toml"}
    found = [each for each in examined(checkout_of(WrittenFiles(files))).found if each.severity in GRAVE]
    fix = found[0].finding.fixes[0]
    assert fix.edits
    mended = files | {change.path: change.after for change in changes_by([fix], WrittenFiles(files))}
    again = examined(checkout_of(WrittenFiles(mended))).found
    assert [] == [each.finding.message.english for each in again if each.severity in GRAVE]
