"""Where the docker command would look for its engine, by the rules by which it looks itself.

DOCKER_HOST comes first, then DOCKER_CONTEXT, then the context that config.json names, then the usual socket. With
DOCKER_TLS_VERIFY or DOCKER_TLS it speaks TLS over TCP, with the certificates of DOCKER_CERT_PATH.
"""

import hashlib
import re
from dataclasses import dataclass, replace
from enum import Enum
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

from wharf.credentials.places import WINDOWS, docker_config
from wharf.doctor.engines.reading import object_in, objects_of, read_small
from wharf.doctor.scene import Scene

USUAL_SOCKET: Final = "unix:///var/run/docker.sock"
USUAL_PIPE: Final = "npipe:////./pipe/docker_engine"
PLAIN_PORT: Final = 2375
TLS_PORT: Final = 2376
DEFAULT_CONTEXT: Final = "default"
CA_NAME: Final = "ca.pem"
CLIENT_NAMES: Final = ("cert.pem", "key.pem")
_HIGHEST_PORT: Final = 65_535
_named_in = re.compile(r"(?:\bat|socket:)\s+[\"'`]?((?:unix|tcp|npipe|ssh)://[^\s\"'`;,<>|]+)", re.IGNORECASE).search
_socket_in = re.compile(r"\bdial unix (/[^\s\"'`;,:<>|]+)", re.IGNORECASE).search
_podmans_in = re.compile(r"Podman socket: [^\n]{0,300}?\bdial unix /*(/[^\s\"'`;,:<>|]+)", re.IGNORECASE).search
_dialled_in = re.compile(
    r"error during connect: [^\n]{0,200}?\b(?:get|post|head|put|delete) [\"\\]{0,3}(https?)://([^/\s\"]+)/",
    re.IGNORECASE,
).search


class Route(Enum):
    SOCKET = "socket"
    TCP = "tcp"
    PIPE = "pipe"
    SSH = "ssh"
    MALFORMED = "malformed"


class NamedBy(Enum):
    DEFAULT = "default"
    DOCKER_HOST = "docker-host"
    CONTEXT = "context"
    CONTEXT_MISSING = "context-missing"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Certificates:
    """What TLS is spoken with. Without `verifies`, whoever answers is believed."""

    folder: Path
    verifies: bool = True

    @property
    def authority(self) -> Path:
        return self.folder / CA_NAME

    @property
    def pair(self) -> tuple[Path, Path]:
        certificate, key = CLIENT_NAMES
        return self.folder / certificate, self.folder / key

    @property
    def has_pair(self) -> bool:
        return all(file.is_file() for file in self.pair)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """`text` is the address as it is shown, without a name or a password in it."""

    text: str
    route: Route
    path: Path | None = None
    host: str = ""
    port: int = 0
    certificates: Certificates | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """`endpoint` is None where a context is chosen that is not there."""

    endpoint: Endpoint | None
    named_by: NamedBy
    context: str = ""


def endpoint_of(scene: Scene) -> Found:
    if podmans := _podmans_in(scene.aim.log):
        return Found(_read(f"unix://{podmans[1]}", scene, None), NamedBy.TEXT)
    if wished := scene.environ.get("DOCKER_HOST", "").strip():
        return Found(_read(wished, scene, _certificates_of(scene)), NamedBy.DOCKER_HOST)
    context = scene.environ.get("DOCKER_CONTEXT") or _current_context(scene)
    if context and context != DEFAULT_CONTEXT:
        return _of_context(context, scene)
    if (told := _told_in(scene)) and told.text != _usual(scene).text:
        return Found(told, NamedBy.TEXT)
    return Found(_usual(scene), NamedBy.DEFAULT)


