"""The server that docker asks for signatures while content trust is on, and what it has for the repository.

It is the one that DOCKER_CONTENT_TRUST_SERVER names, else Docker Hub's, else the registry itself; always over TLS.
"""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from wharf.client.message import Response
from wharf.client.origin import Origin, is_loopback, origin_of_registry
from wharf.doctor.reach.asking import Asker
from wharf.doctor.reach.visiting import Visitor
from wharf.doctor.scene import Scene
from wharf.doctor.seen import NOTHING_SEEN, Seen, Sighting
from wharf.errors import Malformed, shown
from wharf.oci.reference import DOCKER_HUB, RepositoryName
from wharf.protocol.scope import Scope

_NAMED_BY: Final = "DOCKER_CONTENT_TRUST_SERVER"
_OF_DOCKER_HUB: Final = "notary.docker.io"
_MOST_READ: Final = 64 * 1024
_WORDS: Final = {
    "data": ("has signed data for this repository", "이 저장소의 서명 데이터를 가지고 있습니다"),
    "no-data": ("has no signed data for this repository", "이 저장소의 서명 데이터가 없습니다"),
    "expired": ("has signed data that is out of date", "서명 데이터가 만료되었습니다"),
    "refused": ("refuses to show its data", "데이터를 보여 주지 않습니다"),
    "not-a-trust-server": ("answers, and is no trust server", "응답하지만 신뢰 서버가 아닙니다"),
    "tls-broken": ("is not believed: its certificate or its TLS", "TLS 또는 인증서를 신뢰할 수 없습니다"),
    "unreachable": ("cannot be reached", "연결할 수 없습니다"),
}


async def look(scene: Scene) -> Seen:
    origin, repository = _server(scene), scene.aim.repository
    if origin is None or repository is None:
        return NOTHING_SEEN
    outcome = await _outcome(scene, origin, f"{scene.aim.registry}/{repository}", repository)
    sighting, (english, korean) = Sighting("trust-server"), _WORDS[outcome]
    place = shown(origin.authority)
    sighting.saw("outcome", outcome, f"The trust server {place} {english}.", f"신뢰 서버 {place}: {korean}.")
    return sighting.done()


def _server(scene: Scene) -> Origin | None:
    named = scene.environ.get(_NAMED_BY, "")
    registry = _OF_DOCKER_HUB if scene.aim.registry == DOCKER_HUB else scene.aim.registry or ""
    host = named.removeprefix("https://").partition("/")[0] if named else registry
    try:
        return origin_of_registry("https", host) if host else None
    except Malformed:
        return None


async def _outcome(scene: Scene, origin: Origin, whole_name: str, repository: RepositoryName) -> str:
    anybody = await Asker.unbelieving(scene, origin)
    if anybody is None:
        return "unreachable"
    if not anybody.origin.is_secure:
        return "tls-broken"
    asker = replace(anybody, settings=replace(anybody.settings, insecure=_unchecked(origin), certs_folders=_tls(scene)))
    visitor = Visitor(asker, origin.authority)
    visit = await visitor.visit("GET", f"/v2/{whole_name}/_trust/tuf/timestamp.json", _to_read(whole_name, repository))
    if visit.last is None:
        return "unreachable" if await anybody.asked("GET", "/v2/") is None else "tls-broken"
    return _of_answer(visit.last, scene.clock())


def _unchecked(origin: Origin) -> frozenset[str]:
    """docker does not look at the certificates of this machine itself, and at all others."""
    return frozenset({origin.host}) if is_loopback(origin.host) and ":" not in origin.host else frozenset()


def _tls(scene: Scene) -> tuple[Path, ...]:
    """Where docker keeps authorities for trust servers: certs.d is the daemon's."""
    config = scene.environ.get("DOCKER_CONFIG")
    return ((Path(config) if config else scene.home / ".docker") / "tls",)


def _to_read(whole_name: str, repository: RepositoryName) -> tuple[Scope, ...]:
    try:
        return (Scope("repository", whole_name, frozenset({"pull"})),)
    except Malformed:
        return (Scope("repository", str(repository), frozenset({"pull"})),)


def _of_answer(answer: Response, now: datetime) -> str:
    if answer.status in {401, 403}:
        return "refused"
    if answer.status == 404 and b"METADATA_NOT_FOUND" in answer.body[:_MOST_READ]:
        return "no-data"
    ends = _end_of(answer) if answer.status == 200 else None
    if ends is None:
        return "not-a-trust-server"
    return "expired" if ends < now else "data"


def _end_of(answer: Response) -> datetime | None:
    try:
        ends = datetime.fromisoformat(json.loads(answer.body[:_MOST_READ])["signed"]["expires"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    return ends if ends.tzinfo else ends.replace(tzinfo=UTC)
