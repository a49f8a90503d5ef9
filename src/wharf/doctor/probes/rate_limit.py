"""The pulls that are left, as the registry counts them: asked in a way that is not counted."""

import ipaddress
from typing import Final

from wharf.client.clouds.docker_hub import PREVIEW, PREVIEW_SCOPE
from wharf.client.message import Request, Response
from wharf.client.notices import RateLimit, rate_limit_of
from wharf.doctor.reach.asking import lines_kept
from wharf.doctor.reach.houses import house_of
from wharf.doctor.reach.visiting import Stored, Visitor, as_nobody, stored_for, to_pull, with_credential
from wharf.doctor.scene import Scene
from wharf.doctor.seen import NOTHING_SEEN, Seen, Sighting
from wharf.protocol import paths
from wharf.protocol.scope import Scope

_PING: Final = Request("GET", paths.BASE)


@lines_kept
async def look(scene: Scene) -> Seen:
    """As the one who is stored, where there is one: that is who pulls."""
    stored = await stored_for(scene)
    visitor = await with_credential(scene, stored) or await as_nobody(scene)
    if visitor is None:
        return NOTHING_SEEN
    request, scopes = _question(scene)
    visit = await visitor.visit(request.method, request.url, scopes)
    answers = [answer for answer in (visit.last, visit.said, visit.first) if answer is not None]
    limit = next((found for answer in answers if (found := rate_limit_of(answer.headers))), None)
    refusal = next((answer for answer in answers if answer.status == 429), None)
    if limit is None and refusal is None:
        return NOTHING_SEEN
    return _told(limit, refusal, _counted_for(limit, visitor, stored))


def _question(scene: Scene) -> tuple[Request, tuple[Scope, ...]]:
    """HEAD is not counted as a pull."""
    if house_of(scene.aim.registry or "") == "docker-hub":
        return PREVIEW, (PREVIEW_SCOPE,)
    reference, repository = scene.aim.reference, scene.aim.repository
    if reference is None or repository is None:
        return _PING, ()
    whole = reference.with_default_tag()
    which = whole.digest or whole.tag
    assert which is not None
    return Request("HEAD", paths.manifest(repository, which)), to_pull(repository)


def _told(limit: RateLimit | None, refusal: Response | None, counted_for: str) -> Seen:
    sighting = Sighting("rate-limit")
    left = 0 if refusal is not None or limit is None else limit.remaining
    of = f" of {limit.limit}" if limit else ""
    sighting.saw(
        "left",
        left,
        f"{left}{of} pulls are left, counted for the {counted_for}.",
        f"남은 풀 횟수는 {left}회이며, {'계정' if counted_for == 'account' else 'IP 주소'} 기준으로 집계됩니다.",
    )
    sighting.saw("counted_for", counted_for)
    return sighting.done()


def _counted_for(limit: RateLimit | None, visitor: Visitor, stored: Stored) -> str:
    """Docker Hub names the address, or the account by a number of its own."""
    source = limit.counted_by if limit else ""
    if not source:
        return "account" if stored.credential is not None and visitor.credential is not None else "address"
    try:
        ipaddress.ip_address(source.partition("/")[0])
    except ValueError:
        return "account"
    return "address"
