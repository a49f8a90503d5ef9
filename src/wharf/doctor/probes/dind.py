"""Docker-in-Docker as a CI job sees it: the variables that lead to the service, its certificates, what it speaks."""

import asyncio
import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from wharf.doctor.engines.conversation import addresses_of, spoken_at
from wharf.doctor.engines.endpoint import CA_NAME, CLIENT_NAMES, PLAIN_PORT, TLS_PORT, Endpoint, Route, read_address
from wharf.doctor.engines.reading import list_of, objects_of
from wharf.doctor.ground.small_file import beginning_of, is_there, of_system
from wharf.doctor.language import Words
from wharf.doctor.scene import Scene
from wharf.doctor.seen import Seen, Sighting

_RUNNER_SETTINGS: Final = ("/etc/gitlab-runner/config.toml", "/srv/gitlab-runner/config/config.toml")
_USUAL_CERTIFICATES: Final = "/certs/client"
_OTHER_PORT: Final = {PLAIN_PORT: TLS_PORT, TLS_PORT: PLAIN_PORT}
_is_not_privileged = re.compile(r"mount: (?:[^\n]{0,200}: )?permission denied \(are you root\?\)", re.IGNORECASE).search
_SPOKEN: Final[Mapping[str, Words]] = {
    "plain": Words("{where} speaks without TLS.", "{where}은(는) TLS 없이 통신합니다."),
    "tls": Words("{where} speaks TLS.", "{where}은(는) TLS로 통신합니다."),
    "nothing": Words("Nobody answers at {where}.", "{where}에서 응답이 없습니다."),
}


async def look(scene: Scene) -> Seen:
    return await asyncio.to_thread(_looked, scene)


def _looked(scene: Scene) -> Seen:
    sighting = Sighting("dind")
    wished = scene.environ.get("DOCKER_HOST", "").strip()
    endpoint = read_address(wished, scene.root) if wished else None
    _host(endpoint, sighting)
    _certificates(scene, sighting)
    _privileged(scene, sighting)
    _service(endpoint, scene, sighting)
    return sighting.done()


# --- the variables ---------------------------------------------------------------------------------------------------


def _host(endpoint: Endpoint | None, sighting: Sighting) -> None:
    if endpoint is None:
        sighting.saw("host", "absent", "DOCKER_HOST is not set.", "DOCKER_HOST가 설정되어 있지 않습니다.")
        return
    word = _word_of(endpoint)
    told = (f"DOCKER_HOST is {endpoint.text}.", f"DOCKER_HOST는 {endpoint.text}입니다.")
    if word:
        sighting.saw("host", word, *told)


def _word_of(endpoint: Endpoint) -> str:
    if endpoint.route is Route.TCP:
        return {PLAIN_PORT: "plain-port", TLS_PORT: "tls-port"}.get(endpoint.port, "other-port")
    return "socket" if endpoint.route in {Route.SOCKET, Route.PIPE} else ""


def _certificates(scene: Scene, sighting: Sighting) -> None:
    folder = scene.environ.get("DOCKER_TLS_CERTDIR")
    word = "unset" if folder is None else "set" if folder else "empty"
    sighting.saw("cert_folder", word, *_folder_words(word, folder or ""))
    verifies = bool(scene.environ.get("DOCKER_TLS_VERIFY"))
    sighting.saw(
        "tls_verify",
        verifies,
        f"DOCKER_TLS_VERIFY is {'set' if verifies else 'not set'}.",
        f"DOCKER_TLS_VERIFY가 {'설정되어 있습니다' if verifies else '설정되어 있지 않습니다'}.",
    )
    place = _place_of_certificates(scene, folder)
    there = [name for name in (CA_NAME, *CLIENT_NAMES) if is_there(place / name)]
    word = {0: "absent", 3: "present"}.get(len(there), "incomplete")
    sighting.saw(
        "client_certificates",
        word,
        f"In {place} there {'is' if len(there) < 2 else 'are'} {', '.join(there) or 'no client certificate'}.",
        f"{place}에 {', '.join(there)}이(가) 있습니다." if there else f"{place}에 클라이언트 인증서가 없습니다.",
    )


