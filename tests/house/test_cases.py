"""A table that is one test can fail as each of its rows can."""

import pytest

from tests.cases import each


def test_every_case_is_tried_and_those_that_fail_are_named() -> None:
    tried = []

    @each("number", [1, 2, 3, 4])
    def is_odd(number: int) -> None:
        tried.append(number)
        assert number % 2, "even"

    with pytest.raises(ExceptionGroup, match="2 of 4 cases fail: in the case 2; in the case 4") as failed:
        is_odd()
    assert [1, 2, 3, 4] == tried
    assert ["even", "even"] == [str(failure).splitlines()[0] for failure in failed.value.exceptions]


def test_what_raises_nothing_fails_its_case() -> None:
    @each("text", ["1", "x"], ids=str)
    def is_no_number(text: str) -> None:
        with pytest.raises(ValueError, match="invalid"):
            int(text)

    with pytest.raises(BaseExceptionGroup, match="1 of 2 cases fail: in the case 1"):
        is_no_number()


def test_of_two_tables_every_case_meets_every_other() -> None:
    met = []

    @each("one", [1, 2])
    @each("two, three", [(3, 4), (5, 6)])
    def meet(one: int, two: int, three: int) -> None:
        met.append((one, two, three))

    meet()
    assert [(1, 3, 4), (1, 5, 6), (2, 3, 4), (2, 5, 6)] == met


@each("number", [1, 2])
def test_fixtures_are_given_to_all_cases(number: int, shared: list[int]) -> None:
    shared.append(number)
    assert list(range(1, number + 1)) == shared


@pytest.fixture
def shared() -> list[int]:
    return []


class TestWithinAClass:
    word = "here"

    @each("place", [0, 1])
    def test_the_rest_of_the_class_is_known(self, place: int) -> None:
        assert "he"[place] == self.word[place]


def test_a_table_without_a_case_is_refused() -> None:
    with pytest.raises(AssertionError, match="proves nothing"):
        each("number", [])
