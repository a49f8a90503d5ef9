"""Why a step failed: what the catalogue knows of the error, and what the probes see of its causes from here."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import chain
from typing import Final

from wharf.client.refusals import MOST_LINES
from wharf.doctor.catalogue import known_failures
from wharf.doctor.check.berth import Berth
from wharf.doctor.check.step import Line, StepTold
from wharf.doctor.explaining import explained
from wharf.doctor.language import Language
from wharf.doctor.matching import Match, matches
from wharf.doctor.pattern import Capture, Weight
from wharf.doctor.scene import Aim, Scene
from wharf.errors import WharfError

_MOST_EXPLAINED: Final = 3


async def with_reasons(told: StepTold, scene: Scene, berth: Berth, language: Language) -> StepTold:
    """Each line that something went wrong in, with what is known of it; of many, the first few."""
    aimed = replace(scene, aim=Aim(berth.registry, berth.repository, berth.reference))
    lines: list[Line] = []
    for line in told.lines:
        explained_so_far = sum(each.explained is not None for each in lines)
        lines.append(await _with_reason(line, aimed, language) if explained_so_far < _MOST_EXPLAINED else line)
    return replace(told, lines=tuple(lines))


async def _with_reason(line: Line, scene: Scene, language: Language) -> Line:
    match = recognised(line, scene.aim.registry or "")
    if match is None:
        return line
    return replace(line, explained=await explained(match, scene, language, log=_text(line, "")))


def recognised(line: Line, registry: str) -> Match | None:
    """By its words, where the catalogue knows them as a failure; else by the code of the error."""
    if line.error is None and not line.said:
        return None
    by_words = matches(_text(line, registry), known_failures())
    by_code = _by_code(line.error, registry) if line.error is not None else iter(())
    decisive = (match for match in by_words if match.weight is Weight.FAILURE)
    return next(chain(decisive, by_code), None)


def _by_code(error: WharfError, registry: str) -> Iterator[Match]:
    for signature in known_failures():
        if error.code in signature.errors:
            yield Match(signature, None, 0, error.diagnostics().cause, {Capture.HOST: registry})


def _text(line: Line, registry: str) -> str:
    """The registry's address stands beside it, as in docker's own messages: so that the cure can name it."""
    told = line.error.diagnostics() if line.error is not None else None
    parts = [line.said, *((told.cause, *told.evidence[: MOST_LINES + 2]) if told else ())]
    beside = f" https://{registry}/v2/" if registry else ""
    return "\n".join(f"{part}{beside}" for part in parts if part)
