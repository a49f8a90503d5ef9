"""What is seen of the workflows and actions of a repository."""

from tests.doctor.repositories import checkout_of
from tests.formats.github.running import PUSH
from wharf.doctor.looks.expressions import expressions
from wharf.doctor.looks.workflows import flaws, local_actions, workflow_runs, workflows
from wharf.formats.files import WrittenFiles
from wharf.formats.github.workflow import Wrong

CI = ".github/workflows/ci.yml"
GOOD = "on: push\njobs: {a: {runs-on: x, steps: [{uses: ./.github/actions/put}]}}\n"
PUT = "runs: {using: composite, steps: [{run: 'echo ${{ inputs.a }}', shell: bash}]}\n"


def test_only_files_right_in_their_folder_are_workflows() -> None:
    checkout = checkout_of(WrittenFiles({CI: GOOD, ".github/workflows/old/ci.yml": GOOD, "ci.yml": GOOD}))
    assert [CI] == [workflow.file for workflow in checkout.once(workflows)]


def test_what_cannot_be_read_is_among_the_problems_and_the_rest_is_seen() -> None:
    checkout = checkout_of(WrittenFiles({CI: GOOD, ".github/workflows/bad.yml": "on:\n\tpush\n"}))
    assert [CI] == [workflow.file for workflow in checkout.once(workflows)]
    assert [".github/workflows/bad.yml"] == [problem.file for problem in checkout.problems]


def test_actions_are_seen_wherever_they_stand_but_files_of_another_kind_are_passed_over() -> None:
    files = {
        ".github/actions/put/action.yml": PUT,
        "action.yaml": PUT,
        "docs/action.yml": "{{ x",
        "b/action.yml": "a: b",
    }
    checkout = checkout_of(WrittenFiles(files))
    assert [".github/actions/put/action.yml", "action.yaml"] == [each.file for each in checkout.once(local_actions)]
    assert () == checkout.problems


def test_runs_are_worked_out_once() -> None:
    checkout = checkout_of(WrittenFiles({CI: GOOD, ".github/actions/put/action.yml": PUT}))
    runs = checkout.once(workflow_runs)
    (workflow,) = checkout.once(workflows)
    assert ["echo"] == [command.program for command in runs.of(workflow, PUSH)[0].steps[0].commands]
    assert runs.of(workflow, PUSH) is runs.of(workflow, PUSH)


def test_flaws_are_those_of_workflows_and_actions() -> None:
    twice = "runs: {using: composite, using: composite, steps: []}"
    checkout = checkout_of(WrittenFiles({CI: "on: push\njobs: {}\n", "action.yml": twice}))
    assert [Wrong.NO_JOBS, Wrong.REPEATED_KEY] == [flaw.wrong for flaw in checkout.once(flaws)]


def test_expressions_know_whether_they_stand_in_a_workflow_or_an_action() -> None:
    text = GOOD.replace("uses: ./.github/actions/put", "run: '${{ github.sha }}'")
    checkout = checkout_of(WrittenFiles({CI: text, "action.yml": PUT}))
    found = checkout.once(expressions)
    assert [("github", "sha"), ("inputs", "a")] == [path.names for each in found for path in each.paths]
    assert [True, False] == [each.workflow is not None for each in found]
