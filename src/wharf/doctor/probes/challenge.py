"""The registry's challenge: how it wants to be told who asks, and whether the token service that it names is of use."""

import ipaddress
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

from wharf.client.message import Response
from wharf.client.origin import Address, Origin
from wharf.doctor.reach.asking import lines_kept
from wharf.doctor.reach.connecting import Call, called
from wharf.doctor.reach.dates import moment_in
from wharf.doctor.reach.hello import Speaks, first_words
from wharf.doctor.reach.line import line_to, proxy_on
from wharf.doctor.reach.place import registry_of
from wharf.doctor.reach.trust import Line, context_of_system, talked
from wharf.doctor.reach.visiting import Desk, Visit, Visitor, as_nobody, stored_for, to_pull, with_credential
from wharf.doctor.reach.waiting import in_time
from wharf.doctor.scene import Scene
from wharf.doctor.seen import NOTHING_SEEN, Seen, Sighting
from wharf.errors import MalformedHeader, WharfError, shown
from wharf.protocol import paths
from wharf.protocol.challenge import Challenge, parse_challenges
from wharf.protocol.scope import Scope
from wharf.protocol.shown_address import shown_address
from wharf.protocol.token import claims_of

_SCHEMES: Final = frozenset({"bearer", "basic"})
_OF_CALLS: Final[Mapping[Call, str]] = {
    Call.NO_NAME: "not-found",
    Call.REFUSED: "refused",
    Call.HUNG: "hung",
    Call.UNREACHABLE: "hung",
    Call.RESET: "refused",
}
_MOST_READ: Final = 4096
_LEEWAY: Final = timedelta(seconds=60)
_speaks_of_service = re.compile(
    rb"(?i)(?:invalid|unknown|unrecogni[sz]ed|wrong|unsupported|no such) service|"
    rb"service\b.{0,60}(?:invalid|unknown|mismatch|not |wrong|unsupported)"
).search
_OF_DESKS: Final[Mapping[Desk, str]] = {Desk.UNREACHABLE: "hung", Desk.ERROR: "answers-with-error"}
_WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "fine": ("answers", "응답합니다"),
    "absent": ("is not named", "지정되어 있지 않습니다"),
    "relative": ("is not named with a whole address", "완전한 주소로 지정되어 있지 않습니다"),
    "not-found": ("has a name that leads nowhere", "이름을 찾을 수 없습니다"),
    "refused": ("refuses connections", "연결을 거부합니다"),
    "hung": ("does not answer", "응답하지 않습니다"),
    "tls-broken": ("has a certificate that is not believed, or no TLS", "인증서를 신뢰할 수 없거나 TLS가 아닙니다"),
    "other-scheme": (
        "is named in plain HTTP, while the registry speaks TLS",
        "레지스트리는 TLS인데 평문 HTTP로 지정되어 있습니다",
    ),
    "internal-address": (
        "is named by an address within the registry's own network",
        "레지스트리 내부 네트워크의 주소로 지정되어 있습니다",
    ),
    "answers-with-error": ("answers with an error", "오류로 응답합니다"),
}


@lines_kept
async def look(scene: Scene) -> Seen:
    visitor, origin = await as_nobody(scene), registry_of(scene)
    first = await visitor.asker.asked("GET", paths.BASE) if visitor else None
    if first is not None and first.status == 200 and visitor and scene.aim.repository:
        first = await visitor.asker.asked("GET", f"{paths.tag_list(scene.aim.repository)}?n=1")
    if first is None or origin is None or visitor is None or first.status not in {200, 401, 404}:
        return NOTHING_SEEN
    sighting = Sighting("challenge")
    challenges, malformed = _challenges(first)
    _tell_of_scheme(sighting, first, challenges, malformed=malformed)
    bearer = next((each for each in challenges if each.scheme.lower() == "bearer"), None)
    if bearer is not None:
        visit, spoken = await _token_for(scene, visitor), visitor.asker.origin
        await _tell_of_realm(sighting, scene, spoken, bearer.parameters.get("realm", ""), visit)
        _tell_of_service(sighting, bearer.parameters.get("service", ""), visit)
        _tell_of_time(sighting, visit, moment_in(first.headers.first("date") or "") or scene.clock())
    return sighting.done()


