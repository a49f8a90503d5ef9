"""The container engine of this machine, looked at as the docker command reaches it."""

import asyncio
import sys
from typing import Final

from wharf.doctor.engines.conversation import Trouble, pipe_trouble
from wharf.doctor.engines.elsewhere import answering_elsewhere, command_lines, is_installed
from wharf.doctor.engines.endpoint import Endpoint, Found, Route, endpoint_of
from wharf.doctor.engines.holders import (
    Holder,
    holder_of_name,
    holder_of_port,
    state_of,
    wanted_container,
    wanted_name,
    wanted_port,
)
from wharf.doctor.engines.membership import standing_in_group
from wharf.doctor.engines.session import EngineSession, entered, keeps_manifests
from wharf.doctor.engines.settings_in_force import has_mirrors, is_insecure
from wharf.doctor.engines.versions import client_version
from wharf.doctor.engines.words import HELD, IN_GROUP, NAMED_BY, OUTCOMES, PORT_HELD, STANDING
from wharf.doctor.scene import Scene
from wharf.doctor.seen import Seen, Sighting
from wharf.errors import Malformed
from wharf.oci.platform import Platform

_ASKED: Final = frozenset({Route.SOCKET, Route.TCP})


async def look(scene: Scene) -> Seen:
    return await asyncio.to_thread(_looked, scene)


def _looked(scene: Scene) -> Seen:
    sighting = Sighting("engine")
    found = endpoint_of(scene)
    _where(found, sighting)
    session = _met(found.endpoint, scene, sighting) if found.endpoint else None
    _surroundings(found.endpoint, scene, sighting)
    if session is None:
        _way_in(found.endpoint, scene, sighting)
    else:
        _what_it_is(session, sighting)
        _settings(session, scene, sighting)
        _image(session, scene, sighting)
    _holders(scene, session, sighting)
    return sighting.done()


def _where(found: Found, sighting: Sighting) -> None:
    words = NAMED_BY[found.named_by]
    address = found.endpoint.text if found.endpoint else ""
    told = {"address": address, "context": found.context}
    sighting.saw("from", found.named_by.value, words.english.format(**told), words.korean.format(**told))
    if found.endpoint:
        sighting.saw(
            "address",
            found.endpoint.route.value,
            f"The engine's address here is {address}.",
            f"현재 환경의 엔진 주소는 {address}입니다.",
        )


def _met(endpoint: Endpoint, scene: Scene, sighting: Sighting) -> EngineSession | None:
    if endpoint.route is Route.PIPE and endpoint.path and sys.platform == "win32":
        if word := pipe_trouble(endpoint.path):
            _outcome(word, endpoint, sighting)
        return None
    if endpoint.route not in _ASKED:
        return None
    try:
        session = entered(endpoint, scene.patience)
    except Trouble as trouble:
        _outcome(trouble.word, endpoint, sighting, trouble.detail)
        return None
    _outcome("version-refused" if _versions(session, scene, sighting) else "answers", endpoint, sighting)
    return session


def _outcome(word: str, endpoint: Endpoint, sighting: Sighting, detail: str = "") -> None:
    words = OUTCOMES[word]
    more = f" ({detail})" if detail else ""
    told = {"address": endpoint.text, "more": more}
    sighting.saw("outcome", word, words.english.format(**told), words.korean.format(**told))


# --- which versions it speaks ----------------------------------------------------------------------------------------


def _versions(session: EngineSession, scene: Scene, sighting: Sighting) -> bool:
    """Whether the client is refused because of its version."""
    client = client_version(scene)
    if client is None:
        return False
    too_old, too_new = client.is_older_than_any(session), client.is_newer_than_all(session)
    least, most = session.version.get("MinAPIVersion", "?"), session.version.get("ApiVersion", "?")
    english = f"The client speaks API version {client.text}; the engine speaks {least} to {most}."
    korean = f"클라이언트의 API 버전은 {client.text}이고, 엔진은 {least}부터 {most}까지 지원합니다."
    sighting.saw("client_too_old", too_old, english, korean)
    sighting.saw("client_too_new", too_new, english, korean)
    return too_old or too_new


def _what_it_is(session: EngineSession, sighting: Sighting) -> None:
    version, api = session.version.get("Version", ""), session.version.get("ApiVersion", "")
    sighting.saw("kind", session.kind)
    sighting.saw("version", str(version), f"The engine's version is {version}.", f"엔진 버전은 {version}입니다.")
    sighting.saw("api_version", str(api))
    sighting.saw(
        "platform",
        session.platform,
        f"The engine runs on {session.platform}.",
        f"엔진의 플랫폼은 {session.platform}입니다.",
    )


# --- what it is set to -----------------------------------------------------------------------------------------------


