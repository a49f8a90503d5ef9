"""TLS as the registry speaks it: judged as clients in Go judge it, by the authorities that this system knows.

They look at the dates first, then at the names, then at who signed, and name the first thing that is wrong. What
single clients trust beside the system, in folders for single hosts, is another probe's.
"""

import re
import ssl
from datetime import datetime
from typing import Final, NamedTuple

from wharf.client.line.tls import Pair, find_papers
from wharf.client.origin import Origin
from wharf.doctor.reach.certificate import Certificate
from wharf.doctor.reach.connecting import connected, is_literal
from wharf.doctor.reach.hello import Hello, Speaks, first_words
from wharf.doctor.reach.issuer import is_intermediate_missing
from wharf.doctor.reach.place import way_of
from wharf.doctor.reach.trust import Line, Talk, context_of_nobody, context_of_system, talked
from wharf.doctor.reach.waiting import in_time
from wharf.doctor.scene import Scene
from wharf.doctor.seen import NOTHING_SEEN, Seen, Sighting
from wharf.errors import RemoteProblem, shown

_ELSEWHERE: Final = (80, 5000)
_TOO_OLD: Final = ("PROTOCOL_VERSION", "UNSUPPORTED_PROTOCOL", "VERSION_TOO_LOW")
_asks_for_certificate = re.compile(rb"(?i)(?:no required|client) (?:ssl |tls )?certificate").search
_TOLD: Final = {
    "trusted": ("is valid, and is believed by this system", "은(는) 유효하며 이 시스템이 신뢰합니다"),
    "unknown-authority": ("is signed by an authority that this system does not know", "은(는) 이 시스템이 모르는 인증 기관이 서명했습니다"),  # noqa: E501
    "self-signed": ("is signed by itself", "은(는) 자체 서명되었습니다"),
    "intermediate-missing": ("is sent alone, without the authority between it and the root", "이(가) 중간 인증서 없이 단독으로 전송됩니다"),  # noqa: E501
    "no-san": ("has no alternative names (SAN)", "에 SAN(주체 대체 이름)이 없습니다"),
    "no-ip-san": ("has no address among its alternative names (IP SAN)", "의 SAN에 IP 주소가 없습니다"),
    "name-mismatch": ("is made for other names", "은(는) 다른 이름에 대해 발급되었습니다"),
    "expired": ("has expired by this machine's clock", "은(는) 이 컴퓨터의 시계를 기준으로 만료되었습니다"),
    "not-yet-valid": ("is not valid yet by this machine's clock", "은(는) 이 컴퓨터의 시계를 기준으로 아직 유효하지 않습니다"),  # noqa: E501
}  # fmt: skip
_OF_THE_TALK: Final = {
    "wants-client-certificate": ("asks for a client certificate, and none is there to show", "이(가) 클라이언트 인증서를 요구하지만 제시할 인증서가 없습니다"),  # noqa: E501
    "refuses-client-certificate": ("does not accept the client certificate", "이(가) 클라이언트 인증서를 받아들이지 않습니다"),  # noqa: E501
    "old-version": ("speaks no TLS newer than 1.1", "이(가) TLS 1.1 이하만 지원합니다"),
    "broken": ("breaks the TLS greeting off", "이(가) TLS 핸드셰이크를 중단합니다"),
}  # fmt: skip
_SPOKEN: Final = {
    Speaks.TLS: ("speaks TLS", "TLS로 응답합니다"),
    Speaks.HTTP: ("answers in plain HTTP, not in TLS", "TLS가 아닌 평문 HTTP로 응답합니다"),
    Speaks.NOTHING: ("takes a connection and says nothing", "연결은 받지만 응답하지 않습니다"),
    Speaks.OTHER: ("speaks neither TLS nor HTTP", "TLS도 HTTP도 아닌 응답을 보냅니다"),
}


class _Found(NamedTuple):
    """`talk`: what a client that checks the signatures meets; `asked`: one that checks nothing and then asks."""

    hello: Hello
    chain: tuple[Certificate, ...]
    talk: Talk
    asked: Talk
    pair: Pair | None


async def look(scene: Scene) -> Seen:
    origin = way_of(scene)
    if origin is None:
        return NOTHING_SEEN
    line: Line = lambda: connected(origin.host, origin.port, scene.patience / 4)  # noqa: E731
    try:
        hello = await in_time(lambda: first_words(line, origin.host, scene.patience / 4), scene.patience)
    except OSError:
        return await _seen_elsewhere(scene, origin)
    sighting, (english, korean) = Sighting("tls"), _SPOKEN[hello.speaks]
    place = f"{origin.host}:{origin.port}"
    sighting.saw("speaks", hello.speaks.value, f"{place} {english}.", f"{place}: {korean}.")
    if hello.speaks is Speaks.TLS:
        await _tell_of_tls(sighting, scene, origin, hello, line)
    return sighting.done()


async def _tell_of_tls(sighting: Sighting, scene: Scene, origin: Origin, hello: Hello, line: Line) -> None:
    try:
        found = await in_time(lambda: _found(scene, origin, hello, line), scene.patience)
    except OSError:
        return
    if found.chain:
        _tell_of_certificate(sighting, found.chain, scene.clock())
    outcome = _outcome(found, origin, scene.clock())
    if outcome == "unknown-authority" and is_intermediate_missing(found.chain, origin, scene):
        outcome = "intermediate-missing"
    if outcome in _TOLD and found.chain:
        leaf, (english, korean) = found.chain[0], _TOLD[outcome]
        more = _in_brackets(outcome, leaf)
        name = f"{origin.authority}"
        sighting.saw(
            "outcome", outcome, f"The certificate of {name} {english}{more}.", f"{name}의 인증서{korean}{more}."
        )
    elif outcome in _OF_THE_TALK:
        english, korean = _OF_THE_TALK[outcome]
        sighting.saw("outcome", outcome, f"{origin.authority} {english}.", f"{origin.authority}{korean}.")


