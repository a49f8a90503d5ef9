"""Runners of GitLab as their `config.toml` sets them up: on what jobs run, and what they may do there."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from wharf.formats.span import Span
from wharf.formats.text import Text
from wharf.formats.toml.parse import Path, Repeated, Setting, Toml, parse_toml

_SECTION: Final = "runners"
_SOCKET: Final = "/var/run/docker.sock"
_CERTIFICATES: Final = "/certs/client"


@dataclass(frozen=True)
class Runner:
    name: str
    span: Span
    executor: str = ""
    """Empty, where only a part of the file is shown."""
    privileged: Setting | None = None
    volumes: Setting | None = None
    environment: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    settings: tuple[Setting, ...] = ()

    @property
    def is_of_docker(self) -> bool:
        return self.executor in {"docker", "docker+machine", "docker-autoscaler"} or (
            not self.executor and any("docker" in setting.path for setting in self.settings)
        )

    @property
    def is_privileged(self) -> bool:
        return self.privileged is not None and self.privileged.value is True

    @property
    def binds_socket(self) -> bool:
        return any(volume.partition(":")[0] == _SOCKET for volume in _words(self.volumes))

    @property
    def shares_certificates(self) -> bool:
        volumes = _words(self.volumes)
        return any(_CERTIFICATES in volume.split(":") or volume == "/certs" for volume in volumes)


@dataclass(frozen=True)
class Runners:
    file: str
    runners: tuple[Runner, ...] = ()
    repeated: tuple[Repeated, ...] = ()


def is_about_runners(text: Text) -> bool:
    """Many programs have a `config.toml`."""
    return any(line.lstrip().startswith(("[[runners]]", "[runners.", "[[runners.")) for line in text.flat.split("\n"))


def parse_runners(text: Text) -> Runners:
    """MalformedFile."""
    toml = parse_toml(text)
    file = text.span.file if text.span else ""
    return Runners(file, tuple(_runner(toml, path) for path in _places(toml)), toml.repeated)


def _places(toml: Toml) -> list[Path]:
    within: list[Path] = [table.path for table in toml.tables if table.path[0] == _SECTION]
    many: list[Path] = [path for path in within if len(path) == 2 and isinstance(path[1], int)]
    return many or [path[:1] for path in within[:1]]


def _runner(toml: Toml, path: Path) -> Runner:
    own = tuple(setting for setting in toml.settings if setting.path[: len(path)] == path)
    by_path = {setting.path[len(path) :]: setting for setting in own}
    span = next(table.span for table in toml.tables if table.path[: len(path)] == path)
    name, executor = by_path.get(("name",)), by_path.get(("executor",))
    kind = "kubernetes" if executor and executor.value == "kubernetes" else "docker"
    return Runner(
        name=str(name.value) if name else "",
        span=span,
        executor=str(executor.value) if executor else "",
        privileged=by_path.get((kind, "privileged")),
        volumes=by_path.get((kind, "volumes")),
        environment=tuple(_words(by_path.get(("environment",)))),
        services=tuple(_services(by_path.items(), kind)),
        settings=own,
    )


def _services(settings: Iterable[tuple[Path, Setting]], kind: str) -> list[str]:
    return [
        str(setting.value)
        for path, setting in settings
        if path[:2] == (kind, "services") and path[-1] in {"name", "alias"}
    ]


def _words(setting: Setting | None) -> list[str]:
    value = setting.value if setting else None
    return [str(each) for each in value] if isinstance(value, list) else []
