"""From the file of a workflow or an action to its parts."""

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.formats.github.running import FILE, workflow
from wharf.errors import MalformedFile
from wharf.formats.github.workflow import Flaw, Wrong
from wharf.formats.github.workflow_file import parse_action, parse_workflow
from wharf.formats.text import Text

WHOLE = """\
name: CI
on:
  push: {branches: [main], tags-ignore: ['v0*']}
  workflow_dispatch:
    inputs:
      Tag: {type: choice, default: latest, required: true}
  schedule: [{cron: '0 0 * * *'}]
permissions: {contents: read, packages: write}
env: {REGISTRY: ghcr.io, VERSION: 1.10}
defaults: {run: {shell: bash, working-directory: app}}
jobs:
  build:
    needs: test
    if: github.ref == 'refs/heads/main'
    runs-on: [self-hosted, linux]
    container: {image: node:20}
    services: {db: {image: postgres:16}, cache: redis:7}
    permissions: read-all
    outputs: {tag: "${{ steps.meta.outputs.version }}"}
    steps:
      - {id: meta, name: Tags, uses: docker/metadata-action@v5, with: {Images: a}, env: {A: b}}
      - {run: make, shell: sh, working-directory: sub}
  test:
    uses: ./.github/workflows/test.yml
    with: {deep: true}
"""


def flaws(text: str) -> list[tuple[Wrong, str, int]]:
    return [(flaw.wrong, flaw.subject, flaw.span.line) for flaw in workflow(text).flaws]


def test_all_parts_are_there() -> None:
    whole = workflow(WHOLE)
    build, test = whole.jobs

    assert () == whole.flaws
    assert ["push", "workflow_dispatch", "schedule"] == [trigger.name.flat for trigger in whole.triggers]
    assert {"REGISTRY": "ghcr.io", "VERSION": "1.1"} == {name: text.flat for name, text in whole.environment.items()}
    assert ["test"] == [need.flat for need in build.needs]
    assert ["self-hosted", "linux"] == [word.flat for word in build.machine]
    assert "node:20" == (build.image.flat if build.image else "")
    assert ["postgres:16", "redis:7"] == [image.flat for image in build.services.values()]
    assert {"images": "a"} == {name: text.flat for name, text in build.steps[0].inputs.items()}
    assert "meta" == build.steps[0].id
    assert "./.github/workflows/test.yml" == (test.uses.flat if test.uses else "")


def test_inputs_are_known_by_small_letters_and_keep_their_names() -> None:
    trigger = workflow(WHOLE).trigger("workflow_dispatch")
    assert trigger is not None
    asks = trigger.inputs["tag"]
    assert ("Tag", "choice", True) == (asks.name, asks.type, asks.is_required)


def test_filters_know_whether_they_ignore() -> None:
    trigger = workflow(WHOLE).triggers[0]
    assert (False, True) == (trigger.branches and trigger.branches.ignores, trigger.tags and trigger.tags.ignores)


def test_one_written_right_leaves_none_for_the_others() -> None:
    whole = workflow(WHOLE)
    build, test = whole.jobs
    of_test, of_build = whole.permissions_of(test), whole.permissions_of(build)
    assert of_test is not None
    assert of_build is not None
    assert ("write", "none", "read") == (of_test.of("packages"), of_test.of("id-token"), of_build.of("packages"))


