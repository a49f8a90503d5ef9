"""The variables that name credentials and where they lie: read as docker reads them, never shown."""

import asyncio
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from wharf.credentials.places import RUNTIME_VARIABLE
from wharf.credentials.variable import VARIABLE
from wharf.doctor.ground.docker_config import flaw_of
from wharf.doctor.scene import Scene
from wharf.doctor.seen import Seen, Sighting

_TRUST: Final = "DOCKER_CONTENT_TRUST"
_TRUST_SERVER: Final = "DOCKER_CONTENT_TRUST_SERVER"
_YES: Final = frozenset({"1", "t", "true"})
_FLAWS: Final = {
    "not-json": (f"{VARIABLE} is not one JSON object.", f"{VARIABLE}의 값이 하나의 JSON 객체가 아닙니다."),
    "unknown-entry": (
        f"{VARIABLE} holds something beside `auths` with `auth`.",
        f"{VARIABLE}에 `auths`의 `auth` 외의 항목이 있습니다.",
    ),
    "bad-auth": (
        f"An `auth` in {VARIABLE} is absent, or is not base64 of NAME:TOKEN.",
        f"{VARIABLE}의 `auth`가 없거나 `이름:토큰`의 base64가 아닙니다.",
    ),
}


async def look(scene: Scene) -> Seen:
    return await asyncio.to_thread(_looked, scene)


def _looked(scene: Scene) -> Seen:
    sighting, environ = Sighting("variables"), scene.environ
    sighting.saw("docker_config", bool(environ.get("DOCKER_CONFIG")))
    is_on, has_server = environ.get(_TRUST, "").lower() in _YES, bool(environ.get(_TRUST_SERVER))
    sighting.saw("content_trust", is_on, *(_set_to(_TRUST) if is_on else ("", "")))
    sighting.saw("content_trust_server", has_server, *(_set_to(_TRUST_SERVER) if has_server else ("", "")))
    _see_auth_config(environ, sighting)
    runtime = environ.get(RUNTIME_VARIABLE, "")
    is_missing = bool(runtime) and "\0" not in runtime and not Path(runtime).is_dir()
    sighting.saw(
        "runtime_folder_missing",
        is_missing,
        f"{RUNTIME_VARIABLE} names {runtime}, which is not there."
        if is_missing
        else f"{RUNTIME_VARIABLE} names no folder that is missing.",
        f"{RUNTIME_VARIABLE}이 지정한 {runtime} 폴더가 없습니다."
        if is_missing
        else f"{RUNTIME_VARIABLE}이 없는 폴더를 지정하고 있지 않습니다.",
    )
    return sighting.done()


def _see_auth_config(environ: Mapping[str, str], sighting: Sighting) -> None:
    text = environ.get(VARIABLE, "")
    flaw = flaw_of_variable(text) if text else ""
    sighting.saw("docker_auth_config", "refused" if flaw else "fine" if text else "absent")
    if flaw:
        sighting.saw("docker_auth_config_flaw", flaw, *_FLAWS[flaw])


def flaw_of_variable(text: str) -> str:
    """Docker takes auths with auth in each, and nothing else beside them."""
    try:
        value: object = json.loads(text)
    except (ValueError, RecursionError):
        return "not-json"
    if not isinstance(value, dict):
        return "not-json"
    if any(name.lower() != "auths" for name in value):
        return "unknown-entry"
    return next((flaw for auths in value.values() for flaw in _flaws_of_auths(auths)), "")


def _flaws_of_auths(auths: object) -> list[str]:
    if not isinstance(auths, dict):
        return ["not-json"]
    return [flaw for entry in auths.values() if (flaw := _flaw_of_entry(entry))]


def _flaw_of_entry(entry: object) -> str:
    if not isinstance(entry, dict):
        return "not-json"
    if any(name.lower() != "auth" for name in entry):
        return "unknown-entry"
    auth = next(iter(entry.values()), None)
    return "" if isinstance(auth, str) and auth and not flaw_of(auth) else "bad-auth"


def _set_to(variable: str) -> tuple[str, str]:
    return f"{variable} is set.", f"{variable} 변수가 설정되어 있습니다."
