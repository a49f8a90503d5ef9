"""Readings on their way from a worker to its parent."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wharf.errors import Malformed
from wharf.registry.services.statistics.meter import BOUNDS, Meter, Readings

REQUESTS = st.tuples(
    st.sampled_from(["GET", "PUT", "BREW"]),
    st.sampled_from([200, 201, 404, 503]),
    st.floats(0, 100),
    st.integers(0, 10**12),
)


def of(requests: list[tuple[str, int, float, int]]) -> Readings:
    meter = Meter()
    for method, status, seconds, size in requests:
        meter.served(method, "/v2/crew/app/manifests/v1", status, seconds, size, size)
    return meter.taken()


@settings(max_examples=100)
@given(st.lists(REQUESTS, max_size=30))
def test_readings_arrive_as_they_were_sent(requests: list[tuple[str, int, float, int]]) -> None:
    readings = of(requests)
    assert readings == Readings.from_wire(readings.to_wire())


@settings(max_examples=50)
@given(st.lists(REQUESTS, max_size=30), st.lists(REQUESTS, max_size=30))
def test_the_sum_of_two_readings_is_the_reading_of_both(
    one: list[tuple[str, int, float, int]], other: list[tuple[str, int, float, int]]
) -> None:
    together = of(one)
    together.add(of(other))
    whole = of(one + other)
    assert whole.plain == together.plain
    assert {key: timed.sorted_by_time for key, timed in whole.requests.items()} == {
        key: timed.sorted_by_time for key, timed in together.requests.items()
    }


@settings(max_examples=100)
@given(st.binary(max_size=200))
def test_what_is_no_reading_is_refused(raw: bytes) -> None:
    with pytest.raises(Malformed):
        Readings.from_wire(raw)


@pytest.mark.parametrize("row", ['["GET", 2, 0.1]', '["GET", 2, 0.1, [1]]', '["GET", "2", 0.1, []]', "7"])
def test_rows_that_are_no_readings_are_refused(row: str) -> None:
    with pytest.raises(Malformed):
        Readings.from_wire(f'{{"worker": 1, "requests": [{row}], "plain": {{}}, "stock": {{}}}}'.encode())


def test_what_takes_longest_is_sorted_behind_all_bounds() -> None:
    [timed] = of([("GET", 200, BOUNDS[-1] + 1, 0)]).requests.values()
    assert 1 == timed.sorted_by_time[len(BOUNDS)]


def test_what_was_taken_is_told_once() -> None:
    meter = Meter()
    meter.pulled(2)
    meter.give_back(meter.taken())
    assert 2 == meter.taken().plain["pulls"]
    assert Readings() == meter.taken()