def _folder_words(word: str, folder: str) -> tuple[str, str]:
    if word == "set":
        return f"DOCKER_TLS_CERTDIR is {folder}.", f"DOCKER_TLS_CERTDIR은 {folder}입니다."
    if word == "empty":
        return (
            "DOCKER_TLS_CERTDIR is empty, which switches TLS off.",
            "DOCKER_TLS_CERTDIR이 비어 있어 TLS를 사용하지 않습니다.",
        )
    return "DOCKER_TLS_CERTDIR is not set.", "DOCKER_TLS_CERTDIR이 설정되어 있지 않습니다."


def _place_of_certificates(scene: Scene, folder: str | None) -> Path:
    """What the client reads, or else where the service would have put it for the client."""
    if named := scene.environ.get("DOCKER_CERT_PATH"):
        return of_system(scene, named) if named.startswith("/") else scene.folder / named
    return of_system(scene, f"{folder}/client" if folder else _USUAL_CERTIFICATES)


# --- the runner ------------------------------------------------------------------------------------------------------


def _privileged(scene: Scene, sighting: Sighting) -> None:
    """What the service itself says in its log comes before what the runner's settings say."""
    if _is_not_privileged(scene.aim.log):
        sighting.saw(
            "privileged",
            value=False,
            english="The service may not mount anything, so it does not run privileged.",
            korean="서비스가 마운트 권한이 없으므로 privileged로 실행되지 않았습니다.",
        )
        return
    told = {objects_of(runner.get("docker")).get("privileged") is True for runner in _runners(scene)}
    if len(told) == 1:
        privileged = next(iter(told))
        sighting.saw(
            "privileged",
            privileged,
            f"The runner's config.toml {'lets' if privileged else 'does not let'} its containers run privileged.",
            f"러너의 config.toml에서 privileged가 {'켜져 있습니다' if privileged else '켜져 있지 않습니다'}.",
        )


def _runners(scene: Scene) -> Iterator[Mapping[str, object]]:
    """Of the runners on this machine that start containers."""
    for place in _RUNNER_SETTINGS:
        try:
            settings = tomllib.loads(beginning_of(of_system(scene, place)) or "")
        except (ValueError, RecursionError):
            continue
        yield from (objects_of(each) for each in list_of(settings.get("runners")) if "docker" in objects_of(each))


# --- the service -----------------------------------------------------------------------------------------------------


def _service(endpoint: Endpoint | None, scene: Scene, sighting: Sighting) -> None:
    if endpoint is None or endpoint.route is not Route.TCP:
        sighting.saw("speaks", "not-tried")
        return
    addresses = addresses_of(endpoint.host, scene.patience / 2)
    if addresses is None:
        return
    sighting.saw(
        "resolves",
        bool(addresses),
        f"The name {endpoint.host} {'is known' if addresses else 'is not known'} here.",
        f"호스트 이름 {endpoint.host}을(를) 주소로 변환할 수 {'있습니다' if addresses else '없습니다'}.",
    )
    if not addresses:
        sighting.saw("speaks", "not-tried")
        return
    _spoken("speaks", endpoint.host, endpoint.port, scene, sighting)
    if other := _OTHER_PORT.get(endpoint.port):
        _spoken("speaks_on_other_port", endpoint.host, other, scene, sighting)


def _spoken(fact: str, host: str, port: int, scene: Scene, sighting: Sighting) -> None:
    word = spoken_at(host, port, scene.patience / 4)
    told = {"where": f"{host}:{port}"}
    sighting.saw(fact, word, _SPOKEN[word].english.format(**told), _SPOKEN[word].korean.format(**told))
