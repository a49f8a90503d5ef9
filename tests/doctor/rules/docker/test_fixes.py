"""What a rule about Dockerfiles offers as a patch mends what it is about."""

import pytest

from tests.doctor.repositories import checkout_of
from tests.doctor.rules.pages import page_of
from wharf.doctor.edits import changes_by
from wharf.doctor.examine import known_rules
from wharf.doctor.mended import Patched
from wharf.doctor.rule import Rule
from wharf.formats.files import WrittenFiles

RULES = [rule for rule in known_rules() if ".docker." in rule.check.__module__]
WITHOUT_PATCH = {
    "apt-install-without-update",
    "copy-source-misplaced",  # only for another spelling
    "directive-too-late",
    "from-image-large",
    "from-image-moves",
    "nothing-checked-out",
    "platform-fixed-in-from",
    "runs-as-root",
    "secret-in-build-argument",
    "source-before-dependencies",
    "stage-name-in-capitals",
    "stage-name-taken",
    "workdir-missing",
    "ignore-pattern-refused",
}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_the_patch_on_its_page_mends_it(rule: Rule) -> None:
    files = WrittenFiles(page_of(rule.id, "en").bad)
    found = list(rule.check(checkout_of(files)))
    fixes = [finding.fixes[0] for finding in found if finding.fixes and finding.fixes[0].edits]

    assert found
    assert bool(fixes) is (rule.id not in WITHOUT_PATCH)
    if fixes:
        changed = Patched(files, {change.path: change.after for change in changes_by(fixes, files)})
        assert [] == list(rule.check(checkout_of(changed)))
