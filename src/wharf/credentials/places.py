"""Where credentials are kept on a machine, by the rules of its platform and the variables of whoever asks.

Paths in, paths out, and no disk: `PureWindowsPath` tells about Windows on any machine. Platforms are called as
`sys.platform` calls them: linux, darwin, win32.
"""

import os
from collections.abc import Callable, Mapping
from pathlib import PurePath
from typing import TypeVar

P = TypeVar("P", bound=PurePath)

WINDOWS = "win32"
MACOS = "darwin"
CONFIG_NAME = "config.json"
RUNTIME_VARIABLE = "XDG_RUNTIME_DIR"
EXCLUSIVE_VARIABLE = "REGISTRY_AUTH_FILE"


def docker_config(environ: Mapping[str, str], home: P) -> P:
    folder = environ.get("DOCKER_CONFIG")
    return (type(home)(folder) if folder else home / ".docker") / CONFIG_NAME


def containers_files(environ: Mapping[str, str], home: P, platform: str, uid: int) -> tuple[P, ...]:
    """In the order in which podman, skopeo and buildah look; ~/.dockercfg, the last, has a form of its own."""
    if only := environ.get(EXCLUSIVE_VARIABLE):
        return (type(home)(only),)
    configured = environ.get("XDG_CONFIG_HOME")
    config_home = type(home)(configured) if configured else home / ".config"
    found = (
        _written_first(environ, home, platform, uid),
        config_home / "containers" / "auth.json",
        docker_config(environ, home),
        home / ".dockercfg",
    )
    return tuple(dict.fromkeys(found))


def own_uid() -> int:
    """On Windows there is none."""
    return os.getuid() if hasattr(os, "getuid") else 0


def _written_first(environ: Mapping[str, str], home: P, platform: str, uid: int) -> P:
    if platform in {WINDOWS, MACOS}:
        return home / ".config" / "containers" / "auth.json"
    runtime = environ.get(RUNTIME_VARIABLE)
    folder = type(home)(runtime) / "containers" if runtime else type(home)(f"/run/containers/{uid}")
    return folder / "auth.json"


def default_helper(platform: str, is_there: Callable[[str], bool]) -> str:
    """The helper that docker takes by itself where a config says nothing of credentials, if its program is there."""
    helper = _of_platform(platform, is_there)
    return helper if helper and is_there(f"docker-credential-{helper}") else ""


def _of_platform(platform: str, is_there: Callable[[str], bool]) -> str:
    if platform == MACOS:
        return "osxkeychain"
    if platform == WINDOWS:
        return "wincred"
    if platform != "linux":
        return ""
    return "pass" if is_there("pass") else "secretservice"


def told(path: PurePath, home: PurePath) -> str:
    """The path as a person calls it: with ~ for their folder. A shell may have left a ~ as it was, which is none."""
    if home.parts and home != type(home)(home.anchor) and path.is_relative_to(home):
        return f"~/{path.relative_to(home).as_posix()}"
    return f"./{path.as_posix()}" if str(path).startswith("~") else str(path)
