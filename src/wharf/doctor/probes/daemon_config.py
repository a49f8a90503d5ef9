"""dockerd's daemon.json, beside what dockerd itself has loaded."""

import asyncio
import re
from collections.abc import Mapping
from typing import Final

from wharf.doctor.engines.daemon_file import DaemonFile, Form, daemon_file_of, given_twice
from wharf.doctor.engines.session import usual_session
from wharf.doctor.engines.settings_in_force import insecure_names, insecure_networks, is_listed, mirrors
from wharf.doctor.language import Words
from wharf.doctor.scene import Scene
from wharf.doctor.seen import Seen, Sighting

_INSECURE: Final = "insecure-registries"
_MIRRORS: Final = "registry-mirrors"
_is_host = re.compile(r"(?:[\w.-]+|\[[0-9a-fA-F:.]+\])(?::[0-9]{1,5})?|[0-9a-fA-F.:]+/[0-9]{1,3}").fullmatch
_FORMS: Final[Mapping[Form, Words]] = {
    Form.WHOLE: Words("{file} can be read.", "{file}을(를) 읽을 수 있습니다."),
    Form.EMPTY: Words(
        "{file} is empty, which older versions of dockerd refuse.",
        "{file}이(가) 비어 있으며, 이전 버전의 dockerd는 이를 거부합니다.",
    ),
    Form.NOT_JSON: Words("{file} is not JSON: {wrong}.", "{file}이(가) 올바른 JSON이 아닙니다: {wrong}."),
    Form.BYTE_ORDER_MARK: Words(
        "{file} begins with a byte order mark, which older versions of dockerd do not read.",
        "{file}이(가) BOM으로 시작하며, 이전 버전의 dockerd는 이를 읽지 못합니다.",
    ),
    Form.UNKNOWN_KEY: Words(
        "{file} has the key {wrong}, which dockerd does not know.",
        "{file}에 dockerd가 모르는 키 {wrong}이(가) 있습니다.",
    ),
    Form.WRONG_TYPE: Words(
        "In {file} the value of {wrong} is of another type than dockerd asks for.",
        "{file}에서 {wrong} 값의 형식이 dockerd가 요구하는 형식과 다릅니다.",
    ),
    Form.UNREADABLE: Words("{file} cannot be read by this account.", "현재 계정은 {file}을(를) 읽을 수 없습니다."),
}


async def look(scene: Scene) -> Seen:
    return await asyncio.to_thread(_looked, scene)


def _looked(scene: Scene) -> Seen:
    sighting = Sighting("daemon-config")
    file = daemon_file_of(scene)
    sighting.saw("present", file is not None, *_presence(file))
    if file is None:
        _nothing_said(scene, sighting)
        return sighting.done()
    words = _FORMS[file.form]
    told = {"file": file.path, "wrong": file.where_wrong or "its form"}
    sighting.saw("form", file.form.value, words.english.format(**told), words.korean.format(**told))
    if file.form in {Form.WHOLE, Form.UNKNOWN_KEY, Form.WRONG_TYPE}:
        _registries(file, scene, sighting)
        _twice(file, scene, sighting)
        _loaded(file, scene, sighting)
    return sighting.done()


def _presence(file: DaemonFile | None) -> tuple[str, str]:
    if file is None:
        return "There is no daemon.json on this machine.", "이 컴퓨터에 daemon.json이 없습니다."
    return f"dockerd's settings lie in {file.path}.", f"dockerd의 설정 파일은 {file.path}입니다."


def _nothing_said(scene: Scene, sighting: Sighting) -> None:
    facts = ["mirrors", "insecure_malformed", "not_loaded", "conflicts_with_flags"]
    for fact in [*facts, *(["insecure_here"] if scene.aim.registry else [])]:
        sighting.saw(fact, False, *_presence(None))  # noqa: FBT003 - it is the fact's value


def _registries(file: DaemonFile, scene: Scene, sighting: Sighting) -> None:
    listed = file.words(_INSECURE)
    malformed = next((entry for entry in listed if not _is_host(entry)), None)
    wrong, told = (malformed or "").rpartition("@")[2], malformed is not None
    sighting.saw("mirrors", bool(file.words(_MIRRORS)))
    sighting.saw(
        "insecure_malformed",
        told or file.where_wrong == _INSECURE,
        f"Under insecure-registries there is {wrong!r}, which is not HOST, HOST:PORT or a network." if told else "",
        f"insecure-registries의 {wrong!r}은(는) HOST, HOST:PORT, 네트워크 형식이 아닙니다." if told else "",
    )
    if registry := scene.aim.registry:
        here = is_listed(registry, listed)
        sighting.saw(
            "insecure_here",
            here,
            f"{file.path} {'names' if here else 'does not name'} {registry} under insecure-registries.",
            f"{file.path}의 insecure-registries에 {registry}이(가) {'있습니다' if here else '없습니다'}.",
        )


def _twice(file: DaemonFile, scene: Scene, sighting: Sighting) -> None:
    key = given_twice(file, scene)
    sighting.saw(
        "conflicts_with_flags",
        bool(key),
        f"{key} stands in {file.path} and is given to dockerd as a flag as well."
        if key
        else f"No key of {file.path} is given to a dockerd of this machine as a flag as well.",
        f"{key}이(가) {file.path}에 있고 dockerd의 플래그로도 지정되어 있습니다."
        if key
        else f"{file.path}의 키 중 이 컴퓨터의 dockerd에 플래그로도 지정된 것은 없습니다.",
    )


def _loaded(file: DaemonFile, scene: Scene, sighting: Sighting) -> None:
    """Beside a dockerd of this machine that answers; of another one the file says nothing."""
    session = usual_session(scene)
    info = session.info() if session and session.kind == "docker" and session.is_local else {}
    if not info:
        return
    known = {*insecure_names(info), *insecure_networks(info)}
    in_force = {address.rstrip("/") for address in mirrors(info)}
    missing = [entry for entry in file.words(_INSECURE) if _is_host(entry) and entry not in known]
    missing += [entry for entry in file.words(_MIRRORS) if entry.rstrip("/") not in in_force]
    sighting.saw(
        "not_loaded",
        bool(missing),
        f"dockerd has not loaded all that {file.path} says of registries." if missing else "",
        f"{file.path}의 레지스트리 설정 중 dockerd가 아직 읽지 않은 것이 있습니다." if missing else "",
    )