# --- how it wants to be told -----------------------------------------------------------------------------------------


def _challenges(answer: Response) -> tuple[tuple[Challenge, ...], bool]:
    found: tuple[Challenge, ...] = ()
    malformed = False
    for header in answer.headers.all("www-authenticate"):
        try:
            found += parse_challenges(header)
        except MalformedHeader:
            malformed = True
    return found, malformed and not found


def _tell_of_scheme(
    sighting: Sighting, answer: Response, challenges: tuple[Challenge, ...], *, malformed: bool
) -> None:
    schemes = {each.scheme.lower() for each in challenges}
    word = "malformed" if malformed else _scheme(schemes)
    said = "; ".join(map(_in_words, challenges[:4])) or "-"
    sighting.saw("scheme", word, f"The registry asks for: {said}.", f"레지스트리의 인증 요구: {said}.")


def _in_words(challenge: Challenge) -> str:
    """An address may hold what is nobody's business."""
    realm, service = challenge.parameters.get("realm", ""), challenge.parameters.get("service", "")
    told = (f'realm="{shown_address(realm)}"' if realm else "", f'service="{shown(service)[:100]}"' if service else "")
    return " ".join(part for part in (challenge.scheme, *told) if part)


def _scheme(schemes: set[str]) -> str:
    known = schemes & _SCHEMES
    if len(known) == 2:
        return "both"
    return next(iter(known), "unknown" if schemes else "none")


# --- where tokens are given ------------------------------------------------------------------------------------------


async def _tell_of_realm(sighting: Sighting, scene: Scene, registry: Origin, realm: str, visit: Visit) -> None:
    host = urlsplit(realm).hostname if "://" in realm else ""
    if host:
        sighting.saw("realm_host", shown(host))
    word = await _realm(scene, registry, realm, visit)
    if word:
        (english, korean), place = _WORDS[word], shown_address(realm) or "-"
        sighting.saw("realm", word, f"The token service {place} {english}.", f"토큰 서비스 {place}: {korean}.")


async def _realm(scene: Scene, registry: Origin, realm: str, visit: Visit) -> str:
    if not realm:
        return "absent"
    if "://" not in realm:
        return "relative"
    try:
        address = Address.parse(realm, registry.authority)
    except WharfError:
        return "relative"
    if registry.is_secure and not address.origin.is_secure:
        return "other-scheme"
    reached = await _reached(scene, address.origin)
    if reached and is_within(address.origin.host) and not is_within(registry.host):
        return "internal-address"
    return reached or _OF_DESKS.get(visit.desk, "fine")


async def _reached(scene: Scene, origin: Origin) -> str:
    """What stands in the way to it; nothing if nothing does."""
    seconds = scene.patience / 4
    try:
        if proxy_on(origin, scene.settings) is None:
            call = await in_time(lambda: called(origin.host, origin.port, seconds), scene.patience / 2)
            if call is not Call.OPEN:
                return _OF_CALLS[call]
        return await in_time(lambda: _spoken_to(scene, origin, seconds), scene.patience)
    except OSError:
        return "hung"


def _spoken_to(scene: Scene, origin: Origin, seconds: float) -> str:
    line: Line = lambda: line_to(origin, scene.settings, seconds)  # noqa: E731
    if not origin.is_secure:
        return ""
    if first_words(line, origin.host, seconds).speaks is not Speaks.TLS:
        return "tls-broken"
    talk = talked(line, origin, context_of_system(scene.settings))
    fits = talk.leaf is None or talk.leaf.is_for(origin.host)
    in_time_of_it = talk.leaf is None or talk.leaf.begins <= scene.clock() <= talk.leaf.ends
    return "" if talk.is_believed and fits and in_time_of_it else "tls-broken"


