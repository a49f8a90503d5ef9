"""The answer as a person reads it: what failed, the cause that holds with what shows it, and what mends it."""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Final

from wharf.cli.explain import words as said
from wharf.cli.explain.answer import Answer, Answered
from wharf.cli.output import shortened, width_of, wrapped
from wharf.doctor.diagnosis import Role
from wharf.doctor.explanation import ExplainedCause, Explanation
from wharf.doctor.facts import Verdict
from wharf.doctor.language import Language, Words
from wharf.doctor.signature import Patch

Part = tuple[str, str]
Line = list[Part]
_WIDTH: Final = 80
_INDENT: Final = "  "
_DEEPER: Final = _INDENT * 2
_MOST_POSSIBLE: Final = 3
_MOST_LINES: Final = 3
_MOST_BRIEF: Final = 2


class Telling:
    """In one language. `everything`: nothing is cut off."""

    def __init__(self, language: Language, *, everything: bool = False) -> None:
        self._language = language
        self._everything = everything

    def answer(self, answer: Answer) -> Iterator[Line]:
        if not answer.failures:
            yield from self._unknown(answer)
        for at, each in enumerate(answer.failures):
            yield from [[(self._said(said.ALSO), "dim")]] if at else []
            yield from self.explanation(each.explanation)
            yield []
        yield from self._others(answer.others)
        if answer.origin is not None:
            yield from _paragraph("", self._said(said.ELSEWHERE).format(answer.origin.words.in_(self._language)))
        if answer.failures and _would_like_to_know_where(answer):
            yield from _paragraph("", self._said(said.AIMLESS))
        if answer.offline and answer.failures:
            yield from _paragraph("", self._said(said.OFFLINE))

    def explanation(self, told: Explanation) -> Iterator[Line]:
        yield from ([(line, "bold")] for line in wrapped("", told.title))
        yield from self._where(told)
        for cause in told.holding:
            yield from self._holding(cause)
        open_still = [cause for cause in told.causes if cause.verdict is Verdict.OPEN]
        yield from self._still_possible(open_still) if told.holding else self._possible(open_still)
        yield from self._ruled_out([cause for cause in told.causes if cause.verdict is Verdict.RULED_OUT])
        for unseen in told.not_seen:
            yield from _labelled(
                f"{_INDENT}{self._said(said.NOT_LOOKED_AT)}: ", f"{unseen.looks_at}: {unseen.why}", "dim"
            )
        yield [(f"{_INDENT}{told.signature}", "dim")]

    def _where(self, told: Explanation) -> Iterator[Line]:
        if told.line:
            number = f"{_INDENT}{self._said(said.LINE).format(told.line_number)} │ "
            yield [(number, "dim"), (shortened(told.line, _WIDTH - width_of(number) - 1), "")]

    # --- causes ------------------------------------------------------------------------------------------------------

    def _holding(self, cause: ExplainedCause) -> Iterator[Line]:
        yield from _labelled(f"{_INDENT}✓ {self._said(said.CAUSE)}: ", cause.text, "green")
        for evidence in cause.evidence:
            yield from _paragraph(f"{_DEEPER}· ", evidence)
        yield from self._fix(cause, _INDENT)

    def _possible(self, causes: Sequence[ExplainedCause]) -> Iterator[Line]:
        if not causes:
            return
        for evidence in dict.fromkeys(evidence for cause in causes for evidence in cause.evidence):
            yield from _paragraph(f"{_INDENT}· ", evidence)
        yield [(f"{_INDENT}{self._said(said.POSSIBLE)}:", "")]
        most = len(causes) if self._everything else _MOST_POSSIBLE
        for cause in causes[:most]:
            yield from _labelled(f"{_INDENT}? ", cause.text, "yellow")
            yield from _labelled(f"{_DEEPER}{self._said(said.DECIDED_BY)}: ", cause.looks_at, "dim")
            yield from self._fix(cause, _DEEPER)
        if len(causes) > most:
            yield [(f"{_INDENT}{self._said(said.MORE).format(len(causes) - most)}", "dim")]

    def _still_possible(self, causes: Sequence[ExplainedCause]) -> Iterator[Line]:
        """Beside one that holds, those that nothing was found out about are told briefly."""
        if self._everything:
            yield from self._possible(causes)
        else:
            yield from self._briefly(f"? {self._said(said.STILL_POSSIBLE)}", [cause.text for cause in causes])

    def _ruled_out(self, causes: Sequence[ExplainedCause]) -> Iterator[Line]:
        texts = [cause.text + (f" ({cause.evidence[0]})" if cause.evidence else "") for cause in causes]
        heading = f"✕ {self._said(said.RULED_OUT)}"
        if self._everything:
            for text in texts:
                yield from _labelled(f"{_INDENT}{heading}: ", text, "dim")
        else:
            yield from self._briefly(heading, texts)

    def _briefly(self, heading: str, texts: Sequence[str]) -> Iterator[Line]:
        """A line each, and no more than a few of them."""
        shown = texts if len(texts) <= _MOST_BRIEF + 1 else texts[:_MOST_BRIEF]
        left = [self._said(said.MORE).format(len(texts) - len(shown))] if len(shown) < len(texts) else []
        for text in (*shown, *left):
            yield from _cut(f"{_INDENT}{heading}: {text}")

    def _fix(self, cause: ExplainedCause, indent: str) -> Iterator[Line]:
        yield from _labelled(f"{indent}{self._said(said.FIX)}: ", cause.fix, "green")
        for command in cause.commands:
            yield [(f"{indent}{_INDENT}$ {command}", "")]
        for patch in cause.patches:
            yield from self._patch(patch, indent)

    def _patch(self, patch: Patch, indent: str) -> Iterator[Line]:
        yield [(f"{indent}{_INDENT}{patch.file}:", "dim")]
        for line in patch.text.rstrip("\n").splitlines():
            yield [(f"{indent}{_DEEPER}{line}", "green")]

    # --- what else there is to say -----------------------------------------------------------------------------------

    def _others(self, others: Sequence[Answered]) -> Iterator[Line]:
        most = None if self._everything else _MOST_LINES
        for each in islice(others, most):
            heading = said.REMARK if each.role is Role.REMARK else said.FOLLOWS
            number = each.explanation.line_number
            where = f"{self._said(said.LINE).format(number)} · " if number else ""
            yield from _cut(f"{self._said(heading)}: {where}{each.explanation.title}")
        if most is not None and len(others) > most:
            yield [(self._said(said.MORE).format(len(others) - most), "dim")]

    def _unknown(self, answer: Answer) -> Iterator[Line]:
        yield [(self._said(said.NOT_KNOWN), "bold")]
        yield from _paragraph(_INDENT, self._said(said.NO_GUESS))
        if answer.nearest:
            yield [(f"{_INDENT}{self._said(said.NEAREST)}:", "")]
        for near in answer.nearest:
            yield from _paragraph(f"{_INDENT}· ", f"{near.signature.id} ({near.share:.0%})")
        yield [(f"{_INDENT}{self._said(said.COLLECT)}:", "")]
        for words in said.TO_COLLECT:
            yield from _paragraph(f"{_INDENT}· ", self._said(words))

    def _said(self, words: Words) -> str:
        return words.in_(self._language)


def _would_like_to_know_where(answer: Answer) -> bool:
    is_decided = any(each.explanation.holding for each in answer.failures)
    return answer.aimless and not answer.offline and not is_decided


def _cut(text: str) -> Iterator[Line]:
    yield [(shortened(text, _WIDTH - 1), "dim")]


def _labelled(label: str, text: str, colour: str) -> Iterator[Line]:
    first, *others = wrapped(label, text)
    yield [(label, colour), (first.removeprefix(label), "")]
    yield from ([(line, "")] for line in others)


def _paragraph(label: str, text: str) -> Iterator[Line]:
    return ([(line, "")] for line in wrapped(label, text))
