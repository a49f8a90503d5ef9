"""The proxy that the environment names for this registry: whether it is used, and what it makes of a connection."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from wharf.client.origin import Origin
from wharf.client.proxy import Proxies, Proxy
from wharf.doctor.reach.asking import fetched
from wharf.doctor.reach.certificate import Certificate
from wharf.doctor.reach.connecting import Call, connected, how_it_ended
from wharf.doctor.reach.daemon_proxy import daemon_has_proxy
from wharf.doctor.reach.hello import Speaks, greeted
from wharf.doctor.reach.houses import is_public
from wharf.doctor.reach.intercepting import Shown, is_intercepted
from wharf.doctor.reach.line import ProxyAnswer, asked_to_connect, line_to
from wharf.doctor.reach.place import way_of
from wharf.doctor.reach.trust import Line, Talk, context_of_nobody, context_of_system, talked
from wharf.doctor.reach.waiting import in_time
from wharf.doctor.scene import Scene
from wharf.doctor.seen import NOTHING_SEEN, Seen, Sighting
from wharf.errors import SettingRefused, shown

_NO_PROXY: Final = frozenset({400, 404, 405, 426, 501})
_ENDED: Final = {
    Call.NO_NAME: "not-found",
    Call.REFUSED: "refused",
    Call.HUNG: "hung",
    Call.UNREACHABLE: "hung",
    Call.RESET: "not-a-proxy",
}
_WORDS: Final = {
    "answers": ("lets us through", "연결을 중계합니다"),
    "not-found": ("has a name that leads nowhere", "의 이름을 찾을 수 없습니다"),
    "refused": ("refuses connections", "연결을 거부합니다"),
    "hung": ("does not answer", "응답하지 않습니다"),
    "wants-login": ("asks for a login (407)", "로그인을 요구합니다(407)"),
    "forbids": ("does not let us through to this registry", "이 레지스트리로의 연결을 허용하지 않습니다"),
    "not-a-proxy": ("does not answer as a proxy does", "프록시로서 응답하지 않습니다"),
    "lies": ("says that it lets us through, and sends a web page", "연결된 것처럼 응답하고 웹 페이지를 보냅니다"),
    "wrong-scheme": (
        "speaks plain HTTP, and its address begins with https://",
        "평문 HTTP를 사용하지만 주소가 https://로 시작합니다",
    ),
    "cannot-reach": ("answers, and cannot reach the registry itself", "응답하지만 레지스트리에 도달하지 못합니다"),
}


class _Named(NamedTuple):
    """What the environment says. `proxy` None: none is used; `given`: whether a variable names one at all."""

    variable: str = ""
    given: bool = False
    proxy: Proxy | None = None
    under_tls: bool = False
    malformed: bool = False


async def look(scene: Scene) -> Seen:
    origin = way_of(scene)
    if origin is None:
        return NOTHING_SEEN
    sighting, named = Sighting("proxy"), _named(scene.environ, origin)
    _tell_of_environment(sighting, scene, origin, named)
    outcome = await _outcome(scene, origin, named)
    if outcome:
        english, korean = _WORDS[outcome]
        sighting.saw("outcome", outcome, f"The proxy {named.proxy} {english}.", f"프록시 {named.proxy}: {korean}.")
    if outcome in {"answers", ""}:
        await _tell_of_interception(sighting, scene, origin, through_proxy=named.proxy is not None)
    return sighting.done()


# --- what the environment says ---------------------------------------------------------------------------------------


def _named(environ: Mapping[str, str], origin: Origin) -> _Named:
    proxies = Proxies.from_environ(environ)
    given = proxies.https if origin.is_secure else proxies.http
    name = "https_proxy" if origin.is_secure else "http_proxy"
    variable = name.upper() if environ.get(name.upper()) else name
    if not given:
        return _Named()
    under_tls = given.lower().startswith("https://")
    if under_tls:  # wharf itself has no use for such a one, and others do
        plain = f"http://{given[len('https://') :]}"
        proxies = Proxies(http=plain, https=plain, no_proxy=proxies.no_proxy)
    try:
        return _Named(variable, given=True, proxy=proxies.proxy_for(origin), under_tls=under_tls)
    except SettingRefused:
        is_of_another_kind = given.lower().startswith(("socks5://", "socks5h://"))
        return _Named(variable, given=True, malformed=not is_of_another_kind)


def _tell_of_environment(sighting: Sighting, scene: Scene, origin: Origin, named: _Named) -> None:
    used = named.proxy is not None
    english = f"{named.variable} names {named.proxy} for {origin.authority}." if used else "No proxy is used for it."
    korean = (
        f"{named.variable}이(가) {origin.authority}에 대해 {named.proxy}을(를) 지정합니다."
        if used
        else "이 주소에는 프록시를 사용하지 않습니다."
    )
    sighting.saw("used", used, english, korean)
    sighting.saw("malformed", named.malformed, *_about_its_form(named))
    if named.given:
        sighting.saw("source", named.variable)
    exempt = named.given and not named.malformed and not used
    sighting.saw("exempt", exempt, *_about_exemption(origin, exempt=exempt))
    if scene.platform == "linux":
        _tell_of_daemon(sighting, scene, used=used)


def _about_its_form(named: _Named) -> tuple[str, str]:
    if not named.malformed:
        return "", ""
    return f"{named.variable} holds no address of a proxy.", f"{named.variable}의 값이 프록시 주소 형식이 아닙니다."


def _about_exemption(origin: Origin, *, exempt: bool) -> tuple[str, str]:
    if not exempt:
        return "", ""
    return f"NO_PROXY leaves {origin.authority} out.", f"NO_PROXY가 {origin.authority}을(를) 제외합니다."


def _tell_of_daemon(sighting: Sighting, scene: Scene, *, used: bool) -> None:
    has_one = daemon_has_proxy(scene.root)
    english = f"The Docker daemon's files name {'a' if has_one else 'no'} proxy"
    korean = f"Docker 데몬의 설정 파일에 프록시가 {'있고' if has_one else '없고'}"
    shell = (
        f"{english}; the shell's variables name {'one' if used else 'none'}.",
        f"{korean}, 셸 변수에는 {'있습니다' if used else '없습니다'}.",
    )
    sighting.saw("daemon_has_one", has_one, *shell)
    sighting.saw("only_daemon_has_one", has_one and not used, *shell)
    sighting.saw("only_shell_has_one", used and not has_one, *shell)


# --- what the proxy does ---------------------------------------------------------------------------------------------


async def _outcome(scene: Scene, origin: Origin, named: _Named) -> str:
    proxy = named.proxy
    if proxy is None:
        return ""
    seconds = scene.patience / 4
    try:
        if named.under_tls:
            return await in_time(lambda: _spoken_to_in_tls(proxy, seconds), scene.patience)
        if not origin.is_secure:
            return await in_time(lambda: _forwarded(scene, origin, proxy, seconds), scene.patience)
        return await in_time(lambda: _connected(origin, proxy, seconds), scene.patience)
    except OSError as problem:
        return _ENDED[how_it_ended(problem)]


def _spoken_to_in_tls(proxy: Proxy, seconds: float) -> str:
    with connected(proxy.host, proxy.port, seconds) as connection:
        hello = greeted(connection, proxy.host, seconds)
    return "" if hello.speaks is Speaks.TLS else "wrong-scheme"


def _connected(origin: Origin, proxy: Proxy, seconds: float) -> str:
    with connected(proxy.host, proxy.port, seconds) as connection:
        answer = asked_to_connect(connection, origin, proxy, seconds)
        if answer.status != 200:
            return _of_status(answer)
        hello = greeted(connection, origin.host, seconds)
    return "lies" if hello.speaks in {Speaks.HTTP, Speaks.OTHER} else "answers"


def _forwarded(scene: Scene, origin: Origin, proxy: Proxy, seconds: float) -> str:
    with connected(proxy.host, proxy.port, seconds):
        pass
    answer = fetched(f"{origin}/v2/", scene.settings, seconds)
    if answer is None:
        return "not-a-proxy"
    is_page = answer.status == 200 and "html" in (answer.headers.first("content-type") or "")
    if is_page:
        return "lies"
    return _of_status(ProxyAnswer(answer.status)) if answer.status in {403, 407, 502, 503, 504} else "answers"


def _of_status(answer: ProxyAnswer) -> str:
    if answer.status == 407:
        return "wants-login"
    if answer.status in _NO_PROXY or not answer.status or 200 < answer.status < 400:
        return "not-a-proxy"
    return "cannot-reach" if answer.status in {502, 503, 504} else "forbids"


# --- what stands behind it -------------------------------------------------------------------------------------------


async def _tell_of_interception(sighting: Sighting, scene: Scene, origin: Origin, *, through_proxy: bool) -> None:
    found: bool | None = False
    leaf: Certificate | None = None
    if origin.is_secure:
        try:
            seen = await in_time(lambda: _shown(scene, origin, through_proxy=through_proxy), scene.patience)
        except (OSError, ValueError):
            seen = None
        if seen is not None:
            leaf, found = seen.leaf, is_intercepted(seen, through_proxy=through_proxy, public=is_public(origin.host))
        elif through_proxy:
            found = None
    if found is not None:
        issuer = shown(str(leaf.issuer)) if leaf else "-"
        english = f"The certificate that is shown for {origin.authority} was made by {issuer}."
        sighting.saw(
            "intercepts_tls", found, english, f"{origin.authority}에 대해 제시된 인증서의 발급자는 {issuer}입니다."
        )


def _shown(scene: Scene, origin: Origin, *, through_proxy: bool) -> Shown | None:
    seconds = scene.patience / 4
    line: Line = lambda: line_to(origin, scene.settings, seconds)  # noqa: E731
    talk = talked(line, origin, context_of_system(scene.settings))
    leaf = talk.leaf or talked(line, origin, context_of_nobody()).leaf
    if leaf is None:
        return None
    straight = _straight(origin, seconds) if through_proxy and talk.is_unbelieved else None
    return Shown(leaf, talk.is_unbelieved, straight.leaf if straight else None)


def _straight(origin: Origin, seconds: float) -> Talk | None:
    try:
        return talked(lambda: connected(origin.host, origin.port, seconds), origin, context_of_nobody())
    except OSError:
        return None