def is_within(host: str) -> bool:
    """Whether an address is one within a network, which means nothing to others."""
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return "." not in host or host.endswith((".local", ".internal", ".lan", ".localhost", ".svc", ".cluster.local"))


# --- for whom they are good ------------------------------------------------------------------------------------------


def _tell_of_service(sighting: Sighting, service: str, visit: Visit) -> None:
    if not service:
        sighting.saw("service", "absent", "The challenge names no service.", "인증 요구에 service가 없습니다.")
        return
    word = service_word(visit, service)
    if word:
        sighting.saw("service", word, *_about_service(shown(service), visit))


def _about_service(service: str, visit: Visit) -> tuple[str, str]:
    english, korean = f"The challenge names the service {service}", f"인증 요구의 service는 {service}이고"
    if visit.desk is Desk.REFUSES:
        return f"{english}; the token service does not know it.", f"{korean}, 토큰 서비스는 이 이름을 모릅니다."
    audience = ", ".join(map(shown, audience_of(visit)))
    if not audience:
        return f"{english}; its token is taken.", f"{korean}, 그 토큰은 받아들여집니다."
    return f"{english}; the token is made for {audience}.", f"{korean}, 토큰의 대상(aud)은 {audience}입니다."


def _tell_of_time(sighting: Sighting, visit: Visit, now: datetime) -> None:
    """By the registry's own clock: it is the one who judges."""
    if visit.token is None:
        return
    claims = claims_of(visit.token.text)
    begins, ends = _moment(claims.get("nbf")) or _moment(claims.get("iat")), _moment(claims.get("exp"))
    word = "fine" if ends else "unreadable"
    if ends and ends < now - _LEEWAY:
        word = "past"
    elif begins and begins > now + _LEEWAY:
        word = "future"
    span = f"{begins or '-'} – {ends or '-'}"
    sighting.saw(
        "token_time",
        word,
        f"The token is good for {span}; the registry's clock says {now:%Y-%m-%d %H:%M:%S+00:00}.",
        f"토큰의 유효 기간은 {span}이고, 레지스트리의 시계는 {now:%Y-%m-%d %H:%M:%S+00:00}입니다.",
    )


def _moment(value: object) -> datetime | None:
    try:
        return datetime.fromtimestamp(value, UTC).replace(microsecond=0) if isinstance(value, int | float) else None
    except (ValueError, OverflowError, OSError):
        return None


async def _token_for(scene: Scene, nobody: Visitor) -> Visit:
    scopes: tuple[Scope, ...] = to_pull(scene.aim.repository) if scene.aim.repository else ()
    target = f"{paths.tag_list(scene.aim.repository)}?n=1" if scene.aim.repository else paths.BASE
    visitor = await with_credential(scene, await stored_for(scene))
    visit = await (visitor or nobody).visit("GET", target, scopes)
    if visit.desk is Desk.ANSWERS or visitor is None:
        return visit
    return await nobody.visit("GET", target, scopes)


def service_word(visit: Visit, service: str) -> str:
    """Nothing where no token was given, or one that nobody else can read and that was accepted by nobody."""
    audience = audience_of(visit)
    if audience and service not in audience:
        return "another"
    if visit.desk is Desk.REFUSES and visit.said is not None and _speaks_of_service(visit.said.body[:_MOST_READ]):
        return "another"
    if visit.desk is Desk.ANSWERS and (audience or visit.status not in {0, 401}):
        return "fine"
    return ""


def audience_of(visit: Visit) -> tuple[str, ...]:
    audience = claims_of(visit.token.text).get("aud") if visit.token else None
    several = audience if isinstance(audience, list) else [audience]
    return tuple(each for each in several if isinstance(each, str) and each)
