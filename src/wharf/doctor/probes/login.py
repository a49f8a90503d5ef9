"""What the registry and its token service answer to the stored credential, and to nobody.

Nothing is logged in, nothing begun: what may be pushed is read from a token alone.
"""

import re
from datetime import datetime
from typing import Final

from wharf.client.clouds.shape import shape_of
from wharf.client.message import Response
from wharf.credentials.credential import secret_of
from wharf.doctor.reach.asking import lines_kept
from wharf.doctor.reach.houses import house_of
from wharf.doctor.reach.visiting import Desk, Stored, Visit, Visitor, as_nobody, stored_for, to_pull, with_credential
from wharf.doctor.scene import Scene
from wharf.doctor.seen import NOTHING_SEEN, Seen, Sighting
from wharf.errors import shown
from wharf.oci.reference import RepositoryName
from wharf.protocol import paths
from wharf.protocol.scope import ANY_ACTION, Scope

_ACTIONS: Final = frozenset({"pull", "push", "delete"})
_MOST_READ: Final = 4096
_speaks_of_pushing = re.compile(r"(?i)\bpush|/blobs/uploads/|writing blob|uploading").search
_speaks_of_expiry = re.compile(rb"(?i)expired|has been revoked|no longer valid|reauthenticate").search
_DESKS: Final = {
    Desk.NOT_ASKED: ("There is no token service.", "토큰 서비스가 없습니다."),
    Desk.ANSWERS: ("The token service gives a token.", "토큰 서비스가 토큰을 발급합니다."),
    Desk.UNREACHABLE: ("The token service does not answer.", "토큰 서비스가 응답하지 않습니다."),
    Desk.REFUSES: ("The token service refuses.", "토큰 서비스가 거부합니다."),
    Desk.ERROR: ("The token service answers with an error.", "토큰 서비스가 오류로 응답합니다."),
}
_CREDENTIALS: Final = {
    "accepted": ("is accepted", "이 수락되었습니다"),
    "refused": ("is refused", "이 거부되었습니다"),
    "expired": ("has expired, and is refused", "이 만료되어 거부되었습니다"),
}
_TOKENS: Final = {
    "taken": ("takes the token that its service gives", "토큰 서비스가 발급한 토큰을 받아들입니다"),
    "not-taken": (
        "does not take the token that its own service gives",
        "자체 토큰 서비스가 발급한 토큰을 받아들이지 않습니다",
    ),
    "not-given": ("has a token service that gives no token", "의 토큰 서비스가 토큰을 발급하지 않습니다"),
    "not-asked": ("", ""),
}
_REPOSITORIES: Final = {
    "present": ("is there", "있습니다"),
    "absent": ("is not there", "없습니다"),
    "hidden": ("is not shown: it is private, or not there", "보이지 않습니다. 비공개이거나 없는 저장소입니다"),
}


@lines_kept
async def look(scene: Scene) -> Seen:
    registry = scene.aim.registry
    if not registry:
        return NOTHING_SEEN
    sighting, stored = Sighting("login"), await stored_for(scene)
    sighting.saw("registry", house_of(registry))
    sighting.saw("about_repository", scene.aim.repository is not None)
    if stored.known and stored.credential is None:
        sighting.saw(
            "credential",
            "none",
            f"Nothing is stored for {registry}.",
            f"{registry}에 대해 저장된 자격 증명이 없습니다.",
        )
    nobody = await as_nobody(scene)
    if nobody is None:
        _tell_of_token(sighting, registry, Visit())
        _tell_of_nobody(sighting, registry, "not-told")
        return sighting.done()
    ping = await nobody.visit("GET", paths.BASE)
    _tell_of_wharf(sighting, ping.first)
    known = await with_credential(scene, stored)
    judged = await _tell_of_credential(sighting, scene, known, stored) if known else ping
    if known is None and ping.last is not None:
        _tell_of_desk(sighting, ping)
    _tell_of_token(sighting, registry, judged if known is not None and judged.was_shown_something else ping)
    may: bool | None = None
    if scene.aim.repository is not None:
        may = await _tell_of_repository(sighting, scene, scene.aim.repository, nobody, known)
    _tell_of_nobody(sighting, registry, _what_nobody_may(scene, ping, may=may))
    return sighting.done()


