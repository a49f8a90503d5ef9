"""What the steps of a job have given so far, as later steps see it."""

from collections.abc import Callable, Mapping

from wharf.formats.github.expressions.values import Fields, Value
from wharf.formats.github.workflow import Step
from wharf.formats.hole import Hole, Reason, Unknown
from wharf.formats.shell.ran import Certainty
from wharf.formats.text import Text


class StepOutputs:
    """Outputs of a step that is perhaps not taken are known to those steps only that depend on the same."""

    def __init__(self) -> None:
        self._sure: dict[str, Value] = {}
        self._unsure: dict[str, tuple[Step, Value]] = {}

    def skipped(self, step: Step) -> None:
        if step.id:
            self._sure[step.id] = _told("skipped", Fields.of({}))

    def taken(self, step: Step, outputs: Mapping[str, Text], certainty: Certainty, *, are_all: bool = False) -> None:
        """`are_all`: those not named are empty; else they are not known."""
        if not step.id:
            return
        values: dict[str, Value] = dict(outputs)
        told = _told("success", Fields.of(values, None if are_all else _not_known(step.id)))
        if certainty is Certainty.ALWAYS:
            self._sure[step.id] = told
        else:
            self._unsure[step.id] = (step, told)

    def seen_by(self, step: Step | None) -> Fields:
        """By a step, or by the outputs of the job."""
        unsure = {id_: value if _depends(step, giver) else _open(id_) for id_, (giver, value) in self._unsure.items()}
        return Fields.of({**self._sure, **unsure})


def _depends(step: Step | None, giver: Step) -> bool:
    """Whether it is taken only where the other one was."""
    if step is None or step.condition is None:
        return step is None or giver.condition is None
    said = step.condition.flat
    if giver.condition is not None and giver.condition.flat.strip() in said:
        return True
    return f"steps.{giver.id}." in said


def _told(result: str, outputs: Fields) -> Fields:
    said = Text.known(result)
    return Fields.of({"outputs": outputs, "outcome": said, "conclusion": said})


def _open(id_: str) -> Fields:
    why = Hole(Reason(Unknown.EITHER, f"steps.{id_}"))
    return Fields.of({}, lambda name: Fields.of({}, lambda _: why) if name.lower() == "outputs" else why)


def _not_known(id_: str) -> Callable[[str], Value]:
    return lambda name: Hole(Reason(Unknown.OUTPUT, f"steps.{id_}.outputs.{name}"))
