"""The course of a check: which step may be taken after what came of those before it, and what it all amounts to."""

from collections.abc import Mapping, Sequence
from typing import Final

from wharf.doctor.check.step import Line, Outcome, Step, StepTold
from wharf.doctor.language import Words

_NEEDS: Final = {
    Step.LOGIN: Step.ENVIRONMENT,
    Step.PUSH: Step.LOGIN,
    Step.PULL: Step.PUSH,
    Step.API: Step.LOGIN,
}
"""The API can be asked for its lists by somebody who may not push. Cleaning up is done whatever happened."""


def hindrance(step: Step, so_far: Mapping[Step, Outcome]) -> Words | None:
    """Why a step cannot be taken; None if it can."""
    needed = _NEEDS.get(step)
    if needed is None or so_far.get(needed) is Outcome.PASSED:
        return None
    number, title = needed.number, needed.title
    return Words(
        f"not done, because step {number} ({title.english}) did not succeed",
        f"{number}단계({title.korean})가 성공하지 못해 하지 않았습니다",
    )


def works(told: Sequence[StepTold]) -> bool:
    """A remark does not make it fail; a step that was not taken comes after one that failed."""
    return all(each.outcome is Outcome.PASSED for each in told)


def first_failure(told: Sequence[StepTold]) -> StepTold | None:
    return next((each for each in told if each.outcome is Outcome.FAILED), None)


def sameness(told: Sequence[StepTold]) -> tuple[tuple[str, ...], ...]:
    """What two runs have in common if nothing changed between them: neither times nor digests nor tags."""
    return tuple((each.step.value, each.outcome.value, *_troubles(each)) for each in told)


def _troubles(told: StepTold) -> list[str]:
    return [f"{line.mark.value}: {line.error.code} {_signature(line)}" for line in told.lines if line.error is not None]


def _signature(line: Line) -> str:
    return line.explained.signature if line.explained else ""
