"""What is proposed where the name of a branch is a tag."""

import pytest

from tests.doctor.repositories import checkout_of
from wharf.doctor.edits import changes_by
from wharf.doctor.rules.gitlab.gitlab_ref_as_tag import RULE
from wharf.formats.files import WrittenFiles

CI = ".gitlab-ci.yml"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("docker push r.io/a:$CI_COMMIT_BRANCH", "docker push r.io/a:$CI_COMMIT_REF_SLUG"),
        ("docker push r.io/a:x-${CI_COMMIT_REF_NAME}", "docker push r.io/a:x-${CI_COMMIT_REF_SLUG}"),
        (
            "docker build --cache-from r/a:$CI_COMMIT_BRANCH --label=$CI_COMMIT_BRANCH -t r/a:$CI_COMMIT_BRANCH .",
            "docker build --cache-from r/a:$CI_COMMIT_REF_SLUG --label=$CI_COMMIT_BRANCH -t r/a:$CI_COMMIT_REF_SLUG .",
        ),
    ],
)
def test_the_slug_stands_in_each_tag_of_the_line(before: str, after: str) -> None:
    files = WrittenFiles({CI: f"build:\n  script:\n    - {before}\n"})
    (found,) = RULE.check(checkout_of(files))
    (change,) = changes_by([found.fixes[0]], files)

    assert after == change.after.rpartition("- ")[2].strip()