def test_names_know_their_places() -> None:
    build = workflow(WHOLE).jobs[0]
    assert (f"{FILE}:12:3", f"{FILE}:21:9") == (str(build.span), str(build.steps[0].span))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("jobs: {a: {runs-on: x, steps: []}}", (Wrong.NO_TRIGGER, "", 1)),
        ("on: push", (Wrong.NO_JOBS, "", 1)),
        ("on: push\njobs:", (Wrong.NO_JOBS, "", 2)),
        ("on: pusch\njobs: {a: {runs-on: x, steps: []}}", (Wrong.UNKNOWN_EVENT, "pusch", 1)),
        ("on: push\njob: {}\njobs: {a: {runs-on: x, steps: []}}", (Wrong.UNKNOWN_KEY, "job", 2)),
        ("on: push\njobs: {a: {steps: []}}", (Wrong.JOB_WITHOUT_MACHINE, "a", 2)),
        ("on: push\njobs: {a: {runs-on: x}}", (Wrong.JOB_WITHOUT_WORK, "a", 2)),
        ("on: push\njobs: {a: {uses: ./x, env: {}}}", (Wrong.UNKNOWN_KEY, "env", 2)),
        ("on: push\njobs: {a: {runs-on: x, steps: [{run: y, with: {}}]}}", (Wrong.UNKNOWN_KEY, "with", 2)),
        ("on: push\njobs: {a: {runs-on: x, steps: [{uses: y, shell: z}]}}", (Wrong.UNKNOWN_KEY, "shell", 2)),
        ("on: push\njobs: {a: b}", (Wrong.NOT_A_MAP, "a", 2)),
        ("on: push\njobs: {a: {runs-on: x, steps: [{name: y}]}}", (Wrong.STEP_WITHOUT_WORK, "", 2)),
        ("on: push\njobs: {a: {runs-on: x, steps: [{run: y, uses: z}]}}", (Wrong.STEP_WITH_BOTH, "", 2)),
        ("on: push\njobs: {1a: {runs-on: x, steps: []}}", (Wrong.BAD_ID, "1a", 2)),
        ("on: push\njobs: {a: {runs-on: x, steps: [{id: i, run: y}, {id: I, run: z}]}}", (Wrong.SAME_ID, "I", 2)),
        ("on: push\nenv: {A: 1, A: 2}\njobs: {a: {runs-on: x, steps: []}}", (Wrong.REPEATED_KEY, "A", 2)),
        (
            "on: {push: {tags: [a], tags-ignore: [b]}}\njobs: {a: {runs-on: x, steps: []}}",
            (Wrong.BOTH_FILTERS, "tags", 1),
        ),
    ],
)
def test_what_github_refuses_is_a_flaw(text: str, expected: tuple[Wrong, str, int]) -> None:
    assert [expected] == flaws(text)


@pytest.mark.parametrize("text", ["", "- a", "a", "--- {}\n--- {}", "\t- x", "a: [", "a: &x [*x]"])
def test_what_is_no_mapping_is_malformed(text: str) -> None:
    with pytest.raises(MalformedFile):
        workflow(text)


def test_anchors_are_followed() -> None:
    text = "on: push\njobs:\n  a: &a {runs-on: x, steps: [{run: y}]}\n  b: *a\n  c: {<<: *a, runs-on: z}\n"
    jobs = workflow(text).jobs
    assert ["x", "x", "z"] == [job.machine[0].flat for job in jobs]
    assert ["y", "y", "y"] == [(job.steps[0].run or Text()).flat for job in jobs]


def test_an_action_has_inputs_outputs_and_steps() -> None:
    text = (
        "name: x\ninputs: {Tag: {default: 'v1'}}\noutputs: {image: {value: '${{ steps.s.outputs.i }}'}}\n"
        "runs: {using: Composite, steps: [{id: s, run: x, shell: bash}]}\n"
    )
    action = parse_action(Text.of_file("action.yml", text))
    assert ("composite", ["tag"], ["image"], 1) == (
        action.using,
        [*action.inputs],
        [*action.outputs],
        len(action.steps),
    )


_KEYS = st.sampled_from(
    ["on", "jobs", "steps", "env", "if", "uses", "strategy", "with", "needs", "push", "a", "matrix"]
)
_NODES = st.recursive(
    st.sampled_from(["x", "'${{ a }}'", "1.0", "~", "*a"]),
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda items: f"[{', '.join(items)}]")
        | st.lists(st.tuples(_KEYS, inner), max_size=3).map(
            lambda pairs: "{" + ", ".join(f"{key}: {value}" for key, value in pairs) + "}"
        )
    ),
    max_leaves=12,
)


@given(_NODES)
@settings(max_examples=100, deadline=None)
def test_whatever_stands_there_it_is_read_or_malformed(node: str) -> None:
    with suppress(MalformedFile):
        read = parse_workflow(Text.of_file(FILE, node))
        assert all(isinstance(flaw, Flaw) and flaw.span.file == FILE for flaw in read.flaws)
