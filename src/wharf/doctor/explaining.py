"""From a recognised failure to its cause: the probes that tell its causes apart are sent, and what they saw decides."""

from collections.abc import Iterable
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from wharf.doctor.aiming import aim_of, captured_of
from wharf.doctor.explanation import Explanation, explanation
from wharf.doctor.language import Language, Words
from wharf.doctor.matching import Match
from wharf.doctor.pattern import Capture, Captured
from wharf.doctor.probe import About, ProbeId, known_probes
from wharf.doctor.probing import probed
from wharf.doctor.reach.place import way_of
from wharf.doctor.scene import Scene
from wharf.doctor.seen import Seen, Unseen
from wharf.doctor.signature import Signature, system_of

_USUAL_PORTS: Final = frozenset({80, 443})
EVERYWHERE: Final = frozenset(About)
ELSEWHERE: Final = frozenset({About.TEXT, About.FOLDER, About.WAY, About.REGISTRY})
"""What can be looked at from here when a text comes from another machine: a job ran on files that lie here as well."""
ON_A_NODE: Final = ELSEWHERE | {About.CLUSTER}
"""The same for a text of a cluster's node: kubectl reaches the cluster from here as well."""

_OF_ANOTHER_SYSTEM: Final = Seen(
    unseen=(
        Unseen(
            ProbeId("machine"),
            Words(
                "this failure happens on another operating system than this one; ask there",
                "이 컴퓨터와 다른 운영 체제에서 발생하는 오류입니다. 그곳에서 실행하십시오",
            ),
        ),
    )
)


def deciding_probes(signature: Signature, about: Iterable[About] = EVERYWHERE) -> tuple[ProbeId, ...]:
    """Those whose facts the causes of a signature depend on."""
    conditions = [cause.when for cause in signature.causes]
    facts = [name for condition in conditions for name in condition.asks_for()]
    names = dict.fromkeys(fact.partition(".")[0] for fact in facts)
    probes = [probe for probe in map(known_probes().named, names) if probe is not None]
    return tuple(probe.id for probe in probes if probe.about in about)


async def explained(
    match: Match, scene: Scene, language: Language, about: Iterable[About] = EVERYWHERE, log: str = ""
) -> Explanation:
    """`log`: the lines around the failure. What the scene already aims at comes before what they say."""
    match, system = with_its_registry(match), system_of(scene.platform)
    aimed = replace(scene, aim=aim_of(match.captured, log or match.line, scene.aim))
    is_from_here = match.signature.happens_on(system)
    seen = await probed(
        deciding_probes(match.signature, about if is_from_here else ELSEWHERE.intersection(about)), aimed
    )
    known = replace(match, captured=captured_of(with_port(match.captured, aimed), aimed.aim))
    return explanation(known, language, system, seen if is_from_here else seen.and_(_OF_ANOTHER_SYSTEM))


def with_its_registry(match: Match) -> Match:
    """Some texts are said by one registry alone, and leave its name out."""
    if not match.signature.host or Capture.HOST in match.captured or Capture.REFERENCE in match.captured:
        return match
    return replace(match, captured=MappingProxyType({**match.captured, Capture.HOST: match.signature.host}))


def with_port(captured: Captured, scene: Scene) -> Captured:
    """Certificates are spoken of by the host alone; folders and commands are about the port as well."""
    host, origin = captured.get(Capture.HOST), way_of(scene)
    if host is None or origin is None or origin.port in _USUAL_PORTS or host.lower() != origin.host:
        return captured
    return MappingProxyType({**captured, Capture.HOST: origin.authority})