def _tell_of_token(sighting: Sighting, registry: str, visit: Visit) -> None:
    """Asked of no repository: there, a token without the right to it is a token too."""
    word = "not-asked"
    if visit.desk in {Desk.ERROR, Desk.UNREACHABLE}:
        word = "not-given"
    elif visit.desk is Desk.ANSWERS and visit.was_shown_something:
        word = "not-taken" if visit.status == 401 else "taken"
    english, korean = _TOKENS[word]
    sighting.saw("token", word, english and f"{registry} {english}.", korean and f"{registry}: {korean}.")


def _what_nobody_may(scene: Scene, ping: Visit, *, may: bool | None) -> str:
    if ping.status in {401, 403} and ping.last is not None and not ping.last.headers.first("www-authenticate"):
        return "cannot-ask"
    if _speaks_of_pushing(scene.aim.log) or may is False:
        return "may-not"
    if may is None:
        return "may-not" if ping.status in {401, 403} else "not-told"
    return "may"


def _tell_of_nobody(sighting: Sighting, registry: str, word: str) -> None:
    if word == "may":
        sighting.saw(
            "nobody", word, f"{registry} gives the image to everybody.", f"{registry}: 누구나 받을 수 있습니다."
        )
    else:
        sighting.saw("nobody", word)


def _tell_of_wharf(sighting: Sighting, answer: Response | None) -> None:
    if answer is not None and (answer.headers.first("server") or "").lower().startswith("wharf"):
        sighting.saw("registry", "wharf")


# --- the credential --------------------------------------------------------------------------------------------------


async def _tell_of_credential(sighting: Sighting, scene: Scene, known: Visitor, stored: Stored) -> Visit:
    visit = await known.visit("GET", paths.BASE)
    if not visit.was_shown_something and visit.desk is Desk.NOT_ASKED and scene.aim.repository is not None:
        visit = await known.visit("GET", f"{paths.tag_list(scene.aim.repository)}?n=1", to_pull(scene.aim.repository))
    _tell_of_desk(sighting, visit)
    word = credential_word(visit, stored, scene.clock())
    if word:
        english, korean = _CREDENTIALS[word]
        place = shown(stored.place) or "-"
        sighting.saw("credential", word, f"The credential from {place} {english}.", f"{place}의 자격 증명{korean}.")
    return visit


def credential_word(visit: Visit, stored: Stored, now: datetime) -> str:
    """Nothing where nobody judged it: whoever lets everybody in says nothing of who it was."""
    if visit.malformed or visit.desk in {Desk.UNREACHABLE, Desk.ERROR}:
        return ""
    if visit.demand is None and visit.status != 401:
        return ""
    if visit.desk is Desk.ANSWERS:
        return "accepted"
    is_refused = visit.desk is Desk.REFUSES or visit.status in {401, 403}
    if not is_refused:
        return "accepted" if visit.was_shown_something and 0 < visit.status < 500 else ""
    return "expired" if _has_expired(visit, stored, now) else "refused"


def _has_expired(visit: Visit, stored: Stored, now: datetime) -> bool:
    shape = shape_of(secret_of(stored.credential)) if stored.credential else None
    if shape is not None and shape.expires is not None and shape.expires < now:
        return True
    answers = [answer for answer in (visit.said, visit.last) if answer is not None]
    return any(_speaks_of_expiry(answer.body[:_MOST_READ]) for answer in answers)


