"""Every expression of a workflow, with what may be asked for at its place."""

from tests.formats.github.running import workflow
from wharf.formats.github.workflow_file import parse_action
from wharf.formats.github.written_expressions import expressions_of, expressions_of_action
from wharf.formats.text import Text

WHOLE = """
run-name: ${{ inputs.a }}
on: {workflow_call: {outputs: {o: {value: "${{ jobs.a.outputs.b }}"}}}}
env: {A: "${{ secrets.b }}"}
jobs:
  a:
    if: needs.c.result == 'x'
    runs-on: ${{ matrix.d }}
    container: {image: "${{ env.unchecked }}"}
    strategy: {matrix: {d: "${{ fromJSON(vars.e) }}"}}
    steps:
      - {if: "steps.f.outcome", run: "${{ secrets.g }} ${{ github.h }}"}
"""


def test_they_are_found_wherever_they_stand() -> None:
    found = [each.inner.flat.strip() for each in expressions_of(workflow(WHOLE))]
    assert [
        "inputs.a",
        "secrets.b",
        "jobs.a.outputs.b",
        "needs.c.result == 'x'",
        "matrix.d",
        "env.unchecked",
        "fromJSON(vars.e)",
        "steps.f.outcome",
        "secrets.g",
        "github.h",
    ] == found


def test_each_place_has_its_own_contexts() -> None:
    allowed = {each.inner.flat.strip(): each.contexts for each in expressions_of(workflow(WHOLE))}
    assert "secrets" not in (allowed["steps.f.outcome"] or ())
    assert "secrets" in (allowed["secrets.g"] or ())
    assert "env" not in (allowed["matrix.d"] or ())
    assert allowed["env.unchecked"] is None


def test_actions_of_the_repository_know_no_secrets() -> None:
    text = (
        "outputs: {o: {value: '${{ steps.a.outputs.b }}'}}\nruns: {using: composite, steps: [{run: '${{ inputs.c }}'}]}"
    )
    found = list(expressions_of_action(parse_action(Text.of_file("action.yml", text))))
    assert ["steps.a.outputs.b", "inputs.c"] == [each.inner.flat.strip() for each in found]
    assert not any("secrets" in (each.contexts or ()) for each in found)