def _settings(session: EngineSession, scene: Scene, sighting: Sighting) -> None:
    info = session.info()
    if not info:
        return
    driver = str(info.get("Driver", ""))
    sighting.saw(
        "storage", driver, f"The engine stores images with {driver}.", f"엔진의 스토리지 드라이버는 {driver}입니다."
    )
    sighting.saw("containerd_store", keeps_manifests(info))
    sighting.saw("rootless", "rootless" in str(info.get("SecurityOptions", "")))
    sighting.saw("has_mirror", has_mirrors(info))
    if scene.aim.registry and session.kind == "docker":
        _insecure(info, scene.aim.registry, sighting)


def _insecure(info: dict[str, object], registry: str, sighting: Sighting) -> None:
    insecure = is_insecure(info, registry)
    sighting.saw(
        "insecure_here",
        insecure,
        f"The engine {'takes' if insecure else 'does not take'} {registry} for one of its insecure registries.",
        f"엔진의 insecure-registries에 {registry}이(가) {'포함되어 있습니다' if insecure else '없습니다'}.",
    )


# --- what it has -----------------------------------------------------------------------------------------------------


def _image(session: EngineSession, scene: Scene, sighting: Sighting) -> None:
    reference = scene.aim.reference
    answer = session.image(str(reference.with_default_tag())) if reference else None
    if reference is None or answer is None or answer.status not in {200, 404}:
        return
    there = answer.status == 200
    sighting.saw(
        "has_image",
        there,
        f"The engine {'has' if there else 'does not have'} the image {reference}.",
        f"엔진에 이미지 {reference}이(가) {'있습니다' if there else '없습니다'}.",
    )
    if there:
        _fit(answer.said, session, scene, sighting)


def _fit(image: dict[str, object], session: EngineSession, scene: Scene, sighting: Sighting) -> None:
    built = _platform(f"{image.get('Os')}/{image.get('Architecture')}{_variant(image)}")
    wanted = _platform(scene.aim.platform or session.platform)
    if built is None or wanted is None:
        return
    sighting.saw(
        "image_fits",
        built.matches(wanted),
        f"The image in the engine is built for {built}; {wanted} is wanted.",
        f"엔진에 있는 이미지의 플랫폼은 {built}이고, 필요한 플랫폼은 {wanted}입니다.",
    )


def _variant(image: dict[str, object]) -> str:
    return f"/{image['Variant']}" if image.get("Variant") else ""


def _platform(text: str) -> Platform | None:
    try:
        return Platform.parse(text)
    except Malformed:
        return None


def _holders(scene: Scene, session: EngineSession | None, sighting: Sighting) -> None:
    if (name := wanted_name(scene)) and session and (holder := holder_of_name(name, session)):
        words = HELD[holder.kind]
        sighting.saw("name_taken", holder.kind, words.english.format(name), words.korean.format(name))
    if (container := wanted_container(scene)) and session and (state := state_of(container, session)):
        words = STANDING[state]
        sighting.saw("container", state, words.english.format(container), words.korean.format(container))
    if port := wanted_port(scene):
        _port(port, holder_of_port(port, scene, session), sighting)


def _port(port: int, holder: Holder | None, sighting: Sighting) -> None:
    if holder is None:
        return
    words = PORT_HELD[holder.kind]
    told = {"port": port, "who": holder.who}
    sighting.saw("port_taken", holder.kind, words.english.format(**told), words.korean.format(**told))


# --- what lies around it ---------------------------------------------------------------------------------------------


def _surroundings(endpoint: Endpoint | None, scene: Scene, sighting: Sighting) -> None:
    installed, runs = is_installed(scene), any(command_lines(scene))
    sighting.saw(
        "installed",
        installed,
        f"A container engine is {'installed' if installed else 'not installed'} on this machine.",
        f"이 컴퓨터에 컨테이너 엔진이 {'설치되어 있습니다' if installed else '설치되어 있지 않습니다'}.",
    )
    sighting.saw(
        "process",
        runs,
        f"A container engine {'runs' if runs else 'does not run'} as a process of this machine.",
        f"이 컴퓨터에서 컨테이너 엔진 프로세스가 {'실행 중입니다' if runs else '실행되고 있지 않습니다'}.",
    )
    other = answering_elsewhere(scene, endpoint)
    sighting.saw(
        "other_socket_answers",
        bool(other),
        f"An engine answers at {other}." if other else "No engine answers at any other usual socket.",
        f"{other}에서 엔진이 응답합니다." if other else "다른 일반적인 소켓에서는 엔진이 응답하지 않습니다.",
    )


def _way_in(endpoint: Endpoint | None, scene: Scene, sighting: Sighting) -> None:
    standing = standing_in_group(scene, endpoint.path if endpoint else None)
    if standing is not None:
        word, group = standing
        words = IN_GROUP[word]
        sighting.saw("in_group", word, words.english.format(group), words.korean.format(group))
