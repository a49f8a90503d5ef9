"""Step 1: what this machine brings along. Variables, the credential, the engine, the way to the registry, the clock."""

import asyncio
import contextlib
import socket
import ssl
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import partial
from typing import Final

from wharf.client.clouds.shape import shape_of
from wharf.client.line.over_tls import over_tls
from wharf.client.line.tls import TlsContexts
from wharf.client.message import Request, Response
from wharf.client.origin import Origin, origin_of_registry
from wharf.client.refusals import refusal
from wharf.client.refusals import told as said_in
from wharf.credentials.credential import secret_of
from wharf.credentials.secret import Secret
from wharf.doctor.check.berth import GITHUB
from wharf.doctor.check.given import account_of, pairs_for
from wharf.doctor.check.step import Telling
from wharf.doctor.check.voyage import EngineUse, OpenEngine, Voyage
from wharf.doctor.language import Language, Words
from wharf.doctor.phrases import cloud_phrases
from wharf.engine.docker import Engine
from wharf.errors import EngineProblem, EngineUnreachable, RemoteMisbehaved, Unreachable, counted
from wharf.protocol import paths

_LET_IN: Final = frozenset({200, 401})
_NAMES_SHOWN: Final = ("DOCKER_HOST", "DOCKER_CONTEXT", "DOCKER_CONFIG", "REGISTRY_AUTH_FILE")
_NAMES_OF_GITHUB: Final = ("GITHUB_ORG", "GITHUB_API_URL")
_HIDDEN: Final = ("DOCKER_AUTH_CONFIG",)
_CLOCK_MAY_DIFFER: Final = timedelta(seconds=60)
_ENDS_SOON: Final = timedelta(days=14)
_MOST_ADDRESSES: Final = 3
_ENGINE_SECONDS: Final = 15
_ENGINE_ANSWERS_IN: Final = 5


async def look_around(voyage: Voyage, told: Telling) -> None:
    _tell_variables(voyage, told)
    await _find_credential(voyage, told)
    await _find_engine(voyage, told)
    await _find_way(voyage, told)
    answer = await voyage.session.send(Request("GET", paths.BASE))
    await _read_first_answer(voyage, answer, told)


# --- what is set -----------------------------------------------------------------------------------------------------


def _tell_variables(voyage: Voyage, told: Telling) -> None:
    environ = voyage.scene.environ
    for pair in pairs_for(voyage.berth.registry, environ):
        if secret := environ.get(pair.secret):
            kind = _kind_of(Secret(secret))
            told.good(f"{pair.secret} is set: {kind.english}", f"{pair.secret}: 설정됨 ({kind.korean})")
        for name in pair.usernames:
            _tell_variable(name, voyage, told)
    of_github = _NAMES_OF_GITHUB if voyage.berth.registry == GITHUB else ()
    for name in (*of_github, *_NAMES_SHOWN):
        _tell_variable(name, voyage, told)
    for name in _HIDDEN:
        if environ.get(name):
            told.good(f"{name} is set", f"{name}: 설정됨")


def _tell_variable(name: str, voyage: Voyage, told: Telling) -> None:
    """An address may hold a password before its host."""
    value = voyage.scene.environ.get(name, "").strip()
    if value:
        shown = value.rpartition("@")[2] if "://" in value else value
        told.good(f"{name}: {shown}", f"{name}: {shown}")


def _kind_of(secret: Secret) -> Words:
    kind = shape_of(secret).kind.value
    return Words(kind, cloud_phrases().said(kind, Language.KOREAN))


async def _find_credential(voyage: Voyage, told: Telling) -> None:
    registry = voyage.berth.registry
    lookup = await asyncio.to_thread(voyage.scene.keychain.find, registry, voyage.berth.repository)
    voyage.lookup = lookup
    for warning in lookup.warnings:
        told.remark(warning, warning)
    for silent in lookup.silent:
        if silent.failed:
            said = f"{silent.source.place}: {silent.reason}"
            told.remark(said, said, said=said)
    if lookup.credential is None:
        told.left_out(
            f"no credential for {registry} is known here: it is asked as anybody",
            f"{registry}의 자격 증명이 없습니다. 익명으로 진행합니다",
        )
        return
    account = account_of(lookup.credential) or shape_of(secret_of(lookup.credential)).account
    place = lookup.source.place if lookup.source else ""
    as_whom = f", as {account}" if account else ""
    told.good(f"credential for {registry}: from {place}{as_whom}",
              f"{registry}의 자격 증명: {place}{f' ({account})' if account else ''}")  # fmt: skip


# --- the engine ------------------------------------------------------------------------------------------------------


async def _find_engine(voyage: Voyage, told: Telling) -> None:
    use = voyage.wishes.engine
    if use is EngineUse.NONE:
        return
    try:
        voyage.engine = await asyncio.wait_for(asyncio.to_thread(_opened, voyage), _ENGINE_SECONDS)
    except TimeoutError:
        _without_engine(EngineUnreachable("its address", f"it is silent for {_ENGINE_SECONDS} seconds"), use, told)
    except EngineProblem as problem:
        _without_engine(problem, use, told)
    else:
        facts, address = voyage.engine.facts, voyage.engine.engine.address
        said = f"{facts.version}, API {facts.api_version}, {facts.platform}, {facts.storage} ({address})"
        told.good(f"container engine: {said}", f"컨테이너 엔진: {said}")


def _opened(voyage: Voyage) -> OpenEngine:
    """One that is silent is found out soon; while it works, it may be silent for longer."""
    with Engine.connect(voyage.scene.environ, patience=_ENGINE_ANSWERS_IN) as door:
        facts = door.facts()
    return OpenEngine(Engine.connect(voyage.scene.environ), facts)


