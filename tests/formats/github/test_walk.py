"""Which jobs run for an event, how often, and what they give each other."""

from dataclasses import replace

import pytest

from tests.formats.github.running import PULL, PUSH, SHA, TAG, commands_of, inputs_of, job_of, names, run, shown
from wharf.formats.hole import Unknown
from wharf.formats.shell.ran import Certainty

REUSED = """
on:
  workflow_call:
    inputs:
      tag: {type: string, required: true}
      push: {type: boolean}
      retries: {type: number, default: 3}
    outputs:
      image: {value: "${{ jobs.put.outputs.image }}"}
jobs:
  put:
    runs-on: ubuntu-latest
    outputs: {image: "ghcr.io/x:${{ inputs.tag }}"}
    steps:
      - uses: a/b@v1
        with: {tag: "${{ inputs.tag }}", push: "${{ inputs.push }}", retries: "${{ inputs.retries }}"}
"""


def jobs(text: str) -> str:
    return f"on: [push, pull_request, workflow_dispatch]\njobs:\n{text}"


def steps(head: str) -> str:
    return f"{{runs-on: ubuntu-latest, {head}steps: [{{uses: a/b@v1}}]}}"


def test_an_event_that_starts_nothing_gives_nothing() -> None:
    assert () == run("on: release\njobs: {a: {runs-on: x, steps: []}}")


def test_a_job_that_is_left_out_takes_those_that_need_it_with_it() -> None:
    text = jobs(
        f"  a: {steps('if: github.event_name == 0, ')}\n  b: {steps('needs: a, ')}\n  c: {steps('needs: b, ')}\n"
    )
    assert [] == names(run(text))


def test_one_that_always_runs_does_so_but_not_those_after_it() -> None:
    text = jobs(
        f"  a: {steps('if: false, ')}\n  b: {steps('needs: a, if: always(), ')}\n  c: {steps('needs: b, ')}\n"
        f"  d: {steps('needs: b, if: ' + repr('!failure()') + ', ')}\n"
    )
    assert ["b", "d"] == names(run(text))


def test_a_job_that_depends_on_a_secret_is_perhaps_run_with_all_that_need_it() -> None:
    text = jobs(f"  a: {steps('if: vars.ON, ')}\n  b: {steps('needs: a, ')}\n")
    assert [Certainty.PERHAPS, Certainty.PERHAPS] == [each.certainty for each in run(text)]


def test_files_that_were_changed_leave_all_open() -> None:
    (only,) = run("on: {push: {paths: [src]}}\njobs: {a: {runs-on: x, steps: []}}")
    assert Certainty.PERHAPS is only.certainty


def test_a_matrix_gives_a_job_for_each_combination() -> None:
    head = "    strategy: {matrix: {service: [api, web]}}\n"
    runs = run(job_of("- {uses: a/b@v1, with: {tags: 'x/${{ matrix.service }}:${{ github.sha }}'}}", head))
    assert [[{"tags": f"x/{name}:{SHA}"}] for name in ("api", "web")] == [inputs_of(each) for each in runs]
    assert [{"service": "api"}, {"service": "web"}] == [shown(each.matrix) for each in runs]


def test_outputs_of_a_job_reach_those_that_need_it() -> None:
    text = jobs(
        "  a:\n    runs-on: x\n    outputs: {tag: 'v-${{ github.sha }}'}\n    steps: []\n"
        "  b:\n    needs: a\n    runs-on: x\n    steps:\n"
        "      - {uses: a/b@v1, with: {tag: '${{ needs.a.outputs.tag }}', none: '${{ needs.a.outputs.x }}'}}\n"
    )
    assert [{"tag": f"v-{SHA}", "none": ""}] == inputs_of(run(text)[1])


def test_outputs_that_differ_between_combinations_are_open() -> None:
    text = jobs(
        "  a:\n    runs-on: x\n    strategy: {matrix: {v: [1, 2]}}\n"
        "    outputs: {v: '${{ matrix.v }}', w: same}\n    steps: []\n"
        "  b:\n    needs: a\n    runs-on: x\n    steps:\n"
        "      - {uses: a/b@v1, with: {v: '${{ needs.a.outputs.v }}', w: '${{ needs.a.outputs.w }}'}}\n"
    )
    assert [{"v": "‹v›", "w": "same"}] == inputs_of(run(text)[-1])


def test_a_workflow_of_the_repository_is_followed_with_its_inputs_and_outputs() -> None:
    text = jobs(
        "  call:\n    uses: ./.github/workflows/put.yml\n    with: {tag: '${{ github.ref_name }}', push: true}\n"
        "  after:\n    needs: call\n    runs-on: x\n    steps:\n"
        "      - {uses: a/b@v1, with: {image: '${{ needs.call.outputs.image }}'}}\n"
    )
    put, after = run(text, files={".github/workflows/put.yml": REUSED})
    assert (".github/workflows/put.yml", "put") == (put.file, put.job)
    assert [3] == [span.line for span in put.via]
    assert [{"tag": "main", "push": "true", "retries": "3"}] == inputs_of(put)
    assert [{"image": "ghcr.io/x:main"}] == inputs_of(after)


def test_a_workflow_elsewhere_is_undecided() -> None:
    (only,) = run(jobs("  call: {uses: other/repo/.github/workflows/x.yml@v1}\n"))
    assert [Unknown.REMOTE] == [hole.reason.kind for hole in only.undecided]


