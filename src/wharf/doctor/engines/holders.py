"""Who has what a new container wants for itself: a name, or a port of the machine."""

import re
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final
from urllib.parse import quote

from wharf.doctor.engines.reading import list_of, objects_of, word, words_of
from wharf.doctor.engines.session import EngineSession
from wharf.doctor.ground.small_file import beginning_of, of_system
from wharf.doctor.scene import Scene

_LISTENING: Final = "0A"
_TABLES: Final = ("/proc/net/tcp", "/proc/net/tcp6")
_MOST_OF_A_TABLE: Final = 8 << 20
_HIGHEST_PORT: Final = 65_535
_name_in = re.compile(r"container name\W{1,4}([a-z0-9][\w.-]{0,200}?)\W{1,3}is already in use", re.IGNORECASE).search
_speaks_of_a_name = re.compile(r"\bis already in use\b", re.IGNORECASE).search
_speaks_of_a_port = re.compile(
    r"port is already allocated|address already in use|ports are not available|rootlessport", re.IGNORECASE
).search
_container_in = re.compile(
    r"(?:no such container|no such object|no container with name or id|\bcontainer):?\s+\W?([a-z0-9][\w.-]{0,200})",
    re.IGNORECASE,
).search
_port_in = re.compile(
    r"(?:bind for|listen tcp[46]?|listen udp[46]?|exposing port (?:tcp|udp)|cannot expose privileged port)\s+"
    r"(?:\S{0,60}:)?(\d{1,5})\b",
    re.IGNORECASE,
).search


@dataclass(frozen=True, slots=True)
class Holder:
    """`who`: a container by its name, where it is one."""

    kind: str
    who: str = ""


def wanted_name(scene: Scene) -> str | None:
    found = _name_in(scene.aim.log)
    return found[1] if found else scene.aim.name if _speaks_of_a_name(scene.aim.log) else None


def wanted_container(scene: Scene) -> str | None:
    found = _container_in(scene.aim.log)
    return found[1] if found else None


def state_of(container: str, session: EngineSession) -> str | None:
    """As the fact `engine.container` says it; None where the engine does not tell."""
    answer = session.tried(f"/containers/{quote(container, safe='')}/json")
    if answer is None or answer.status not in {HTTPStatus.OK, HTTPStatus.NOT_FOUND}:
        return None
    if answer.status == HTTPStatus.NOT_FOUND:
        return "absent"
    return "running" if objects_of(answer.said.get("State")).get("Running") is True else "stopped"


def wanted_port(scene: Scene) -> int | None:
    found = _port_in(scene.aim.log)
    port = int(found[1]) if found else scene.aim.number if _speaks_of_a_port(scene.aim.log) else None
    return port if port is not None and 0 < port <= _HIGHEST_PORT else None


def holder_of_name(name: str, session: EngineSession) -> Holder | None:
    containers = session.listed("/containers/json?all=1")
    if containers is None:
        return None
    for container in map(objects_of, containers):
        if f"/{name}" in words_of(container.get("Names")) or name in words_of(container.get("Names")):
            return Holder("by-running" if word(container.get("State")) == "running" else "by-stopped", name)
    return Holder("no")


def holder_of_port(port: int, scene: Scene, session: EngineSession | None) -> Holder | None:
    """What listens without a container that publishes the port is a program of the machine."""
    containers = session.listed("/containers/json") if session else None
    for container in map(objects_of, containers or ()):
        if any(objects_of(each).get("PublicPort") == port for each in list_of(container.get("Ports"))):
            return Holder("by-container", next(iter(words_of(container.get("Names"))), "").lstrip("/"))
    listens = is_listened_on(port, scene)
    if listens is None or (listens and containers is None):
        return None
    return Holder("by-program" if listens else "no")


def is_listened_on(port: int, scene: Scene) -> bool | None:
    """None where the kernel's tables cannot be read."""
    tables = [beginning_of(of_system(scene, table), _MOST_OF_A_TABLE) for table in _TABLES]
    readable = [table for table in tables if table is not None]
    return any(_listens(table, f":{port:04X}") for table in readable) if readable else None


def _listens(table: str, ending: str) -> bool:
    rows = (line.split() for line in table.splitlines()[1:])
    return any(len(row) > 3 and row[1].endswith(ending) and row[3] == _LISTENING for row in rows)
