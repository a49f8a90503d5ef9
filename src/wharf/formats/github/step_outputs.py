"""What the steps of a job have given so far, as later steps see it."""

from collections.abc import Callable, Mapping

from wharf.formats.github.expressions.values import Fields, Value
from wharf.formats.github.workflow import Step
from wharf.formats.hole import Hole, Reason, Unknown
from wharf.formats.shell.ran import Certainty
from wharf.formats.text import Text
from wharf.formats.yaml.tree import Map


class StepOutputs:
    """Outputs of a step that is perhaps not taken are known to those steps only that depend on the same."""

    def __init__(self) -> None:
        self._sure: dict[str, tuple[str, Value]] = {}
        self._unsure: dict[str, tuple[Step, Value]] = {}

    def skipped(self, step: Step) -> None:
        if step.id:
            self._know(step, _told("skipped", Fields.of({})))

    def failed(self, step: Step, certainty: Certainty) -> None:
        """Before it gave anything."""
        conclusion = "success" if goes_on_failing(step.tree) else "failure"
        self._learn(step, _told("failure", Fields.of({}), conclusion), certainty)

    def taken(self, step: Step, outputs: Mapping[str, Text], certainty: Certainty, *, are_all: bool = False) -> None:
        """`are_all`: those not named are empty; else they are not known."""
        if not step.id:
            return
        values: dict[str, Value] = dict(outputs)
        told = _told("success", Fields.of(values, None if are_all else _not_known(step.id)))
        self._learn(step, told, certainty)

    def seen_by(self, step: Step | None) -> Fields:
        """By a step, or by the outputs of the job. It is to be asked before the next step is taken."""
        return Fields(self._sure, (lambda name: self._perhaps(name, step)) if self._unsure else None)

    def _learn(self, step: Step, told: Value, certainty: Certainty) -> None:
        if certainty is Certainty.ALWAYS:
            self._know(step, told)
        else:
            self._unsure[step.id.lower()] = (step, told)

    def _know(self, step: Step, told: Value) -> None:
        self._sure[step.id.lower()] = (step.id, told)

    def _perhaps(self, name: str, step: Step | None) -> Value:
        if name.lower() not in self._unsure:
            return None
        giver, told = self._unsure[name.lower()]
        return told if _depends(step, giver) else _open(giver.id)


def _depends(step: Step | None, giver: Step) -> bool:
    """Whether it is taken only where the other one was."""
    if step is None or step.condition is None:
        return step is None or giver.condition is None
    said = step.condition.flat
    if giver.condition is not None and giver.condition.flat.strip() in said:
        return True
    return f"steps.{giver.id}." in said


def _told(result: str, outputs: Fields, conclusion: str = "") -> Fields:
    said = Text.known(result)
    return Fields.of({"outputs": outputs, "outcome": said, "conclusion": Text.known(conclusion or result)})


def goes_on_failing(tree: Map) -> bool:
    """Whether a step or a job that fails does not stop what comes after it, as far as is known."""
    written = tree.text("continue-on-error")
    return written is not None and written.flat.strip().lower() != "false"


def _open(id_: str) -> Fields:
    why = Hole(Reason(Unknown.EITHER, f"steps.{id_}"))
    return Fields.of({}, lambda name: Fields.of({}, lambda _: why) if name.lower() == "outputs" else why)


def _not_known(id_: str) -> Callable[[str], Value]:
    return lambda name: Hole(Reason(Unknown.OUTPUT, f"steps.{id_}.outputs.{name}"))
