"""What stands at /v2/: a registry that is open or asks for a login, something else, or somebody in front of it."""

import re
from typing import Final

from wharf.client.message import Headers, Response
from wharf.client.refusals import told
from wharf.doctor.reach.asking import Asker, lines_kept
from wharf.doctor.reach.line import proxy_on
from wharf.doctor.reach.place import registry_of
from wharf.doctor.scene import Scene
from wharf.doctor.seen import NOTHING_SEEN, Seen, Sighting
from wharf.errors import shown
from wharf.protocol import paths

_VERSION: Final = "docker-distribution-api-version"
_asks_to_log_in = re.compile(rb"(?i)type=[\"']?password|sign[ -]?in|log[ -]?in|<title>[^<]*(?:login|sso)").search
_login_address = re.compile(r"(?i)/(?:login|signin|sign_in|sso|auth|oauth2?|saml|users/sign_in)\b").search
_LOAD_BALANCERS: Final = ("awselb", "envoy", "google frontend", "haproxy", "traefik", "bigip", "akamai", "istio")
_OF_A_PROXY: Final = ("via", "x-cache", "x-served-by", "cf-ray", "x-amz-cf-id", "x-envoy-upstream-service-time")
_REGISTRIES: Final = ("wharf", "docker-registry", "zot", "harbor", "nexus", "artifactory", "gitea", "forgejo", "quay")
_WORDS: Final = {
    "open": ("lets everybody in", "누구나 접근할 수 있습니다"),
    "challenge": ("asks for a login and says how", "로그인을 요구하고 방법을 알려 줍니다"),
    "refused": ("refuses, and does not say how to log in", "로그인 방법을 알려 주지 않고 거부합니다"),
    "not-a-registry": ("does not answer as a registry does", "레지스트리의 응답이 아닙니다"),
    "login-page": ("answers with a page to log in on, meant for people", "사람을 위한 로그인 페이지로 응답합니다"),
    "server-error": ("answers with an error of its own", "서버 오류로 응답합니다"),
    "redirect": ("sends everybody to another address", "다른 주소로 보냅니다"),
    "rate-limited": ("says that it was asked too often", "요청이 너무 많다고 응답합니다"),
    "nothing": ("gives no answer", "응답하지 않습니다"),
}


@lines_kept
async def look(scene: Scene) -> Seen:
    origin = registry_of(scene)
    if origin is None:
        return NOTHING_SEEN
    asker = await Asker.unbelieving(scene, origin)
    answer = await asker.asked("GET", paths.BASE) if asker else None
    if answer is None and proxy_on(origin, scene.settings) is not None:
        return NOTHING_SEEN  # it may be the proxy's silence
    sighting, outcome = Sighting("api"), outcome_of(answer)
    (english, korean), status = _WORDS[outcome], f" ({answer.status})" if answer else ""
    sighting.saw(
        "outcome", outcome, f"{origin.authority}/v2/ {english}{status}.", f"{origin.authority}/v2/: {korean}{status}."
    )
    if answer is not None:
        _tell(sighting, answer, origin.authority)
    return sighting.done()


def outcome_of(answer: Response | None) -> str:
    if answer is None:
        return "nothing"
    if answer.status == 401:
        return "challenge" if answer.headers.first("www-authenticate") else _page_or(answer, "refused")
    if answer.status == 403:
        return _page_or(answer, "refused")
    if 300 <= answer.status < 400:
        return "login-page" if _login_address(answer.headers.first("location") or "") else "redirect"
    if answer.status == 429:
        return "rate-limited"
    if answer.status >= 500:
        return "server-error"
    if answer.status == 200 and _is_of_a_registry(answer):
        return "open"
    return _page_or(answer, "not-a-registry")


def _is_of_a_registry(answer: Response) -> bool:
    kind = (answer.headers.first("content-type") or "").lower()
    if answer.headers.first(_VERSION):
        return True
    return "html" not in kind and not told(answer).is_page and answer.body.strip() in {b"", b"{}", b"null", b"true"}


def _page_or(answer: Response, otherwise: str) -> str:
    is_page = told(answer).is_page or "html" in (answer.headers.first("content-type") or "").lower()
    return "login-page" if is_page and _asks_to_log_in(answer.body[: 64 * 1024]) else otherwise


def _tell(sighting: Sighting, answer: Response, whose: str) -> None:
    server = shown(answer.headers.first("server") or "")
    sighting.saw("status", answer.status)
    if server:
        sighting.saw("server", server, f"{whose} calls itself {server}.", f"{whose}의 Server 헤더는 {server}입니다.")
    front = front_of(answer.headers)
    english = f"In front of the registry stands: {front} (Server: {server or '-'})."
    korean = f"레지스트리 앞단: {front} (Server: {server or '-'})."
    sighting.saw("front", front, english, korean)
    sighting.saw("behind_proxy", is_behind_proxy(front, answer.headers), english, korean)


def is_behind_proxy(front: str, headers: Headers) -> bool:
    """A name that nobody knows may be that of the registry itself, or of a web site in its place."""
    return front in {"nginx", "cloudflare", "load-balancer"} or any(headers.first(name) for name in _OF_A_PROXY)


def front_of(headers: Headers) -> str:
    """Who stands in front of it, by the marks in the answer."""
    server = (headers.first("server") or "").lower()
    if "cloudflare" in server or headers.first("cf-ray"):
        return "cloudflare"
    if server.startswith(("nginx", "openresty", "tengine")):
        return "nginx"
    if any(mark in server for mark in _LOAD_BALANCERS) or headers.first("x-envoy-upstream-service-time"):
        return "load-balancer"
    if any(headers.first(name) for name in _OF_A_PROXY):
        return "other"
    return "none" if not server or any(name in server for name in _REGISTRIES) else "other"