def _tell_of_desk(sighting: Sighting, visit: Visit) -> None:
    if visit.last is None and visit.first is None:
        return
    english, korean = _DESKS[visit.desk]
    status = f" ({visit.said.status})" if visit.said else ""
    sighting.saw("token_service", visit.desk.value, f"{english[:-1]}{status}.", f"{korean[:-1]}{status}.")
    if visit.desk is Desk.ANSWERS and visit.last is not None and visit.was_shown_something:
        taken = visit.status != 401
        takes = ("takes", "받아들입니다") if taken else ("does not take", "받아들이지 않습니다")
        sighting.saw(
            "token_taken",
            taken,
            f"The registry {takes[0]} the token that its service gave.",
            f"레지스트리가 토큰 서비스에서 발급한 토큰을 {takes[1]}.",
        )


# --- the repository --------------------------------------------------------------------------------------------------


async def _tell_of_repository(
    sighting: Sighting, scene: Scene, repository: RepositoryName, nobody: Visitor, known: Visitor | None
) -> bool | None:
    """First as nobody; then, for what nobody may see, as the one who is stored. Whether nobody may pull."""
    by_nobody = await _listed(nobody, repository)
    may = await _may_nobody_pull(scene, nobody, repository, by_nobody)
    _tell_of_anonymity(sighting, repository, may)
    visit = await _listed(known, repository) if known else by_nobody
    word = {200: "present", 404: "absent", 401: "hidden", 403: "hidden"}.get(visit.status)
    if word == "hidden" and by_nobody.status == 200:
        word = "present"
    if word:
        english, korean = _REPOSITORIES[word]
        sighting.saw("repository", word, f"The repository {repository} {english}.", f"저장소 {repository}: {korean}.")
    granted = await _granted(known or nobody, repository, visit)
    if granted is not None:
        listed = ", ".join(sorted(granted))
        sighting.saw(
            "granted", granted, f"What is granted for {repository}: {listed}.", f"{repository}에 허용된 작업: {listed}."
        )
    return may


async def _listed(visitor: Visitor, repository: RepositoryName) -> Visit:
    return await visitor.visit("GET", f"{paths.tag_list(repository)}?n=1", to_pull(repository))


async def _may_nobody_pull(scene: Scene, nobody: Visitor, repository: RepositoryName, listed: Visit) -> bool | None:
    """Some let everybody pull and show the list of tags to nobody: so the image is asked for as well."""
    if listed.status == 200:
        return True
    reference = scene.aim.reference.with_default_tag() if scene.aim.reference else None
    which = (reference.digest or reference.tag) if reference else None
    if listed.status in {401, 403} and which is not None:
        listed = await nobody.visit("HEAD", paths.manifest(repository, which), to_pull(repository))
    if listed.desk is Desk.REFUSES:
        return False
    return {200: True, 401: False, 403: False}.get(listed.status)


def _tell_of_anonymity(sighting: Sighting, repository: RepositoryName, may: bool | None) -> None:  # noqa: FBT001
    if may is not None:
        english, korean = ("may", "받을 수 있습니다") if may else ("may not", "받을 수 없습니다")
        sighting.saw(
            "anonymous_pull",
            may,
            f"Whoever is not logged in {english} pull {repository}.",
            f"로그인하지 않은 사용자는 {repository}을(를) {korean}.",
        )


async def _granted(visitor: Visitor, repository: RepositoryName, listed: Visit) -> frozenset[str] | None:
    """As the token says; where none can be read, what is known from trying to read."""
    wanted = (Scope("repository", str(repository), _ACTIONS),)
    visit = await visitor.visit("GET", f"{paths.tag_list(repository)}?n=1", wanted)
    told = visit.token.granted if visit.token else None
    if told is not None:
        held = {action for scope in told if scope.name == str(repository) for action in scope.actions}
        held = set(_ACTIONS) if ANY_ACTION in held else held & _ACTIONS
        return frozenset(held or {"nothing"})
    if listed.desk is Desk.REFUSES or listed.status in {401, 403}:
        return frozenset({"nothing"})
    return None