def _in_brackets(outcome: str, leaf: Certificate) -> str:
    if outcome in {"expired", "not-yet-valid"}:
        return f" ({leaf.begins:%Y-%m-%d %H:%M} – {leaf.ends:%Y-%m-%d %H:%M} UTC)"
    if outcome in {"name-mismatch", "no-ip-san", "no-san"}:
        return f" ({', '.join(leaf.names[:5]) or leaf.subject})"
    return f" ({leaf.issuer})"


def _found(scene: Scene, origin: Origin, hello: Hello, line: Line) -> _Found:
    pair = _pair(scene, origin)
    ask = f"GET /v2/ HTTP/1.1\r\nHost: {origin.authority}\r\nConnection: close\r\n\r\n".encode("ascii")
    asked = talked(line, origin, context_of_nobody(pair), ask)
    chain = hello.chain or ((asked.leaf,) if asked.leaf else ())
    return _Found(hello, chain, talked(line, origin, context_of_system(scene.settings)), asked, pair)


def _pair(scene: Scene, origin: Origin) -> Pair | None:
    try:
        return next(iter(find_papers(origin, scene.settings).pairs), None)
    except RemoteProblem:
        return None


def _tell_of_certificate(sighting: Sighting, chain: tuple[Certificate, ...], now: datetime) -> None:
    leaf = chain[0]
    sighting.saw("days_left", (leaf.ends - now).days)
    sighting.saw("names", frozenset(leaf.names), *_both("names", ", ".join(leaf.names[:10]) or "-"))
    sighting.saw("issuer", str(leaf.issuer), *_both("issuer", str(leaf.issuer)))
    _tell_of_those_above(sighting, [each for each in chain[1:] if each.ends < now])
    sighting.saw("weak_signature", bool(leaf.weak), *_both("signature", leaf.weak or "-"))


def _tell_of_those_above(sighting: Sighting, expired: list[Certificate]) -> None:
    """The one that is nearest to the server's own."""
    english, korean = "", ""
    if expired:
        name, end = shown(str(expired[0].subject)), f"{expired[0].ends:%Y-%m-%d %H:%M} UTC"
        english = f"The authority {name}, which the server sends along, has expired ({end})."
        korean = f"서버가 함께 보내는 인증 기관 {name}의 인증서가 만료되었습니다({end})."
    sighting.saw("authority_expired", bool(expired), english, korean)


def _both(what: str, value: str) -> tuple[str, str]:
    korean = {"names": "인증서의 이름", "issuer": "인증서 발급자", "signature": "인증서의 약한 서명"}[what]
    english = {
        "names": "names in the certificate",
        "issuer": "issuer of the certificate",
        "signature": "weak signature",
    }[what]
    return f"The {english}: {value}.", f"{korean}: {value}."


def _outcome(found: _Found, origin: Origin, now: datetime) -> str:
    """The first thing that is wrong, in the order in which clients in Go look."""
    if found.hello.is_old or (not found.chain and any(word in found.talk.reason for word in _TOO_OLD)):
        return "old-version"
    if found.chain:
        wrong = _wrong_with(found.chain[0], origin.host, now)
        if wrong:
            return wrong
        if found.talk.is_unbelieved:
            return "self-signed" if found.chain[0].is_self_issued else "unknown-authority"
    return _of_the_talk(found)


def _wrong_with(leaf: Certificate, host: str, now: datetime) -> str:
    if now > leaf.ends:
        return "expired"
    if now < leaf.begins:
        return "not-yet-valid"
    if leaf.is_for(host):
        return ""
    if not leaf.names and (not is_literal(host) or leaf.subject.common_name == host):
        return "no-san"
    return "no-ip-san" if is_literal(host) and not leaf.addresses else "name-mismatch"


def _of_the_talk(found: _Found) -> str:
    """What a server thinks of us is learnt when it is asked something, or when it ends the greeting."""
    asked, shown = found.asked, "refuses" if found.pair else "wants"
    failed = asked.refused is not None or asked.broke_off
    is_about_us = found.hello.asks_for_certificate or "CERT" in asked.reason
    if (failed and is_about_us) or (b" 400 " in asked.said[:20] and _asks_for_certificate(asked.said)):
        return f"{shown}-client-certificate"
    if failed and not asked.said:
        return "broken"
    if isinstance(found.talk.refused, ssl.SSLCertVerificationError):
        return "broken"
    return "trusted"


async def _seen_elsewhere(scene: Scene, origin: Origin) -> Seen:
    """Nobody is there; whether a registry in plain HTTP stands beside it, at the ports that they usually have."""
    if origin.port != 443:
        return NOTHING_SEEN
    sighting = Sighting("tls")
    spoken = [port for port in _ELSEWHERE if await _is_plain(origin.host, port, scene.patience / 8)]
    place = f"{origin.host}:{spoken[0]}" if spoken else origin.host
    english = f"{place} answers in plain HTTP." if spoken else f"{place} does not answer in plain HTTP either."
    korean = f"{place}: 평문 HTTP로 응답합니다." if spoken else f"{place}: 평문 HTTP로도 응답하지 않습니다."
    sighting.saw("plain_http_elsewhere", bool(spoken), english, korean)
    return sighting.done()


async def _is_plain(host: str, port: int, seconds: float) -> bool:
    try:
        hello = await in_time(lambda: first_words(lambda: connected(host, port, seconds), host, seconds), 2 * seconds)
    except OSError:
        return False
    return hello.speaks is Speaks.HTTP