def read_address(text: str, root: Path, certificates: Certificates | None = None) -> Endpoint:
    """An address as DOCKER_HOST has it; without a scheme, TCP is meant."""
    scheme, separator, rest = text.partition("://")
    scheme, rest = (scheme.lower(), rest) if separator else ("tcp", text)
    match scheme:
        case "unix" | "fd":
            path = rest or USUAL_SOCKET.partition("://")[2]
            if not path.startswith("/") and scheme == "unix":
                return Endpoint(f"unix://{path}", Route.MALFORMED)
            return Endpoint(f"unix://{path}", Route.SOCKET, root / path.lstrip("/"))
        case "npipe":
            return Endpoint(f"npipe://{rest}", Route.PIPE, Path(rest.replace("/", "\\")))
        case "ssh":
            return Endpoint(f"ssh://{rest.rpartition('@')[2]}", Route.SSH)
        case "tcp":
            return _over_tcp(rest, certificates)
        case _:
            return Endpoint(f"{scheme}://{rest.rpartition('@')[2]}", Route.MALFORMED)


def _over_tcp(rest: str, certificates: Certificates | None) -> Endpoint:
    bare = rest.rpartition("@")[2]
    try:
        parts = urlsplit(f"//{bare}")
        port = parts.port
    except ValueError:
        return Endpoint(f"tcp://{bare}", Route.MALFORMED)
    port = port if port is not None else (TLS_PORT if certificates else PLAIN_PORT)
    if bare.startswith((":", "/")) or not 0 < port <= _HIGHEST_PORT:
        return Endpoint(f"tcp://{bare}", Route.MALFORMED)
    return Endpoint(f"tcp://{bare}", Route.TCP, None, parts.hostname or "localhost", port, certificates)


def _read(text: str, scene: Scene, certificates: Certificates | None) -> Endpoint:
    return read_address(text, scene.root, certificates)


def _usual(scene: Scene) -> Endpoint:
    return _read(USUAL_PIPE if scene.platform == WINDOWS else USUAL_SOCKET, scene, None)


def _certificates_of(scene: Scene) -> Certificates | None:
    verifies = bool(scene.environ.get("DOCKER_TLS_VERIFY"))
    if not verifies and not scene.environ.get("DOCKER_TLS"):
        return None
    named = scene.environ.get("DOCKER_CERT_PATH")
    folder = Path(named) if named else docker_folder(scene)
    return Certificates(scene.folder / folder, verifies)


def docker_folder(scene: Scene) -> Path:
    return docker_config(scene.environ, scene.home).parent


# --- contexts --------------------------------------------------------------------------------------------------------


def docker_settings(scene: Scene) -> dict[str, object]:
    """What config.json says, nothing if it cannot be read."""
    return object_in(read_small(docker_config(scene.environ, scene.home)))


def _current_context(scene: Scene) -> str:
    named = docker_settings(scene).get("currentContext")
    return named if isinstance(named, str) else ""


def _of_context(name: str, scene: Scene) -> Found:
    """The folder of a context has the hash of its name."""
    identity = hashlib.sha256(name.encode()).hexdigest()
    contexts = docker_folder(scene) / "contexts"
    meta = object_in(read_small(contexts / "meta" / identity / "meta.json"))
    engine = objects_of(objects_of(meta.get("Endpoints")).get("docker"))
    host = engine.get("Host")
    if not meta:
        return Found(None, NamedBy.CONTEXT_MISSING, name)
    folder = contexts / "tls" / identity / "docker"
    certificates = Certificates(folder, engine.get("SkipTLSVerify") is not True) if folder.is_dir() else None
    wished = host if isinstance(host, str) and host else _usual(scene).text
    return Found(_read(wished, scene, certificates), NamedBy.CONTEXT, name)


# --- what the text names ---------------------------------------------------------------------------------------------


def _told_in(scene: Scene) -> Endpoint | None:
    """As the docker command says it when it does not reach its engine."""
    log = scene.aim.log
    if found := _named_in(log):
        return _read(found[1].rstrip(".:"), scene, _certificates_of(scene))
    if found := _socket_in(log):
        return _read(f"unix://{found[1]}", scene, None)
    if found := _dialled_in(log):
        return _dialled(found[1].lower(), unquote(found[2]), scene)
    return None


def _dialled(scheme: str, where: str, scene: Scene) -> Endpoint | None:
    if where.startswith("/"):
        return _read(f"unix://{where}", scene, None)
    if where.startswith("//./pipe") or ":" not in where:
        return None
    over_tls = Certificates(docker_folder(scene), verifies=False) if scheme == "https" else None
    return replace(_over_tcp(where, over_tls), certificates=_certificates_of(scene) or over_tls)
