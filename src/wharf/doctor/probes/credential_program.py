"""The credential helper that docker asks for the registry: looked for, and asked for what it has, never to store."""

import asyncio
import errno
import json
from dataclasses import dataclass
from typing import Final

from wharf.credentials.keys import docker_key
from wharf.credentials.native import PREFIX
from wharf.credentials.programs import Outcome, find_program, run_program
from wharf.doctor.ground.docker_config import DockerConfig, config_of_scene, makes_logins, setting_of
from wharf.doctor.ground.small_file import beginning_of, of_system
from wharf.doctor.ground.without_secrets import without_secrets
from wharf.doctor.probes.machine import is_wsl
from wharf.doctor.scene import Scene
from wharf.doctor.seen import Seen, Sighting
from wharf.errors import shown

_NO_ENTRY: Final = "credentials not found in native keychain"
_STORES: Final = frozenset({"desktop", "osxkeychain", "wincred", "pass", "secretservice", "wincred.exe", "desktop.exe"})
_OBSTACLES: Final = {
    errno.ENOEXEC: "other-format",
    errno.EINVAL: "other-format",
    errno.ENOENT: "interpreter-missing",
    errno.EACCES: "not-permitted",
    errno.EPERM: "not-permitted",
}
_NO_PROMPT: Final = {"PASSWORD_STORE_GPG_OPTS": "--batch --pinentry-mode cancel"}
"""The helper `pass` asks nobody for a passphrase then: this is a question, not a login."""
_INTEROP: Final = ("/proc/sys/fs/binfmt_misc/WSLInterop", "/proc/sys/fs/binfmt_misc/WSLInterop-late")


@dataclass(frozen=True, slots=True)
class _Answer:
    """`word` as the fact `credential-program.outcome` says it."""

    word: str
    english: str = ""
    korean: str = ""
    obstacle: str = ""


async def look(scene: Scene) -> Seen:
    return await asyncio.to_thread(_looked, scene)


def _looked(scene: Scene) -> Seen:
    sighting = Sighting("credential-program")
    config = config_of_scene(scene)
    name = scene.aim.helper or config.helper_for(scene.aim.registry, setting_of(scene))
    if is_wsl(scene):
        _see_interop(scene, sighting)
    if name and (config.found.raw is not None or config.found.is_missing):
        _see_whether_it_is_named(scene, config, name, sighting)
    if name:
        _see_helper(scene, name, sighting)
    elif config.found.raw is not None or config.found.is_missing:
        sighting.saw("outcome", "none", "No helper is configured here.", "설정된 자격 증명 도우미가 없습니다.")
    return sighting.done()


def _see_whether_it_is_named(scene: Scene, config: DockerConfig, wanted: str, sighting: Sighting) -> None:
    """What the settings of podman name counts as well: their text is the same."""
    named = {config.helper_for(scene.aim.registry, setting_of(scene)), *config.config.cred_helpers.values()}
    texts = (scene.home / ".config/containers/registries.conf", of_system(scene, "/etc/containers/registries.conf"))
    is_named = wanted in named or any(f'"{wanted}"' in (beginning_of(path) or "") for path in texts)
    sighting.saw(
        "named_here",
        is_named,
        f"By {config.place} this account {'uses' if is_named else 'does not use'} the helper {shown(wanted)}.",
        f"{config.place}에 따르면 이 계정은 도우미 {shown(wanted)}을(를) "
        + ("사용합니다." if is_named else "사용하지 않습니다."),
    )


def _see_helper(scene: Scene, name: str, sighting: Sighting) -> None:
    sighting.saw("name", name)
    if makes_logins(name) or name in _STORES:
        sighting.saw("supports_store", not makes_logins(name))
    program = f"{PREFIX}{name}"
    found = find_program(program, scene.environ, scene.platform)
    sighting.saw("on_path", found.path is not None, *_placed(program, str(found.path or ""), found.instead))
    if found.path is not None:
        answer = _asked(scene, program, name)
        sighting.saw("outcome", answer.word, answer.english, answer.korean)
        if answer.obstacle:
            sighting.saw("obstacle", answer.obstacle, answer.english, answer.korean)
    else:
        sighting.saw("outcome", "not-runnable", *_placed(program, "", found.instead))


