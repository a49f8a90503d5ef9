"""BuildKit as buildx would use it from here: the chosen builder, its driver and settings, and what the kernel runs."""

import asyncio
import platform
from pathlib import Path
from typing import Final

from wharf.credentials.config_file import parse_config
from wharf.credentials.keys import docker_match
from wharf.credentials.places import CONFIG_NAME, docker_config
from wharf.doctor.engines.buildx import Builder, builder_of, trusts
from wharf.doctor.engines.endpoint import Route, endpoint_of
from wharf.doctor.engines.plugin import plugin_named
from wharf.doctor.engines.reading import read_small
from wharf.doctor.engines.session import keeps_manifests, usual_session
from wharf.doctor.engines.settings_in_force import is_insecure
from wharf.doctor.ground.account import account_named
from wharf.doctor.ground.small_file import beginning_of, is_there, of_system
from wharf.doctor.scene import Scene
from wharf.doctor.seen import Seen, Sighting
from wharf.errors import Malformed
from wharf.oci.platform import Platform

_DRIVERS: Final = frozenset({"docker", "docker-container", "kubernetes", "remote"})
_NEW_CACHE_SERVICE: Final = (0, 21)
"""Since then buildx speaks to GitHub's cache in the only way that is left."""
_BINFMT: Final = "/proc/sys/fs/binfmt_misc"
_QEMU: Final = {
    "amd64": "x86_64",
    "arm64": "aarch64",
    "arm": "arm",
    "386": "i386",
    "ppc64le": "ppc64le",
    "s390x": "s390x",
    "riscv64": "riscv64",
    "mips64le": "mips64el",
    "loong64": "loongarch64",
}
_RUNS_AS_WELL: Final = {("amd64", "386")}


async def look(scene: Scene) -> Seen:
    return await asyncio.to_thread(_looked, scene)


def _looked(scene: Scene) -> Seen:
    sighting = Sighting("builder")
    _plugin(scene, sighting)
    builder = builder_of(scene)
    if builder is not None:
        info = _info(scene) if builder.is_the_engines else {}
        _driver(builder, info, sighting)
        _registry(builder, info, scene, sighting)
    _account(scene, sighting)
    _emulation(scene, sighting)
    return sighting.done()


def _plugin(scene: Scene, sighting: Sighting) -> None:
    plugin = plugin_named("buildx", scene)
    english, korean = (
        (f"buildx lies at {plugin.path}.", f"buildx의 위치는 {plugin.path}입니다.")
        if plugin
        else ("The docker command has no plug-in buildx here.", "이 컴퓨터의 docker 명령에 buildx 플러그인이 없습니다.")
    )
    sighting.saw("installed", plugin is not None, english, korean)
    if plugin is None or plugin.number is None:
        return
    english, korean = f"buildx has the version {plugin.version}.", f"buildx 버전은 {plugin.version}입니다."
    sighting.saw("version", plugin.version, english, korean)
    sighting.saw("too_old_for_cache", plugin.number < _NEW_CACHE_SERVICE, english, korean)


def _info(scene: Scene) -> dict[str, object]:
    """What the engine says of itself, nothing where it does not answer."""
    session = usual_session(scene)
    return session.info() if session else {}


def _driver(builder: Builder, info: dict[str, object], sighting: Sighting) -> None:
    if builder.driver not in _DRIVERS:
        return
    sighting.saw(
        "driver",
        builder.driver,
        f"The builder that is used, {builder.name}, has the driver {builder.driver}.",
        f"사용 중인 빌더 {builder.name}의 드라이버는 {builder.driver}입니다.",
    )
    # The engine's own BuildKit does so where images lie in containerd's store, and builds for several platforms then.
    able = not builder.is_the_engines or keeps_manifests(info)
    if info or not builder.is_the_engines:
        sighting.saw("exports_cache", able)


