"""What was probably meant, found in bounded time whatever the names are."""

import random
from collections.abc import Callable
from difflib import SequenceMatcher

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.oci.hostile import cpu_seconds, steady
from wharf.oci.nearness import nearest, nearness

CHANCE = random.Random(20_04)
few_letters = st.text("abcd/-", min_size=1, max_size=14)


@pytest.mark.parametrize(
    ("wanted", "candidate"),
    [
        ("453a6545ae3a1dd3e4cbc20b5e7f9c4c0dd1e8d4", "sha-453a654"),
        ("V1.2", "v1.2"),
        ("1.2.3", "v1.2.3"),
        ("lates", "latest"),
        ("lastet", "latest"),
        ("tema/app", "team/app"),
    ],
)
def test_a_slip_is_near(wanted: str, candidate: str) -> None:
    assert [candidate] == nearest(wanted, [candidate, "zzzz", "0"])


@pytest.mark.parametrize(
    ("wanted", "candidate"),
    [("latest", "nightly"), ("v1", "v22"), ("team/app", "x/y"), ("a", "")],
)
def test_other_names_are_far(wanted: str, candidate: str) -> None:
    assert [] == nearest(wanted, [candidate])


def test_kinds_of_nearness_have_an_order() -> None:
    candidates = ["abcdef12", "ABCDEF1", "x-abcdef1-y", "abcdfe1"]
    assert ["abcdef12", "x-abcdef1-y", "ABCDEF1"] == nearest("abcdef1", candidates)


def test_the_name_itself_is_not_near() -> None:
    assert [] == nearest("latest", ["latest"])


@steady
@given(wanted=few_letters, candidates=st.lists(few_letters, max_size=6))
def test_the_nearest_are_candidates_and_the_best_of_them_first(wanted: str, candidates: list[str]) -> None:
    found = nearest(wanted, candidates)
    assert len(found) <= 3
    assert set(found) <= set(candidates) - {wanted}
    assert sorted((nearness(wanted, one) for one in found), reverse=True) == [nearness(wanted, one) for one in found]


@steady
@given(left=few_letters, right=few_letters)
def test_nearness_lies_between_nothing_and_one_from_either_side(left: str, right: str) -> None:
    assert 0.0 <= nearness(left, right) <= 1.0
    assert nearness(right, left) == nearness(left, right)


@steady
@given(left=few_letters, right=few_letters)
def test_what_has_common_blocks_is_at_least_as_near_as_these_say(left: str, right: str) -> None:
    """The standard library's measure, which is slower, never finds more in common."""
    blocks = SequenceMatcher(None, left.casefold(), right.casefold(), autojunk=False).ratio()
    assert nearness(left, right) >= min(0.8, blocks) or blocks < 0.6


@pytest.mark.parametrize(
    "name",
    [
        lambda: "".join(CHANCE.choices("ab", k=255)),
        lambda: "a" * 255,
        lambda: "-".join(f"{CHANCE.getrandbits(28):07x}" for _ in range(31)),
        lambda: "a/" * 127 + "a",
    ],
    ids=["two letters", "one letter", "commits", "segments"],
)
def test_hundreds_of_long_candidates_are_settled_soon(name: Callable[[], str]) -> None:
    """In processor time. Four hundred pairs took ten seconds once, and nobody else was served meanwhile."""
    candidates = [name()[:250] + f"{number:05}" for number in range(400)]
    assert cpu_seconds(lambda wanted: nearest(wanted, candidates), name()) < 2
