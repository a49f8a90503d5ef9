"""What would fail on this machine: all probes look, without any error text, and known failures are held against it."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

from wharf.doctor.explanation import Explanation, explanation
from wharf.doctor.facts import FactName
from wharf.doctor.language import Language
from wharf.doctor.matching import Match, matches
from wharf.doctor.pattern import Capture, Captured, Weight
from wharf.doctor.probe import About, ProbeId, known_probes
from wharf.doctor.probing import probed
from wharf.doctor.scene import Aim, Scene
from wharf.doctor.seen import Seen
from wharf.doctor.signature import Signature, system_of

_ABOUT_A_TEXT: Final = frozenset({About.TEXT, About.FOLDER})
_LOCAL: Final = frozenset({About.MACHINE, About.CLUSTER})
_HELPER: Final = FactName("credential-program.name")


@dataclass(frozen=True, slots=True)
class Looked:
    """At one registry from this machine, or at the machine alone. `expected`: what would fail, the gravest first."""

    registry: str | None
    seen: Seen
    expected: tuple[Explanation, ...]
    fails: bool


async def looked_at(
    scene: Scene, registries: Sequence[str], signatures: Iterable[Signature], language: Language
) -> tuple[Looked, ...]:
    """All at once, so that many registries take no longer than one."""
    known = tuple(signatures)
    aims = [Aim(registry=registry) for registry in registries] or [Aim()]
    return tuple(await asyncio.gather(*(_looked(replace(scene, aim=aim), known, language) for aim in aims)))


async def _looked(scene: Scene, known: tuple[Signature, ...], language: Language) -> Looked:
    seen = await probed(_probes(scene.aim), scene)
    captured = _captured(scene.aim, seen)
    found = [replace(match, captured=captured) for match in matches("", known, seen.facts)]
    told = tuple(explanation(match, language, system_of(scene.platform), seen) for match in found)
    return Looked(scene.aim.registry, seen, told, any(map(_is_failure, found)))


def _probes(aim: Aim) -> tuple[ProbeId, ...]:
    without = _ABOUT_A_TEXT if aim.registry else frozenset(About) - _LOCAL
    return tuple(probe.id for probe in known_probes().all() if probe.about not in without)


def _captured(aim: Aim, seen: Seen) -> Captured:
    helper = seen.facts.known.get(_HELPER)
    found = {Capture.HOST: aim.registry, Capture.HELPER: helper if isinstance(helper, str) else None}
    return MappingProxyType({capture: value for capture, value in found.items() if value})


def _is_failure(match: Match) -> bool:
    return match.weight is not Weight.REMARK
