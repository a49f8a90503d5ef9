"""Workflows that want to do harm: they come to an end, and never to a traceback."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.formats.github.running import PULL, PUSH, TAG, job_of, run
from wharf.formats.event import Event
from wharf.formats.pipeline import JobRun

_UNKNOWN = ["${{ steps.a.outputs.b }}", "${{ secrets.x }}", "${{ fromJSON(env.A) }}", "${{ github.event }}"]
_ODD = ["${{ toJSON(github) }}", "${{ matrix }}", "${{ always() }}", "${{", "${{ }}", "a", "'", "${{ needs.*.result }}"]
_EXPRESSIONS = st.sampled_from([*_UNKNOWN, *_ODD, "${{ env.A }}"])
_STEPS = st.lists(
    st.fixed_dictionaries(
        {},
        optional={
            "id": st.sampled_from(["a", "b", "steps"]),
            "if": _EXPRESSIONS,
            "run": st.sampled_from(["echo a=$A >> $GITHUB_OUTPUT", "echo 'A=${{ env.A }}' >> $GITHUB_ENV", "x"]),
            "uses": st.sampled_from(["docker/metadata-action@v5", "./a", "x", "@", "./../..", "docker://a", ""]),
            "env": st.dictionaries(st.sampled_from(["A", "B"]), _EXPRESSIONS, max_size=2),
            "with": st.dictionaries(st.sampled_from(["tags", "images", "ref"]), _EXPRESSIONS, max_size=2),
            "shell": st.sampled_from(["bash", "", "${{ env.A }}"]),
        },
    ),
    min_size=1,
    max_size=4,
)


@pytest.mark.slow
@given(_STEPS, st.sampled_from([PUSH, PULL, TAG]), _EXPRESSIONS)
@settings(max_examples=80, deadline=None)
def test_any_steps_can_be_taken(steps: list[dict[str, object]], event: Event, matrix: str) -> None:
    written = "\n".join(f"- {step!r}" for step in steps)
    head = f"    strategy: {{matrix: {matrix!r}}}\n    env: {{A: {matrix!r}}}\n"
    text = job_of(written, head).replace("on: push", "on: [push, pull_request]")
    for each in run(text, event):
        assert isinstance(each, JobRun)


def test_a_variable_that_doubles_with_each_step_stays_bounded() -> None:
    doubling = '- run: echo "A=${{ env.A }}${{ env.A }}" >> $GITHUB_ENV\n' * 18
    (only,) = run(job_of(doubling, "    env: {A: aaaaaaaaaaaaaaaa}\n"))
    assert len(only.steps) <= 18
