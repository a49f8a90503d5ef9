import pytest

from wharf.doctor.check.course import first_failure, hindrance, sameness, works
from wharf.doctor.check.step import Line, Mark, Outcome, Step, StepTold, Telling
from wharf.doctor.language import Words
from wharf.errors import RemoteProblem, TlsRefused

PASSED = dict.fromkeys(Step, Outcome.PASSED)


def told(step: Step, outcome: Outcome = Outcome.PASSED, *lines: Line, seconds: float = 0.0) -> StepTold:
    return StepTold(step, outcome, lines, seconds)


def failed(step: Step, cause: str = "no") -> StepTold:
    return told(step, Outcome.FAILED, Line(Mark.BAD, Words(cause, cause), RemoteProblem(cause)))


@pytest.mark.parametrize("step", Step)
def test_where_all_went_well_every_step_is_taken(step: Step) -> None:
    assert hindrance(step, PASSED) is None


@pytest.mark.parametrize(
    ("bad", "hindered"),
    [
        (Step.ENVIRONMENT, [Step.LOGIN]),
        (Step.LOGIN, [Step.PUSH, Step.API]),
        (Step.PUSH, [Step.PULL]),
        (Step.PULL, []),
        (Step.API, []),
    ],
)
def test_a_step_that_failed_stands_in_the_way_of_those_that_need_it(bad: Step, hindered: list[Step]) -> None:
    so_far = {**PASSED, bad: Outcome.FAILED}
    assert hindered == [step for step in Step if hindrance(step, so_far)]


def test_it_is_told_what_stands_in_the_way() -> None:
    why = hindrance(Step.PULL, {**PASSED, Step.PUSH: Outcome.NOT_DONE})
    assert why is not None
    assert "not done, because step 3 (Build and push) did not succeed" == why.english
    assert "3단계(빌드와 푸시)" in why.korean


def test_cleaning_up_is_hindered_by_nothing() -> None:
    assert hindrance(Step.CLEANUP, dict.fromkeys(Step, Outcome.FAILED)) is None


def test_a_remark_does_not_make_a_check_fail() -> None:
    remark = Line(Mark.REMARK, Words("stays", "남음"))
    assert works([told(Step.LOGIN), told(Step.CLEANUP, Outcome.PASSED, remark)])


@pytest.mark.parametrize("outcome", [Outcome.FAILED, Outcome.NOT_DONE, Outcome.INTERRUPTED])
def test_whatever_did_not_pass_does(outcome: Outcome) -> None:
    assert not works([told(Step.LOGIN), told(Step.PUSH, outcome)])


def test_the_first_failure_is_the_one_that_counts() -> None:
    first = failed(Step.LOGIN)
    assert first == first_failure([told(Step.ENVIRONMENT), first, failed(Step.API)])


def test_two_runs_that_went_the_same_way_are_the_same() -> None:
    one = [told(Step.LOGIN, Outcome.PASSED, Line(Mark.GOOD, Words("tag 1", "")), seconds=1.0)]
    other = [told(Step.LOGIN, Outcome.PASSED, Line(Mark.GOOD, Words("tag 2", "")), seconds=2.0)]
    assert sameness(one) == sameness(other)


def test_another_error_makes_a_difference() -> None:
    other = told(Step.LOGIN, Outcome.FAILED, Line(Mark.BAD, Words("", ""), TlsRefused("registry.example", "no")))
    assert sameness([failed(Step.LOGIN)]) != sameness([other])


def test_a_step_has_failed_if_one_of_its_lines_is_bad() -> None:
    telling = Telling()
    telling.good("well", "좋음")
    telling.remark("well", "좋음")
    assert Outcome.PASSED is telling.outcome()
    telling.bad(RemoteProblem("no"))
    assert Outcome.FAILED is telling.outcome()
