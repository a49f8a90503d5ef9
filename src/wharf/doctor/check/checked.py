"""The check as it is carried out: one step after the other, each with its time, and the last one whatever happened."""

import asyncio
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Final, Protocol, TypeAlias

from wharf.doctor.check.because import with_reasons
from wharf.doctor.check.clearing import clear_away
from wharf.doctor.check.course import hindrance
from wharf.doctor.check.entry import log_in
from wharf.doctor.check.environment import look_around
from wharf.doctor.check.lists import ask_lists
from wharf.doctor.check.pulling import pull
from wharf.doctor.check.pushing import push
from wharf.doctor.check.step import Line, Mark, Outcome, Step, StepTold, Telling
from wharf.doctor.check.voyage import Voyage
from wharf.doctor.language import Language, Words
from wharf.errors import RemoteProblem, WharfError

CLEANUP_SECONDS: Final = 30.0
_INTERRUPTED: Final = Words("interrupted", "중단되었습니다")

Taking: TypeAlias = Callable[[Voyage, Telling], Coroutine[object, object, None]]
_TAKEN: Final[dict[Step, Taking]] = {
    Step.ENVIRONMENT: look_around,
    Step.LOGIN: log_in,
    Step.PUSH: push,
    Step.PULL: pull,
    Step.API: ask_lists,
    Step.CLEANUP: clear_away,
}


class Audience(Protocol):
    """Whoever listens while a check goes on."""

    def begins(self, step: Step) -> None:
        """Before the step is taken."""

    def ended(self, told: StepTold) -> None:
        """After it, with all that is told of it."""


class Nobody:
    """Where all is told at the end."""

    def begins(self, step: Step) -> None:
        """Nobody cares."""

    def ended(self, told: StepTold) -> None:
        """Nobody cares."""


@dataclass(slots=True)
class Checked:
    """All steps, in their order."""

    told: list[StepTold] = field(default_factory=list)
    interrupted: bool = False


async def checked(voyage: Voyage, language: Language, audience: Audience) -> Checked:
    """Told to stop, it cleans up first, and says so: nothing is raised for that."""
    return await _Going(voyage, language, audience).to_the_end()


@dataclass(slots=True)
class _Going:
    """One check while it goes on."""

    voyage: Voyage
    language: Language
    audience: Audience
    found: Checked = field(default_factory=Checked)

    async def to_the_end(self) -> Checked:
        try:
            for step in list(Step)[:-1]:
                self._add(await self._or_interrupted(step))
        finally:
            self._add(await self._cleaned_up())
        return self.found

    async def _or_interrupted(self, step: Step) -> StepTold:
        if self.found.interrupted:
            return StepTold(step, Outcome.NOT_DONE, (Line(Mark.LEFT_OUT, _INTERRUPTED),))
        try:
            return await self._next(step)
        except asyncio.CancelledError:
            self.found.interrupted = True
            return StepTold(step, Outcome.INTERRUPTED, (Line(Mark.BAD, _INTERRUPTED),))

    async def _cleaned_up(self) -> StepTold:
        """Who is told to stop only now stops after it."""
        cleaning = asyncio.ensure_future(self._taken(Step.CLEANUP, CLEANUP_SECONDS))
        try:
            return await asyncio.shield(cleaning)
        except asyncio.CancelledError:
            self.found.interrupted = True
            return await cleaning

    async def _next(self, step: Step) -> StepTold:
        why_not = hindrance(step, {each.step: each.outcome for each in self.found.told})
        if why_not is not None:
            return StepTold(step, Outcome.NOT_DONE, (Line(Mark.LEFT_OUT, why_not),))
        return await self._taken(step, self.voyage.wishes.patience)

    async def _taken(self, step: Step, seconds: float) -> StepTold:
        self.audience.begins(step)
        begun, telling = time.monotonic(), Telling()
        await _within(_TAKEN[step](self.voyage, telling), seconds, self.voyage, telling)
        told = StepTold(step, telling.outcome(), tuple(telling.lines), time.monotonic() - begun)
        if self.found.interrupted:  # nobody waits for reasons now
            return told
        return await with_reasons(told, self.voyage.scene, self.voyage.berth, self.language)

    def _add(self, told: StepTold) -> None:
        self.found.told.append(told)
        self.audience.ended(told)


async def _within(work: Coroutine[object, object, None], seconds: float, voyage: Voyage, telling: Telling) -> None:
    try:
        async with asyncio.timeout(seconds):
            await work
    except TimeoutError:
        telling.bad(_too_slow(voyage.berth.registry, seconds))
    except WharfError as problem:
        telling.bad(problem)
    except ExceptionGroup as group:
        for each in _known(group):
            telling.bad(each)


def _too_slow(registry: str, seconds: float) -> RemoteProblem:
    return RemoteProblem(
        f"{registry} is too slow: this step was not done within {seconds:g} seconds",
        next_step="look at the way between; give it more time with --patience SECONDS",
    )


def _known(group: ExceptionGroup[Exception]) -> list[WharfError]:
    """What is not of our tree is a mistake of ours, and goes on its way."""
    known, rest = group.split(WharfError)
    if rest is not None:
        raise rest
    flat = known.exceptions if known is not None else ()
    return [each for each in flat if isinstance(each, WharfError)]