def _without_engine(problem: EngineProblem, use: EngineUse, told: Telling) -> None:
    if use is EngineUse.PUSHES:
        raise problem
    reason = problem.diagnostics().cause
    told.left_out(f"{reason}: the image will not be run", f"{reason}: 이미지를 실행하지 않습니다")


# --- the way ---------------------------------------------------------------------------------------------------------


async def _find_way(voyage: Voyage, told: Telling) -> None:
    origin = origin_of_registry("https", voyage.berth.registry)
    proxy = voyage.scene.settings.proxies.proxy_for(origin)
    if proxy is not None:
        told.good(f"the way goes through the proxy {proxy}", f"프록시 {proxy}을(를) 거칩니다")
        return
    addresses = await _addresses(origin)
    if addresses != [origin.host]:
        shown = ", ".join(addresses[:_MOST_ADDRESSES])
        told.good(f"DNS: {origin.host} is {shown}", f"DNS: {origin.host} → {shown}")


async def _addresses(origin: Origin) -> list[str]:
    try:
        found = await asyncio.get_running_loop().getaddrinfo(origin.host, origin.port, type=socket.SOCK_STREAM)
    except OSError as problem:
        said = f"dial tcp: lookup {origin.host}: no such host" if isinstance(problem, socket.gaierror) else ""
        raise Unreachable(origin.authority, f"its name is not known: {problem.strerror}", evidence=[said]) from problem
    return list(dict.fromkeys(str(each[4][0]) for each in found))


async def _read_first_answer(voyage: Voyage, answer: Response, told: Telling) -> None:
    registry = voyage.berth.registry
    evidence = [f"GET {answer.shown_url}: {answer.status}"]
    if answer.status == 404:
        raise RemoteMisbehaved(registry, "no registry answers here", evidence)
    if answer.status not in _LET_IN:
        raise refusal(registry, "answer GET /v2/", answer)
    asks_for_a_login = answer.status == 401 and answer.headers.first("www-authenticate")
    if said_in(answer).is_page and not asks_for_a_login:  # nginx before a registry asks so, with a page beside it
        raise RemoteMisbehaved(registry, "a web page answers here, and no registry", evidence)
    await _tell_protection(voyage, answer, told)
    _tell_clock(voyage, answer, told)


async def _tell_protection(voyage: Voyage, answer: Response, told: Telling) -> None:
    if answer.url.startswith("http://"):
        told.good("plain HTTP, which is not encrypted", "암호화되지 않은 평문 HTTP입니다")
        return
    origin = origin_of_registry("https", voyage.berth.registry)
    certificate = None
    if voyage.scene.settings.proxies.proxy_for(origin) is None:
        certificate = await asyncio.to_thread(partial(_certificate_end, voyage, origin))
    _tell_tls(certificate, voyage.scene.clock(), told)


def _certificate_end(voyage: Voyage, origin: Origin) -> datetime | None:
    """None where it is not checked at all, or a second connection does not come about."""
    context = TlsContexts(voyage.scene.settings).context_for(origin)
    with contextlib.suppress(OSError, ValueError):
        line = socket.create_connection((origin.host, origin.port), voyage.scene.patience)
        with line, over_tls(line, context, origin.host) as secured:
            shown = secured.getpeercert() or {}
        ends = shown.get("notAfter")
        return datetime.fromtimestamp(ssl.cert_time_to_seconds(ends), UTC) if isinstance(ends, str) else None
    return None


def _tell_tls(ends: datetime | None, now: datetime, told: Telling) -> None:
    """A certificate that ends soon breaks nothing yet, and is seen here before it does."""
    if ends is None:
        told.good("TLS: it answers, encrypted", "TLS: 암호화된 연결로 응답합니다")
        return
    english = f"TLS: its certificate is trusted, and good until {ends:%Y-%m-%d}"
    korean = f"TLS: 신뢰할 수 있는 인증서이며 {ends:%Y-%m-%d}까지 유효합니다"
    if ends - now < _ENDS_SOON:
        days = (ends - now).days
        told.remark(f"{english}, which is soon: {counted(days, 'day')} left", f"{korean}. {days}일 남았습니다")
    else:
        told.good(english, korean)


def _tell_clock(voyage: Voyage, answer: Response, told: Telling) -> None:
    try:
        there = parsedate_to_datetime(answer.headers.first("date") or "")
    except ValueError:
        return
    here = voyage.scene.clock()
    aware = there if there.tzinfo else there.replace(tzinfo=UTC)
    apart = abs(here - aware)
    if apart > _CLOCK_MAY_DIFFER:
        english, korean = _in_words(apart)
        told.remark(
            f"the clocks differ by {english}: here {here:%Y-%m-%d %H:%M:%S}, there {aware:%Y-%m-%d %H:%M:%S}",
            f"시계가 {korean} 다릅니다: 여기 {here:%Y-%m-%d %H:%M:%S}, 저쪽 {aware:%Y-%m-%d %H:%M:%S}",
        )
        return
    told.good("the clock agrees with the registry's", "시계가 레지스트리와 맞습니다")


def _in_words(apart: timedelta) -> tuple[str, str]:
    """In the largest unit of which there are at least two."""
    seconds = int(apart.total_seconds())
    units = ((86400, "day", "일"), (3600, "hour", "시간"), (60, "minute", "분"))
    for size, english, korean in units:
        if seconds >= 2 * size:
            return counted(seconds // size, english), f"{seconds // size}{korean}"
    return counted(seconds, "second"), f"{seconds}초"
