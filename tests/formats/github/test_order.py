"""Jobs in the order in which they can run."""

import pytest

from tests.formats.github.running import workflow
from wharf.formats.github.order import circling, in_circles, in_order
from wharf.formats.github.workflow import Job


def jobs(**needs: list[str]) -> tuple[Job, ...]:
    written = "".join(f"  {name}: {{needs: {names}, runs-on: x, steps: []}}\n" for name, names in needs.items())
    return workflow(f"on: push\njobs:\n{written}").jobs


def test_each_stands_behind_those_that_it_needs() -> None:
    assert ["c", "b", "a"] == [job.id for job in in_order(jobs(a=["b", "c"], b=["c"], c=[]))]


def test_needs_that_are_not_there_do_not_matter() -> None:
    assert ["a"] == [job.id for job in in_order(jobs(a=["ghost"]))]


def test_circles_and_what_comes_after_them_never_run() -> None:
    circling = jobs(a=["b"], b=["a"], c=["a"], d=[])
    assert ["d"] == [job.id for job in in_order(circling)]
    assert ["a", "b"] == [job.id for job in in_circles(circling)]


def test_a_job_that_needs_itself_is_a_circle() -> None:
    assert ["a"] == [job.id for job in in_circles(jobs(a=["a"]))]


@pytest.mark.slow
def test_a_long_row_behind_a_circle_takes_no_time() -> None:
    ways = {f"j{at}": [f"j{at - 1}"] for at in range(1, 20_000)} | {"j0": ["j0"]}
    assert frozenset({"j0"}) == circling(ways)


def test_ways_that_lead_out_do_not_matter() -> None:
    assert frozenset({"a", "b"}) == circling({"a": ["b", "c"], "b": ["a", "x"], "c": ["x"]})
