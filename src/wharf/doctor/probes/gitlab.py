"""GitLab as this machine sees it: the variables of a job, and the settings of a runner, if one lives here."""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from wharf.doctor.ground.small_file import beginning_of, is_there, of_system
from wharf.doctor.scene import Scene
from wharf.doctor.seen import Seen, Sighting
from wharf.errors import MalformedFile
from wharf.formats.gitlab.runner import Runners, parse_runners
from wharf.formats.text import Text

_RUNNER_SETTINGS: Final = ("/etc/gitlab-runner/config.toml", "/srv/gitlab-runner/config/config.toml")
_OF_AN_ACCOUNT: Final = ".gitlab-runner/config.toml"
_EXECUTORS_WITH_IMAGES: Final = frozenset(
    {"docker", "docker+machine", "docker-autoscaler", "docker-windows", "kubernetes"}
)


async def look(scene: Scene) -> Seen:
    return await asyncio.to_thread(_looked, scene)


def _looked(scene: Scene) -> Seen:
    sighting = Sighting("gitlab")
    _see_variables(scene.environ, sighting)
    _see_runner(scene, sighting)
    return sighting.done()


def _see_variables(environ: Mapping[str, str], sighting: Sighting) -> None:
    if not environ.get("GITLAB_CI"):
        sighting.saw("registry_variables", "not-a-job")
    elif not environ.get("CI_REGISTRY"):
        sighting.saw("registry_variables", "no-registry", "CI_REGISTRY is empty.", "CI_REGISTRY가 비어 있습니다.")
    elif not environ.get("CI_REGISTRY_PASSWORD"):
        empty = ("CI_REGISTRY_PASSWORD is empty.", "CI_REGISTRY_PASSWORD가 비어 있습니다.")
        sighting.saw("registry_variables", "no-password", *empty)
    else:
        sighting.saw("registry_variables", "complete")


def _see_runner(scene: Scene, sighting: Sighting) -> None:
    file = _settings_of_runner(scene)
    if file is None:
        absent = ("No config.toml of a runner is on this machine.", "이 컴퓨터에 러너의 config.toml이 없습니다.")
        sighting.saw("runner_config", "absent", *absent)
        return
    content = beginning_of(file)
    if content is None:
        sighting.saw("runner_config", "unreadable", f"{file} cannot be read.", f"{file}을 읽을 수 없습니다.")
        return
    try:
        _see_settings(file, parse_runners(Text.of_file(str(file), content)), sighting)
    except MalformedFile as problem:
        told = (f"{file} is no TOML in line {problem.line}.", f"{file}의 {problem.line}번째 줄이 TOML 형식이 아닙니다.")
        sighting.saw("runner_config", "not-toml", *told)


def _settings_of_runner(scene: Scene) -> Path | None:
    places = [*(of_system(scene, path) for path in _RUNNER_SETTINGS), scene.home / _OF_AN_ACCOUNT]
    return next((place for place in places if is_there(place)), None)


def _see_settings(file: Path, settings: Runners, sighting: Sighting) -> None:
    if settings.repeated:
        twice = settings.repeated[0]
        name = ".".join(str(part) for part in twice.second.path if not isinstance(part, int))
        sighting.saw(
            "runner_config",
            "repeated-key",
            f"{name} stands in lines {twice.first.span.line} and {twice.second.span.line} of {file}.",
            f"{file}의 {twice.first.span.line}번째 줄과 {twice.second.span.line}번째 줄에 {name}이(가) 있습니다.",
        )
        return
    sighting.saw("runner_config", "whole", f"{file} is well-formed.", f"{file}의 형식이 올바릅니다.")
    restricts = any(runner.executor in _EXECUTORS_WITH_IMAGES for runner in settings.runners)
    sighting.saw("runner_restricts", restricts, *(_RESTRICTS if restricts else ("", "")))


_RESTRICTS: Final = (
    "A runner on this machine starts images for jobs, by its own rules.",
    "이 컴퓨터의 러너가 자체 규칙에 따라 작업 이미지를 실행합니다.",
)
