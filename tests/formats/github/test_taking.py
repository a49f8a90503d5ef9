"""The steps of a job: which are taken, with which environment, and what they leave to those after them."""

import pytest

from tests.formats.github.running import commands_of, inputs_of, job_of, run
from wharf.formats.github.around import MOST_STEPS
from wharf.formats.hole import Unknown
from wharf.formats.pipeline import ActionRun, JobRun
from wharf.formats.shell.ran import Certainty, Followed

PUT = """
name: put
inputs:
  name: {required: true}
  suffix: {default: "s-${{ github.ref_name }}"}
outputs:
  full: {value: "${{ steps.make.outputs.full }}"}
runs:
  using: composite
  steps:
    - id: make
      shell: bash
      run: echo "full=${{ inputs.name }}-${{ inputs.suffix }}-$FLAVOR" >> "$GITHUB_OUTPUT"
    - shell: bash
      run: echo "MADE=${{ steps.make.outputs.full }}" >> "$GITHUB_ENV"
"""


def only(steps: str, head: str = "", files: dict[str, str] | None = None) -> JobRun:
    (found,) = run(job_of(steps, head), files=files)
    return found


def test_nearer_variables_win() -> None:
    text = "env: {A: 1, B: 1, C: 1}\n" + job_of(
        "- {run: 'x $A $B $C ${{ env.A }}${{ env.B }}${{ env.C }}', env: {C: 3}}",
        "    env: {B: '2${{ github.ref_type }}'}\n",
    )
    assert ["x 1 2branch 3 12branch3"] == commands_of(run(text)[0])


def test_githubs_own_variables_reach_scripts_but_are_not_in_env() -> None:
    assert ["x main []"] == commands_of(only("- run: x $GITHUB_REF_NAME [${{ env.GITHUB_REF_NAME }}]"))


def test_secrets_are_holes() -> None:
    assert ["login ‹TOKEN›"] == commands_of(only("- {run: login $T, env: {T: '${{ secrets.TOKEN }}'}}"))


def test_what_a_script_says_reaches_later_steps() -> None:
    job = only("""
- id: v
  run: |
    TAG="sha-${GITHUB_SHA::7}"
    echo "tag=$TAG" >> "$GITHUB_OUTPUT"
    echo "TAG=$TAG" >> $GITHUB_ENV
- run: x ${{ steps.v.outputs.tag }} $TAG ${{ env.TAG }}
""")
    assert "x sha-453a654 sha-453a654 sha-453a654" == commands_of(job)[-1]


def test_a_value_knows_where_it_was_written() -> None:
    job = only('- id: v\n  run: echo "tag=v1.2" >> "$GITHUB_OUTPUT"\n- run: x ${{ steps.v.outputs.tag }}')
    word = job.steps[1].commands[0].words[1]
    assert word.span is not None
    assert (7, 24) == (word.span.line, word.span.column)


def test_what_no_step_has_said_is_not_known() -> None:
    assert ["x ‹steps.v.outputs.tag›"] == commands_of(
        only("- {id: v, uses: a/b@v1}\n- run: x ${{ steps.v.outputs.tag }}")
    )


def test_steps_that_are_not_there_say_nothing() -> None:
    assert ["x []"] == commands_of(only("- run: x [${{ steps.ghost.outputs.tag }}]"))


def test_a_step_may_be_left_out() -> None:
    job = only("- {run: a, if: github.ref_type == 'tag'}\n- {run: b, if: failure()}\n- {run: c, if: always()}")
    assert ["c"] == commands_of(job)


def test_a_step_that_depends_on_what_is_not_known_is_perhaps_taken() -> None:
    assert [Certainty.PERHAPS] == [step.certainty for step in only("- {run: a, if: vars.ON == 'yes'}").steps]


def test_outputs_of_such_a_step_are_known_only_where_the_same_is_asked() -> None:
    job = only("""
- {id: v, if: vars.ON, run: 'echo tag=1 >> $GITHUB_OUTPUT'}
- {if: vars.ON, run: 'x ${{ steps.v.outputs.tag }}'}
- {if: steps.v.outcome == 'success', run: 'y ${{ steps.v.outputs.tag }}'}
- {run: 'z ${{ steps.v.outputs.tag }}'}
""")
    assert ["x 1", "y 1", "z ‹steps.v›"] == commands_of(job)[1:]


