"""Why a step failed: what the catalogue knows of the error, and what the probes see of its causes from here."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from wharf.doctor.catalogue import known_failures
from wharf.doctor.check.as_clients_say import rights_as_clients_say, status_as_clients_say
from wharf.doctor.check.berth import Berth
from wharf.doctor.check.step import Line, Step, StepTold
from wharf.doctor.explaining import explained
from wharf.doctor.explanation import Explanation
from wharf.doctor.facts import Verdict
from wharf.doctor.language import Language
from wharf.doctor.matching import Match, matches
from wharf.doctor.pattern import Capture, Weight
from wharf.doctor.scene import Aim, Scene
from wharf.errors import EngineProblem, RemoteMisbehaved, RemoteProblem, Untrue, WharfError

_MOST_EXPLAINED: Final = 3
_MOST_LINES: Final = 8
_STATUS: Final = "it answered "
WHERE_IT_FAILED_IS_ELSEWHERE: Final = frozenset({
    ("authentication-required", "entitled-here"),
    ("blob-missing-in-registry", "whole-from-here"),
    ("downloaded-content-broken", "broken-on-the-way"),
    ("ghcr-denied", "accepted-here"),
    ("ghcr-denied", "public-from-here"),
    ("login-refused", "accepted-here"),
    ("manifest-unknown", "there-now"),
    ("no-basic-auth-credentials", "login-is-there"),
    ("not-a-registry", "registry-from-here"),
    ("pull-access-denied", "can-be-pulled-here"),
    ("push-access-denied", "right-at-hand-now"),
    ("registry-server-error", "passed-by"),
    ("repository-unknown", "there-now"),
})  # fmt: skip
"""Causes that say: from here, with this login, nothing is wrong. But it is here that the check failed, just now."""


async def with_reasons(told: StepTold, scene: Scene, berth: Berth, language: Language) -> StepTold:
    """Each line that something went wrong in, with what is known of it; of many, the first few."""
    aimed = replace(scene, aim=Aim(berth.registry, berth.repository, berth.reference))
    lines: list[Line] = []
    for line in told.lines:
        so_far = sum(each.explained is not None for each in lines)
        wanted = so_far < _MOST_EXPLAINED
        found = await _explained(line, told.step, berth, aimed, language) if wanted else None
        lines.append(replace(line, explained=found))
    return replace(told, lines=tuple(lines))


async def _explained(line: Line, step: Step, berth: Berth, scene: Scene, language: Language) -> Explanation | None:
    match = recognised(line, step, berth)
    if match is None:
        return None
    found = await explained(match, scene, language, log=_own_words(line))
    if not isinstance(line.error, EngineProblem):
        found = _without_elsewhere(found)
    is_sure = match.pattern is not None or any(cause.verdict is Verdict.HOLDS for cause in found.causes)
    return found if is_sure and any(cause.verdict is not Verdict.RULED_OUT for cause in found.causes) else None


def _without_elsewhere(found: Explanation) -> Explanation:
    """An engine may well have another login, and another way; what wharf itself was refused was refused here."""
    left = [each for each in found.causes if (found.signature, each.id) not in WHERE_IT_FAILED_IS_ELSEWHERE]
    return replace(found, causes=tuple(left))


def recognised(line: Line, step: Step, berth: Berth) -> Match | None:
    """By its words, or those of docker's programs for it; else by its code, which alone says little.

    A registry that breaks the protocol after its first answer does what docker's programs have no words for.
    """
    if isinstance(line.error, RemoteMisbehaved) and step is not Step.ENVIRONMENT:
        return None
    if type(line.error) in {RemoteProblem, Untrue}:  # what the check itself has found out, and says better
        return None
    for text in _texts(line, step, berth):
        found = matches(_beside(text, berth.registry), known_failures())
        decisive = next((match for match in found if match.weight is Weight.FAILURE), None)
        if decisive is not None:
            return decisive
    return next(_by_code(line.error, berth.registry), None) if line.error is not None else None


def _texts(line: Line, step: Step, berth: Berth) -> Iterator[str]:
    """What says most comes first: the registry's own words say more than what wharf makes of its status."""
    if line.error is None:
        yield line.said
        return
    yield rights_as_clients_say(line.error, step, berth)
    yield "\n".join(each for each in _evidence(line.error) if not each.startswith(_STATUS))
    yield _own_words(line)
    yield status_as_clients_say(line.error, step, berth)


def _by_code(error: WharfError, registry: str) -> Iterator[Match]:
    for signature in known_failures():
        if error.code in signature.errors:
            yield Match(signature, None, 0, error.diagnostics().cause, {Capture.HOST: registry})


def _own_words(line: Line) -> str:
    error = line.error
    return line.said if error is None else "\n".join((error.diagnostics().cause, *_evidence(error)))


def _evidence(error: WharfError) -> tuple[str, ...]:
    return error.diagnostics().evidence[:_MOST_LINES]


def _beside(text: str, registry: str) -> str:
    """The registry's address stands beside it, as in docker's own messages: so that the cure can name it."""
    return "\n".join(f"{line} https://{registry}/v2/" for line in text.splitlines())
