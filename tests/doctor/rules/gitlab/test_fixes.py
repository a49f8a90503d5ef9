"""What the rules about GitLab propose does mend what they found."""

from pathlib import Path

import pytest

from tests.doctor.repositories import checkout_in, checkout_of, expectations, repositories
from wharf.doctor.checkout import Checkout
from wharf.doctor.edits import changes_by
from wharf.doctor.examine import Found, examine, known_rules
from wharf.formats.files import Files, WrittenFiles

RULES = [rule for rule in known_rules() if rule.id.startswith("gitlab-") or rule.id == "file-cannot-be-read"]
REPOSITORIES = [path for path in repositories("defects") if path.name.startswith("gitlab-")]


def found_in(checkout: Checkout) -> list[Found]:
    return list(examine(checkout, RULES).found)


def after(files: Files, found: Found, number: int) -> WrittenFiles:
    content = {path: files.read(path).flat for path in files.paths()}
    content |= {change.path: change.after for change in changes_by((found.finding.fixes[number],), files)}
    return WrittenFiles(content)


@pytest.mark.parametrize("folder", REPOSITORIES, ids=lambda path: path.name)
def test_what_is_mended_is_not_found_again(folder: Path) -> None:
    checkout = checkout_in(folder)
    for found in found_in(checkout):
        for number, fix in enumerate(found.finding.fixes):
            if fix.edits:
                left = found_in(checkout_of(after(checkout.files, found, number), expectations(folder)))
                message = found.finding.message.english
                assert message not in {each.finding.message.english for each in left if each.rule.id == found.rule.id}