def _placed(program: str, path: str, instead: str) -> tuple[str, str]:
    if path:
        return f"{program} is {path}.", f"{program}의 위치는 {path}입니다."
    return (
        f"There is no {shown(program)} on PATH" + (f": {instead}." if instead else "."),
        f"PATH에 {shown(program)} 프로그램이 없습니다" + (f"({instead})." if instead else "."),
    )


def _asked(scene: Scene, program: str, name: str) -> _Answer:
    """For the registry that this is about; else for the list of what it has, which holds no secrets."""
    path = find_program(program, scene.environ, scene.platform).path
    registry = scene.aim.registry
    action, given = ("get", docker_key(registry)) if registry else ("list", "")
    environ = {**scene.environ, **(_NO_PROMPT if name == "pass" else {})}
    assert path is not None
    try:
        outcome = run_program(path, action, given.encode(), environ, scene.patience)
    except (OSError, ValueError) as problem:
        return _unstartable(program, problem)
    if outcome.code is None:
        return _Answer(
            "failed" if outcome.flooded else "hung",
            f"{program} {action} did not answer within {scene.patience:g} seconds.",
            f"{program} {action} 명령이 {scene.patience:g}초 안에 응답하지 않았습니다.",
        )
    return _answer(program, action, outcome) if outcome.code == 0 else _failure(program, action, outcome)


def _unstartable(program: str, problem: OSError | ValueError) -> _Answer:
    reason = (getattr(problem, "strerror", None) or "it cannot be started").lower()
    obstacle = _OBSTACLES.get(getattr(problem, "errno", None) or 0, "")
    if obstacle == "interpreter-missing":
        reason = "the interpreter that its first line names, or its loader, is not here"
    return _Answer(
        "not-runnable" if obstacle else "failed",
        f"{program} cannot be started: {reason}.",
        f"{program} 프로그램을 시작할 수 없습니다({reason}).",
        obstacle,
    )


def _answer(program: str, action: str, outcome: Outcome) -> _Answer:
    """What it says well is secret, and is not looked at further than whether it is there."""
    try:
        said = json.loads(outcome.out)
    except (ValueError, RecursionError):
        said = None
    is_whole = isinstance(said, dict) and (action == "list" or bool(said.get("Secret")))
    if is_whole:
        return _Answer("answered", f"{program} {action} answered.", f"{program} {action} 명령이 응답했습니다.")
    return _Answer(
        "empty",
        f"{program} {action} ended well and gave no login.",
        f"{program} {action} 명령이 오류 없이 끝났지만 로그인 정보를 주지 않았습니다.",
    )


def _failure(program: str, action: str, outcome: Outcome) -> _Answer:
    said = " ".join(f"{_text(outcome.out)} {_text(outcome.err)}".split())
    if said.casefold() == _NO_ENTRY:
        return _Answer(
            "not-found", f"{program} has no entry for this registry.", f"{program}에 이 레지스트리의 항목이 없습니다."
        )
    told = without_secrets(said)
    return _Answer(
        "failed" if said else "empty",
        f"{program} {action} failed with exit code {outcome.code}" + (f": {told}" if told else "."),
        f"{program} {action} 명령이 종료 코드 {outcome.code}로 실패했습니다" + (f": {told}" if told else "."),
    )


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace").replace("\0", "")


def _see_interop(scene: Scene, sighting: Sighting) -> None:
    texts = [beginning_of(of_system(scene, path)) for path in _INTEROP]
    sighting.saw("interop", any(text.startswith("enabled") for text in texts if text))