def _registry(builder: Builder, info: dict[str, object], scene: Scene, sighting: Sighting) -> None:
    """dockerd's own settings count for its BuildKit; every other builder has settings of its own."""
    registry = scene.aim.registry
    if registry is not None and info:
        sighting.saw("speaks_http_here", is_insecure(info, registry))
    if registry is None or builder.driver not in {"docker-container", "kubernetes"}:
        return
    about, name = builder.about(registry), builder.name
    trusted, plain = trusts(about), about.get("http") is True
    sighting.saw(
        "trusts_registry",
        trusted,
        f"The settings of the builder {name} {'have' if trusted else 'have no'} certificates for {registry}.",
        f"빌더 {name}의 설정에 {registry}에 대한 인증서 설정이 {'있습니다' if trusted else '없습니다'}.",
    )
    sighting.saw(
        "speaks_http_here",
        plain,
        f"The settings of the builder {name} {'allow' if plain else 'do not allow'} plain HTTP with {registry}.",
        f"빌더 {name}의 설정이 {registry}에 대한 평문 HTTP를 {'허용합니다' if plain else '허용하지 않습니다'}.",
    )


# --- who logged in ---------------------------------------------------------------------------------------------------


def _account(scene: Scene, sighting: Sighting) -> None:
    """Known to differ where the account that called sudo has a login for the registry, and this one has none."""
    before = account_named(scene, scene.environ.get("SUDO_USER", ""))
    own = docker_config(scene.environ, scene.home)
    if before is None or not before.home:
        if not scene.environ.get("SUDO_USER"):
            sighting.saw("same_account", value=True)
        return
    other = of_system(scene, before.home) / ".docker" / CONFIG_NAME
    if other == own:
        sighting.saw("same_account", value=True)
    elif scene.aim.registry and _has_login(other, scene.aim.registry) and not _has_login(own, scene.aim.registry):
        sighting.saw(
            "same_account",
            value=False,
            english=f"{before.name} has a login for {scene.aim.registry}; the account behind sudo has none.",
            korean=f"{before.name} 계정에는 {scene.aim.registry}의 로그인 정보가 있으나, sudo 계정에는 없습니다.",
        )


def _has_login(file: Path, registry: str) -> bool:
    config = parse_config(read_small(file), str(file))
    return docker_match((*config.entries, *config.cred_helpers), registry, None) is not None


# --- what this machine runs ------------------------------------------------------------------------------------------


def _emulation(scene: Scene, sighting: Sighting) -> None:
    wanted = _wanted(scene)
    if wanted is None:
        return
    runs = _is_run(wanted, scene)
    if runs is not None:
        sighting.saw(
            "emulation",
            runs,
            f"The kernel {'runs' if runs else 'does not run'} programs for {wanted}.",
            f"이 커널은 {wanted}용 프로그램을 {'실행할 수 있습니다' if runs else '실행할 수 없습니다'}.",
        )


def _wanted(scene: Scene) -> Platform | None:
    try:
        return Platform.parse(scene.aim.platform) if scene.aim.platform else None
    except Malformed:
        return None


def _is_run(wanted: Platform, scene: Scene) -> bool | None:
    """None where the engine is on another machine, or the kernel's table of formats cannot be seen."""
    endpoint = endpoint_of(scene).endpoint
    own = Platform.of_machine(platform.machine())
    if endpoint is None or endpoint.route is not Route.SOCKET:
        return None
    if own.matches(wanted) or (own.architecture, wanted.architecture) in _RUNS_AS_WELL:
        return True
    formats = of_system(scene, _BINFMT)
    if not is_there(formats / "status"):
        return None
    return _is_on(formats, _QEMU.get(wanted.architecture, wanted.architecture))


def _is_on(formats: Path, processor: str) -> bool:
    everything = (beginning_of(formats / "status") or "").startswith("enabled")
    return everything and (beginning_of(formats / f"qemu-{processor}") or "").startswith("enabled")