def test_metadata_gives_its_tags_to_the_next_step() -> None:
    job = only("""
- id: meta
  uses: docker/metadata-action@v5
  with: {images: 'ghcr.io/${{ github.repository }}', tags: type=sha}
- {uses: docker/build-push-action@v6, with: {tags: '${{ steps.meta.outputs.tags }}'}}
- run: x $DOCKER_METADATA_OUTPUT_VERSION
""")
    assert {"tags": "ghcr.io/acme/app:sha-453a654"} == inputs_of(job)[1]
    assert ["x sha-453a654"] == commands_of(job)


def test_where_metadata_fails_the_job_ends() -> None:
    job = only(
        "- {uses: docker/metadata-action@v5, with: {images: a, tags: 'type=nonsense'}}\n"
        "- run: x\n- {run: y, if: always()}"
    )
    assert ["y"] == commands_of(job)


def test_an_action_of_the_repository_is_followed() -> None:
    job = only(
        "- uses: actions/checkout@v4\n"
        "- {id: p, uses: ./.github/actions/put, with: {name: api}, env: {FLAVOR: slim}}\n"
        "- run: x ${{ steps.p.outputs.full }} $MADE [$FLAVOR]\n",
        files={".github/actions/put/action.yml": PUT},
    )
    assert "x api-s-main-slim api-s-main-slim []" == commands_of(job)[-1]
    assert [(), (7,), (7,), ()] == [tuple(span.line for span in step.via) for step in job.steps]


def test_an_action_of_the_repository_that_is_no_composite_stays_an_action() -> None:
    job = only("- uses: ./act", files={"act/action.yaml": "name: x\nruns: {using: docker, image: Dockerfile}"})
    assert ["./act"] == [step.deed.uses for step in job.steps if isinstance(step.deed, ActionRun)]


def test_an_action_that_uses_itself_comes_to_an_end() -> None:
    job = only("- uses: ./a", files={"a/action.yml": "runs: {using: composite, steps: [{uses: ./a}, {uses: ./a}]}"})
    assert [Unknown.TOO_MUCH] * 2 == [hole.reason.kind for hole in job.undecided]


@pytest.mark.slow
def test_actions_that_multiply_come_to_an_end() -> None:
    files = {
        f"a{at}/action.yml": "runs: {using: composite, steps: [" + ", ".join([f"{{uses: ./a{at + 1}}}"] * 9) + "]}"
        for at in range(9)
    }
    assert len(only("- uses: ./a0", files=files).steps) <= MOST_STEPS


def test_after_an_action_that_is_not_known_variables_may_be_set() -> None:
    default = "- run: x ${TAG:-latest}"
    assert ["x latest"] == commands_of(only(f"- uses: docker/login-action@v3\n{default}"))
    (unsure,) = commands_of(only(f"- uses: someone/else@v1\n{default}"))
    assert "latest" not in unsure or "‹" in unsure


def test_other_shells_are_not_followed() -> None:
    job = only("- {run: x, shell: pwsh}\n- {run: 'print(1)', shell: python}\n- {run: y, shell: 'bash -l {0}'}")
    deeds = [step.deed for step in job.steps if isinstance(step.deed, Followed)]
    assert [["pwsh"], ["python"], []] == [[hole.reason.subject for hole in deed.undecided] for deed in deeds]


def test_on_windows_the_shell_is_another_one() -> None:
    (job,) = run(job_of("- run: x").replace("ubuntu-latest", "windows-latest"))
    assert [] == commands_of(job)


def test_a_step_runs_in_the_folder_that_is_nearest() -> None:
    job = only("- run: x\n- {run: y, working-directory: ./api/}", "    defaults: {run: {working-directory: web}}\n")
    assert ["web", "api"] == [step.commands[0].folder for step in job.steps]


def test_what_git_prints_is_known_until_another_commit_is_checked_out() -> None:
    asking = "- run: x $(git rev-parse --short HEAD)\n"
    job = only(f"{asking}- {{uses: actions/checkout@v4, with: {{ref: dev}}}}\n{asking}")
    known, unknown = (command for command in commands_of(job) if command.startswith("x "))
    assert "x 453a654" == known
    assert "453a654" not in unknown


def test_scripts_are_found_from_the_workspace() -> None:
    steps = "- run: bash $GITHUB_WORKSPACE/ci/put.sh\n- run: cd ${{ github.workspace }}/ci && ./put.sh"
    assert ["put it", "put it"] == [
        command for command in commands_of(only(steps, files={"ci/put.sh": "put it\n"})) if command.startswith("put")
    ]


def test_after_variables_out_of_a_file_that_is_not_known_any_may_be_set() -> None:
    job = only("- run: cat ${{ secrets.FILE }} >> $GITHUB_ENV\n- run: x ${{ env.NAME || 'default' }}")
    assert "x ‹env.NAME›" == commands_of(job)[-1]
