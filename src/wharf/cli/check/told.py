"""A check as a person reads it while it goes on: step by step, with a mark that says the same without its colour."""

from typing import Final, TextIO

from wharf.cli.check.words import (
    FAILED,
    FIX,
    INTERRUPTED,
    NEXT,
    OTHERS,
    PERHAPS,
    SECONDS,
    WHY,
    WORKS,
    WORKS_AND_RUNS,
)
from wharf.cli.output import Output, padded, width_of, wrapped
from wharf.doctor.check.berth import Berth
from wharf.doctor.check.checked import Checked
from wharf.doctor.check.course import first_failure, works
from wharf.doctor.check.step import Line, Mark, Outcome, Step, StepTold
from wharf.doctor.explanation import ExplainedCause, Explanation
from wharf.doctor.facts import Verdict
from wharf.doctor.language import Language
from wharf.errors import Diagnostics

_WIDTH: Final = 80
_INDENT: Final = "   "
_BELOW: Final = "     "
_MOST_EVIDENCE: Final = 4
_MOST_POSSIBLE: Final = 2
_SIGNS: Final = {Mark.GOOD: "✓", Mark.BAD: "✕", Mark.REMARK: "!", Mark.LEFT_OUT: "–"}
_PLAIN_SIGNS: Final = {Mark.GOOD: "+", Mark.BAD: "x", Mark.REMARK: "!", Mark.LEFT_OUT: "-"}
_COLOURS: Final = {Mark.GOOD: "green", Mark.BAD: "red", Mark.REMARK: "yellow", Mark.LEFT_OUT: "dim"}
_OF_OUTCOME: Final = {
    Outcome.PASSED: Mark.GOOD,
    Outcome.FAILED: Mark.BAD,
    Outcome.NOT_DONE: Mark.LEFT_OUT,
    Outcome.INTERRUPTED: Mark.BAD,
}


class Told:
    """Implements `doctor.check.checked.Audience`."""

    def __init__(self, output: Output, out: TextIO, language: Language) -> None:
        self._output = output
        self._language = language
        is_rich = _can_write(out, "✓✕–·")
        self._signs = _SIGNS if is_rich else _PLAIN_SIGNS
        self._bullet = "·" if is_rich else "*"

    def greet(self, berth: Berth) -> None:
        place = f"{berth.registry}/{berth.namespace}" if berth.namespace else berth.registry
        self._output.painted([("wharf check  ", "bold"), (place, "dim")])

    def begins(self, step: Step) -> None:
        self._output.progress(f"{step.number}  {step.title.in_(self._language)} …")

    def ended(self, told: StepTold) -> None:
        self._output.progress("")
        self._output.line("")
        self._headline(told)
        for line in told.lines:
            self._line(line)

    def summed_up(self, found: Checked, berth: Berth) -> None:
        self._output.line("")
        if found.interrupted:
            self._marked("", Mark.BAD, INTERRUPTED.in_(self._language))
            return
        failure = first_failure(found.told)
        if works(found.told):
            words = WORKS_AND_RUNS if _ran(found) else WORKS
            self._marked("", Mark.GOOD, words.in_(self._language).format(berth.registry))
        elif failure is not None:
            title = failure.step.title.in_(self._language)
            said = FAILED.in_(self._language).format(berth.registry, failure.step.number, title)
            self._marked("", Mark.BAD, said)

    # --- parts -------------------------------------------------------------------------------------------------------

    def _headline(self, told: StepTold) -> None:
        mark = Mark.REMARK if told.outcome is Outcome.PASSED and told.has_remarks else _OF_OUTCOME[told.outcome]
        title = f"{told.step.number}  {told.step.title.in_(self._language)}"
        took = SECONDS.in_(self._language).format(told.seconds) if told.seconds else ""
        room = _WIDTH - width_of(title) - 2
        end = padded(took, room, ">")
        self._output.painted([(title, "bold"), (end, "dim"), (f" {self._signs[mark]}", _COLOURS[mark])])

    def _line(self, line: Line) -> None:
        self._marked(_INDENT, line.mark, line.words.in_(self._language))
        if line.error is not None:
            self._error(line.error.diagnostics(), line.explained)
        elif line.explained is not None:
            self._explained(line.explained)
        if line.command:
            self._command(line.command)

    def _marked(self, indent: str, mark: Mark, text: str) -> None:
        sign = self._signs[mark]
        first, *others = wrapped(f"{indent}{sign} ", text)
        self._output.painted([(indent, ""), (sign, _COLOURS[mark]), (first.removeprefix(f"{indent}{sign}"), "")])
        self._output.lines(others)

    def _error(self, told: Diagnostics, explained: Explanation | None) -> None:
        for evidence in told.evidence[:_MOST_EVIDENCE]:
            self._below("", evidence)
        is_certain = explained is not None and any(cause.verdict is Verdict.HOLDS for cause in explained.causes)
        if told.next_step and not is_certain:
            self._below(NEXT.in_(self._language), told.next_step)
        if explained is not None:
            self._title(explained)
            self._explained(explained)

    def _title(self, explained: Explanation) -> None:
        """Errors speak English: for others, what the catalogue calls the failure stands beside them."""
        if self._language is not Language.ENGLISH:
            self._below("", explained.title)

    def _explained(self, explained: Explanation) -> None:
        """The cause that is certain. What is only possible is told as that, and not all of it."""
        held = [cause for cause in explained.causes if cause.verdict is Verdict.HOLDS]
        possible = [cause for cause in explained.causes if cause.verdict is Verdict.OPEN]
        for cause in held or possible[:_MOST_POSSIBLE]:
            self._cause(cause, explained)
        if not held and len(possible) > _MOST_POSSIBLE:
            more = OTHERS.in_(self._language).format(len(possible) - _MOST_POSSIBLE, explained.signature)
            self._below("", more)

    def _cause(self, cause: ExplainedCause, explained: Explanation) -> None:
        label = WHY if cause.verdict is Verdict.HOLDS else PERHAPS
        self._below(label.in_(self._language), f"{cause.text} [{explained.signature}]")
        for evidence in cause.evidence[:_MOST_EVIDENCE]:
            self._below("", evidence)
        self._below(FIX.in_(self._language), cause.fix)
        for command in cause.commands:
            self._command(command)

    def _below(self, label: str, text: str) -> None:
        self._output.lines(wrapped(f"{_BELOW}{label}: " if label else f"{_BELOW}{self._bullet} ", text))

    def _command(self, command: str) -> None:
        """On a line of its own, however long: it is there to be copied."""
        self._output.line(f"{_BELOW}$ {command}")


def _can_write(out: TextIO, signs: str) -> bool:
    try:
        signs.encode(out.encoding or "utf-8")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def _ran(found: Checked) -> bool:
    return any(told.step is Step.PULL and not _left_out(told) for told in found.told)


def _left_out(told: StepTold) -> bool:
    return any(line.mark is Mark.LEFT_OUT for line in told.lines)