def test_a_workflow_named_by_the_repository_itself_is_followed() -> None:
    text = jobs("  call: {uses: acme/APP/.github/workflows/put.yml@main, with: {tag: a}}\n")
    assert ["put"] == names(run(text, files={".github/workflows/put.yml": REUSED}))


def test_workflows_that_call_themselves_come_to_an_end() -> None:
    itself = "on: [push, workflow_call]\njobs: {again: {uses: ./.github/workflows/ci.yml}}"
    (only,) = run(itself, files={".github/workflows/ci.yml": itself})
    assert [Unknown.TOO_MUCH] == [hole.reason.kind for hole in only.undecided]


def test_calls_that_multiply_come_to_an_end() -> None:
    files = {
        f".github/workflows/w{at}.yml": "on: workflow_call\njobs:\n"
        + "".join(f"  j{job}: {{uses: ./.github/workflows/w{at + 1}.yml}}\n" for job in range(30))
        for at in range(9)
    }
    runs = run("on: push\njobs: {a: {uses: ./.github/workflows/w0.yml}}", files=files)
    assert len(runs) < 6_000


def test_inputs_of_a_dispatch_are_open_unless_they_are_given() -> None:
    text = "on:\n  workflow_dispatch: {inputs: {tag: {default: latest}}}\n" + job_of(
        "- {uses: a/b@v1, with: {tag: '${{ inputs.tag }}', same: '${{ github.event.inputs.tag }}'}}"
    ).removeprefix("on: push\n")
    asked = replace(PUSH, name="workflow_dispatch")
    assert [{"tag": "‹tag›", "same": "‹tag›"}] == inputs_of(run(text, asked)[0])
    assert [{"tag": "v9", "same": "v9"}] == inputs_of(run(text, replace(asked, inputs={"tag": "v9"}))[0])


def test_outside_of_git_neither_the_repository_nor_the_commit_is_known() -> None:
    text = job_of("- {uses: a/b@v1, with: {image: '${{ github.repository }}:${{ github.sha }}'}}")
    assert [{"image": "‹github.repository›:‹github.sha›"}] == inputs_of(
        run(text, replace(PUSH, repository="", sha=""))[0]
    )


def test_events_tell_what_they_are_about() -> None:
    text = job_of(
        "- uses: a/b@v1\n  with: {ref: '${{ github.ref_name }}', type: '${{ github.ref_type }}', "
        "head: '${{ github.head_ref }}', number: '${{ github.event.number }}', "
        "fork: '${{ github.event.pull_request.head.repo.fork }}'}"
    ).replace("on: push", "on: [push, pull_request]")
    (pushed,), (tagged,), (pulled,) = (inputs_of(run(text, event)[0]) for event in (PUSH, TAG, PULL))
    assert {"ref": "main", "type": "branch", "head": "", "number": "", "fork": ""} == pushed
    assert ("v1.2.3", "tag") == (tagged["ref"], tagged["type"])
    assert ("12/merge", "feature", "12") == (pulled["ref"], pulled["head"], pulled["number"])
    assert "‹github.event.pull_request.head.repo›" == pulled["fork"]


def test_machines_images_and_services_are_filled_in() -> None:
    text = (
        "on: push\njobs:\n  a:\n    strategy: {matrix: {os: [ubuntu-latest]}}\n"
        "    runs-on: ['${{ matrix.os }}', big]\n    container: 'node:${{ matrix.os }}'\n"
        "    services: {db: {image: 'pg:${{ github.ref_name }}'}}\n    steps: []\n"
    )
    (only,) = run(text)
    assert ["ubuntu-latest", "big"] == [word.flat for word in only.machine]
    assert ("node:ubuntu-latest", ["pg:main"]) == (
        only.image.flat if only.image else "",
        [image.flat for image in only.services],
    )


@pytest.mark.slow
def test_very_many_steps_come_to_an_end() -> None:
    many = "\n".join("- {run: a}" for _ in range(300))
    runs = run(job_of(many, "    strategy: {matrix: {a: [" + ",".join(map(str, range(60))) + "]}}\n"))
    assert sum(len(commands_of(each)) for each in runs) <= 5_000
    assert Unknown.TOO_MUCH in {hole.reason.kind for each in runs for hole in each.undecided}


FAILING = """
on: push
jobs:
  first:
    runs-on: ubuntu-latest
{0}    steps:
      - uses: docker/metadata-action@v5
{1}        with: {{images: acme/app, tags: type=nothing}}
      - run: echo first
  second:
    needs: first
    runs-on: ubuntu-latest
{2}    steps:
      - run: echo second ${{{{ needs.first.result }}}}
"""


@pytest.mark.parametrize(
    ("of_job", "of_step", "of_second", "expected"),
    [
        ("", "", "", []),
        ("", "        continue-on-error: true\n", "", ["echo first", "echo second success"]),
        ("    continue-on-error: true\n", "", "", ["echo second success"]),
        ("", "", "    if: always()\n", ["echo second failure"]),
    ],
)
def test_what_comes_after_a_step_that_fails(of_job: str, of_step: str, of_second: str, expected: list[str]) -> None:
    runs = run(FAILING.format(of_job, of_step, of_second))

    assert expected == [command for each in runs for command in commands_of(each)]


def test_a_step_that_fails_gives_nothing() -> None:
    (job,) = run(
        job_of(
            "- id: meta\n  uses: docker/metadata-action@v5\n  with: {tags: type=nothing}\n  continue-on-error: true\n"
            "- run: echo [${{ steps.meta.outputs.tags }}] ${{ steps.meta.outcome }} ${{ steps.meta.conclusion }}"
        )
    )

    assert ["echo [] failure success"] == commands_of(job)
