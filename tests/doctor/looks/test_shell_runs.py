from wharf.doctor.checkout import Checkout
from wharf.doctor.history import History
from wharf.doctor.looks.shell_runs import commands, lost_variables, shell_runs
from wharf.formats.files import WrittenFiles

WORKFLOW = """on: push
jobs:
  a:
    runs-on: ubuntu-latest
    steps:
      - run: ./called.sh
      - run: TAG=1; ssh host 'docker pull app:$TAG'
"""
FILES = {
    ".github/workflows/a.yml": WORKFLOW,
    "called.sh": "#!/bin/sh\ndocker ps\n",
    "alone.sh": "#!/bin/sh\ndocker info\n",
}


def checkout() -> Checkout:
    return Checkout(WrittenFiles(FILES), History())


def test_scripts_that_a_job_calls_do_not_stand_alone() -> None:
    assert {".github/workflows/a.yml", "alone.sh"} == {run.file for run in checkout().once(shell_runs)}


def test_commands_are_told_once_for_each_place() -> None:
    found = [(run.file, str(ran.span)) for run, ran in commands(checkout(), "docker")]
    assert [
        (".github/workflows/a.yml", "called.sh:2:1"),
        (".github/workflows/a.yml", ".github/workflows/a.yml:7:31"),
        ("alone.sh", "alone.sh:2:1"),
    ] == found


def test_a_job_knows_on_which_machine_it_runs() -> None:
    assert [True, True, False] == [run.is_on_hosted_machine for run, _ in commands(checkout(), "docker")]


def test_what_a_job_loses_is_told() -> None:
    assert ["TAG"] == [lost.name for _, lost in lost_variables(checkout())]
