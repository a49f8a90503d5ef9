"""What rules about scripts propose mends what they found."""

import pytest

from tests.doctor.repositories import checkout_of
from wharf.doctor.edits import changes_by
from wharf.doctor.rule import Rule
from wharf.doctor.rules.shell.default_instead_of_commit import RULE as DEFAULT
from wharf.doctor.rules.shell.listing_never_fails import RULE as LISTING
from wharf.doctor.rules.shell.old_compose_program import RULE as COMPOSE
from wharf.doctor.rules.shell.variable_not_passed_on import RULE as PASSED
from wharf.formats.files import WrittenFiles

WORKFLOW = """on: push
jobs:
  deploy:
    runs-on: ubuntu-latest
    steps:
      - env:
          TAG: v1
        run: |
          %s
"""


@pytest.mark.parametrize(
    ("rule", "before", "after"),
    [
        (PASSED, "ssh host 'docker pull app:$TAG'", """ssh host "export TAG='$TAG';" 'docker pull app:$TAG'"""),
        (PASSED, "ssh host < deploy.sh", """ssh host "export TAG='$TAG'; bash -s" < deploy.sh"""),
        (PASSED, "sudo bash deploy.sh", "sudo --preserve-env=TAG bash deploy.sh"),
        (LISTING, "docker images app || exit 1", "docker image inspect app || exit 1"),
        (COMPOSE, "docker-compose up -d", "docker compose up -d"),
        (DEFAULT, "docker pull app:${CI_SHA:-latest}", "docker pull app:${CI_SHA:?}"),
    ],
)
def test_the_fix_mends_it(rule: Rule, before: str, after: str) -> None:
    files = WrittenFiles({".github/workflows/a.yml": WORKFLOW % before, "deploy.sh": "docker pull app:$TAG\n"})
    (found,) = rule.check(checkout_of(files))

    (change,) = changes_by(found.fixes[:1], files)
    mended = WrittenFiles({change.path: change.after, "deploy.sh": "docker pull app:$TAG\n"})

    assert WORKFLOW % after == change.after
    assert [] == list(rule.check(checkout_of(mended)))


def test_a_variable_that_the_other_machine_may_have_is_not_missed() -> None:
    files = WrittenFiles({".github/workflows/a.yml": WORKFLOW % "ssh host 'docker pull app:$RELEASE_OF_THE_HOST'"})
    assert [] == list(PASSED.check(checkout_of(files)))


def test_no_fix_is_offered_in_a_word_that_was_put_together_from_elsewhere() -> None:
    run = "ssh \"deploy@$MACHINE\" 'docker pull app:$TAG'"
    workflow = (WORKFLOW % run).replace("TAG: v1", "TAG: v1\n          MACHINE: ${{ secrets.HOST }}")
    (found,) = PASSED.check(checkout_of(WrittenFiles({".github/workflows/a.yml": workflow})))
    assert [()] == [fix.edits for fix in found.fixes]


def test_compose_that_the_job_brings_along_is_there() -> None:
    bringing = "sudo apt-get install -y docker-compose && docker-compose up -d"
    assert [] == list(COMPOSE.check(checkout_of(WrittenFiles({".github/workflows/a.yml": WORKFLOW % bringing}))))


def test_a_list_that_is_only_shown_is_no_check() -> None:
    shown = "docker images app; docker ps | grep app || exit 1"
    assert [] == list(LISTING.check(checkout_of(WrittenFiles({".github/workflows/a.yml": WORKFLOW % shown}))))
