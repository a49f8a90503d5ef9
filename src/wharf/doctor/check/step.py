"""The steps of a check, and what is told of each: what was done, what shows it, how long it took."""

from dataclasses import dataclass, field
from enum import Enum
from typing import Final

from wharf.doctor.explanation import Explanation
from wharf.doctor.language import Words
from wharf.errors import WharfError


class Step(Enum):
    """In this order. The value is the name of the step for machines."""

    ENVIRONMENT = "environment"
    LOGIN = "login"
    PUSH = "push"
    PULL = "pull"
    API = "api"
    CLEANUP = "cleanup"

    @property
    def number(self) -> int:
        return list(Step).index(self) + 1

    @property
    def title(self) -> Words:
        return _TITLES[self]


_TITLES: Final = {
    Step.ENVIRONMENT: Words("Environment", "환경"),
    Step.LOGIN: Words("Login", "로그인"),
    Step.PUSH: Words("Build and push", "빌드와 푸시"),
    Step.PULL: Words("Pull and run", "풀과 실행"),
    Step.API: Words("API", "API"),
    Step.CLEANUP: Words("Clean up", "정리"),
}


class Outcome(Enum):
    PASSED = "passed"
    FAILED = "failed"
    NOT_DONE = "not done"
    INTERRUPTED = "interrupted"


class Mark(Enum):
    GOOD = "good"
    BAD = "bad"
    REMARK = "remark"
    """Something to know; the step does not fail because of it."""
    LEFT_OUT = "left out"


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that was done or found. `error`: what is behind it; `said`: the text to look up in the catalogue."""

    mark: Mark
    words: Words
    error: WharfError | None = None
    said: str = ""
    explained: Explanation | None = None
    command: str = ""
    """What a person may type because of it."""


@dataclass(frozen=True, slots=True)
class StepTold:
    step: Step
    outcome: Outcome
    lines: tuple[Line, ...] = ()
    seconds: float = 0.0

    @property
    def has_remarks(self) -> bool:
        return any(line.mark is Mark.REMARK for line in self.lines)

    @property
    def error(self) -> WharfError | None:
        """The first that made it fail."""
        return next((line.error for line in self.lines if line.mark is Mark.BAD and line.error), None)


@dataclass(slots=True)
class Telling:
    """What is told of a step while it is being taken."""

    lines: list[Line] = field(default_factory=list)

    def good(self, english: str, korean: str) -> None:
        self.lines.append(Line(Mark.GOOD, Words(english, korean)))

    def left_out(self, english: str, korean: str) -> None:
        self.lines.append(Line(Mark.LEFT_OUT, Words(english, korean)))

    def remark(self, english: str, korean: str, *, said: str = "", command: str = "") -> None:
        self.lines.append(Line(Mark.REMARK, Words(english, korean), said=said, command=command))

    def remarked(self, error: WharfError) -> None:
        """An error that does not stop anybody."""
        cause = error.diagnostics().cause
        self.lines.append(Line(Mark.REMARK, Words(cause, cause), error))

    def bad(self, error: WharfError) -> None:
        cause = error.diagnostics().cause
        self.lines.append(Line(Mark.BAD, Words(cause, cause), error))

    def outcome(self) -> Outcome:
        failed = any(line.mark is Mark.BAD for line in self.lines)
        return Outcome.FAILED if failed else Outcome.PASSED
