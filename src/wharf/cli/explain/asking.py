"""What is done to answer a text: it is recognised, its failures are probed all at once, the rest is listed."""

import asyncio
from collections.abc import Callable, Sequence
from typing import BinaryIO, Final

from wharf.cli.explain.answer import Answer, Answered
from wharf.doctor.aiming import aim_of
from wharf.doctor.catalogue import known_failures
from wharf.doctor.diagnosis import Diagnosis, Role, Told, diagnosis_of
from wharf.doctor.explaining import ELSEWHERE, EVERYWHERE, ON_A_NODE, explained, with_its_registry
from wharf.doctor.explanation import Explanation, explanation
from wharf.doctor.language import Language
from wharf.doctor.matching import Match
from wharf.doctor.origin import Here, Origin, Place
from wharf.doctor.probe import About
from wharf.doctor.scene import Scene
from wharf.doctor.signature import SignatureId, system_of

_MOST_EXPLAINED: Final = 5
_NOTHING: Final[frozenset[About]] = frozenset()


def diagnosed(log: BinaryIO, scene: Scene) -> Diagnosis:
    return diagnosis_of(log, known_failures(), here=Here(scene.platform, scene.environ))


def named(name: str) -> Diagnosis | None:
    """A failure that is asked for by its id, as errors of wharf name it."""
    signature = known_failures().named(SignatureId(name))
    return Diagnosis((Told(Match(signature), Role.DECISIVE),)) if signature else None


async def answered(
    found: Diagnosis, scene: Scene, language: Language, *, offline: bool, progress: Callable[[str], None]
) -> Answer:
    about = _NOTHING if offline else _in_reach(found.origin)
    to_explain = _to_explain(found)
    for told in to_explain:
        progress(told.match.signature.id)
    every = await asyncio.gather(*(explained(told.match, scene, language, about, told.log) for told in to_explain))
    failures = [Answered(explained_one, told.role) for explained_one, told in zip(every, to_explain, strict=True)]
    others = tuple(Answered(_unprobed(told, scene, language), told.role) for told in _others(found, to_explain))
    return Answer(tuple(failures), others, found.nearest, found.origin, offline, _is_aimless(to_explain, scene))


def _in_reach(origin: Origin | None) -> frozenset[About]:
    if origin is None:
        return EVERYWHERE
    return ON_A_NODE if origin.place is Place.KUBERNETES else ELSEWHERE


def _is_aimless(to_explain: Sequence[Told], scene: Scene) -> bool:
    """Neither the text nor a person says which registry it is about."""
    return not any(aim_of(with_its_registry(told.match).captured, told.log, scene.aim).registry for told in to_explain)


def _to_explain(found: Diagnosis) -> list[Told]:
    """The decisive one, whatever it weighs, and failures of their own."""
    return [told for at, told in enumerate(found.told) if at == 0 or told.role in {Role.DECISIVE, Role.SEPARATE}][
        :_MOST_EXPLAINED
    ]


def _others(found: Diagnosis, explained_already: Sequence[Told]) -> list[Told]:
    """What follows on the very line that was explained is the same failure, in words that say less."""
    lines = {told.match.line_number for told in explained_already}
    left = [told for told in found.told if told not in explained_already]
    return [told for told in left if told.role is not Role.CONSEQUENCE or told.match.line_number not in lines]


def _unprobed(told: Told, scene: Scene, language: Language) -> Explanation:
    return explanation(told.match, language, system_of(scene.platform))
