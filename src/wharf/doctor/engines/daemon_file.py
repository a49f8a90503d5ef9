"""dockerd's daemon.json: where it lies, what stands in it, and what dockerd is told on its command line beside it."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Final

from wharf.credentials.places import WINDOWS
from wharf.doctor.engines.elsewhere import command_lines
from wharf.doctor.engines.endpoint import Endpoint, Route, endpoint_of
from wharf.doctor.engines.reading import words_of
from wharf.doctor.ground.small_file import beginning_of, is_there, of_system
from wharf.doctor.scene import Scene

_MOST_BYTES: Final = 1 << 20
_MARKS: Final = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_UNITS: Final = ("/etc/systemd/system", "/run/systemd/system", "/usr/lib/systemd/system", "/lib/systemd/system")
_UNIT_NAME: Final = "docker.service"
_LONGEST_UNIT: Final = 64 * 1024
_MOST_DROP_INS: Final = 50
_is_switch = re.compile(r"(?:--?)([A-Za-z][\w-]*)(?:=.*)?", re.DOTALL).fullmatch
_named_in = re.compile(r"\bDocker daemon with file (/[^\s:\"']{1,300}):").search
_started_by = re.compile(r"^ExecStart=(.*)$", re.MULTILINE).findall

# A flag's name beside the key that means the same in the file, where they differ.
_KEYS_OF_FLAGS: Final[Mapping[str, str]] = {
    "host": "hosts",
    "H": "hosts",
    "insecure-registry": "insecure-registries",
    "registry-mirror": "registry-mirrors",
    "label": "labels",
    "storage-opt": "storage-opts",
    "exec-opt": "exec-opts",
    "log-opt": "log-opts",
    "dns-opt": "dns-opts",
    "authorization-plugin": "authorization-plugins",
    "add-runtime": "runtimes",
    "s": "storage-driver",
    "g": "data-root",
    "graph": "data-root",
    "l": "log-level",
    "D": "debug",
    "G": "group",
    "b": "bridge",
    "p": "pidfile",
}
# What may stand in both places, because the two are put together.
_JOINED: Final = frozenset({"log-opts"})
_LISTS: Final = frozenset(
    {
        "hosts", "insecure-registries", "registry-mirrors", "labels", "dns", "dns-search", "dns-opts", "exec-opts",
        "storage-opts", "authorization-plugins", "default-address-pools", "allow-nondistributable-artifacts",
        "node-generic-resources", "cdi-spec-dirs", "network-diagnostic-port-list",
    }
)  # fmt: skip
_TABLES: Final = frozenset(
    {"log-opts", "runtimes", "features", "builder", "default-ulimits", "proxies", "containerd-plugin-opts",
     "default-network-opts"}
)  # fmt: skip
_SWITCHES: Final = frozenset(
    {
        "bip6", "debug", "experimental", "icc", "init", "ip-forward", "ip-masq", "iptables", "ip6tables", "ipv6",
        "live-restore", "no-new-privileges", "raw-logs", "rootless", "selinux-enabled", "tls", "tlsverify",
        "userland-proxy", "validate", "help", "cri-containerd", "ip-forward-no-drop", "allow-direct-routing",
    }
)  # fmt: skip
_NUMBERS: Final = frozenset(
    {
        "cpu-rt-period", "cpu-rt-runtime", "max-concurrent-downloads", "max-concurrent-uploads",
        "max-download-attempts", "mtu", "network-control-plane-mtu", "network-diagnostic-port", "oom-score-adjust",
        "shutdown-timeout",
    }
)  # fmt: skip
# Beside keys of its own, dockerd lets the names of its flags pass, and takes no notice of them.
_OTHERS: Final = frozenset(
    {
        "add-host", "add-runtime", "api-cors-header", "authorization-plugin", "bip", "bridge", "bridge-accept-fwmark",
        "cgroup-parent", "cluster-advertise", "cluster-store", "cluster-store-opts", "config-file", "containerd",
        "containerd-namespace", "containerd-plugins-namespace", "data-root", "default-address-pool",
        "default-cgroupns-mode", "default-gateway", "default-gateway-v6", "default-ipc-mode", "default-runtime",
        "default-shm-size", "default-ulimit", "deprecated-key-path", "dns-opt", "exec-opt", "exec-root",
        "firewall-backend", "fixed-cidr", "fixed-cidr-v6", "graph", "group", "host", "host-gateway-ip",
        "host-gateway-ips", "http-proxy", "https-proxy", "init-path", "insecure-registry", "ip", "label",
        "log-driver", "log-format", "log-level", "log-opt", "metrics-addr", "no-proxy", "node-generic-resource",
        "pidfile", "registry-mirror", "rootless", "seccomp-profile", "storage-driver", "storage-opt",
        "swarm-default-advertise-addr", "tlscacert", "tlscert", "tlskey", "userland-proxy-path", "userns-remap",
    }
)  # fmt: skip
KNOWN_KEYS: Final = _LISTS | _TABLES | _SWITCHES | _NUMBERS | _OTHERS


class Form(Enum):
    WHOLE = "whole"
    EMPTY = "empty"
    NOT_JSON = "not-json"
    BYTE_ORDER_MARK = "byte-order-mark"
    UNKNOWN_KEY = "unknown-key"
    WRONG_TYPE = "wrong-type"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class DaemonFile:
    """`where_wrong`: the key or the line that is at fault. Its values may be secret, and are not shown."""

    path: Path
    form: Form
    settings: Mapping[str, object] = field(default_factory=dict, repr=False)
    where_wrong: str = ""

    def words(self, key: str) -> tuple[str, ...]:
        return words_of(self.settings.get(key))


def daemon_file_of(scene: Scene) -> DaemonFile | None:
    """None where there is none."""
    path = next((path for path in (*_named(scene), *_places(scene)) if is_there(path)), None)
    return read_daemon_file(path) if path is not None else None


def _named(scene: Scene) -> Iterator[Path]:
    """dockerd says which file it could not take; that of a snap or of `--config-file` lies elsewhere."""
    if found := _named_in(scene.aim.log):
        yield of_system(scene, found[1])


def read_daemon_file(path: Path) -> DaemonFile:
    try:
        if not path.is_file():
            return DaemonFile(path, Form.UNREADABLE)
        with path.open("rb") as opened:
            raw = opened.read(_MOST_BYTES)
    except (OSError, ValueError):
        return DaemonFile(path, Form.UNREADABLE)
    if raw.startswith(_MARKS):
        return DaemonFile(path, Form.BYTE_ORDER_MARK)
    if not raw.strip():
        return DaemonFile(path, Form.EMPTY)
    return _parsed(path, raw)


def _parsed(path: Path, raw: bytes) -> DaemonFile:
    try:
        value: object = json.loads(raw)
    except json.JSONDecodeError as problem:
        return DaemonFile(path, Form.NOT_JSON, where_wrong=f"line {problem.lineno}, column {problem.colno}")
    except (ValueError, RecursionError):
        return DaemonFile(path, Form.NOT_JSON)
    if not isinstance(value, dict):
        return DaemonFile(path, Form.WRONG_TYPE)
    settings = {str(name): member for name, member in value.items()}
    if unknown := next((name for name in settings if name not in KNOWN_KEYS), ""):
        return DaemonFile(path, Form.UNKNOWN_KEY, settings, unknown)
    wrong = next((name for name, member in settings.items() if not _fits(name, member)), "")
    return DaemonFile(path, Form.WRONG_TYPE if wrong else Form.WHOLE, settings, wrong)


def _fits(name: str, value: object) -> bool:
    if value is None:
        return True
    if name in _LISTS:
        return isinstance(value, list)
    if name in _TABLES:
        return isinstance(value, dict)
    if name in _NUMBERS:
        return isinstance(value, int | float) and not isinstance(value, bool)
    return name not in _SWITCHES or isinstance(value, bool)


def _places(scene: Scene) -> Iterator[Path]:
    """The file of the engine that is asked, as its command line names it, comes before the usual ones."""
    for words in _of_the_engine(scene):
        yield from (of_system(scene, value) for value in _values(words, "config-file"))
    if scene.platform == WINDOWS:
        yield of_system(scene, "/ProgramData/docker/config/daemon.json")
    else:
        yield of_system(scene, "/etc/docker/daemon.json")
        yield of_system(scene, "/var/snap/docker/current/config/daemon.json")
        yield scene.home / ".config" / "docker" / "daemon.json"
    yield scene.home / ".docker" / "daemon.json"


def _of_the_engine(scene: Scene) -> tuple[tuple[str, ...], ...]:
    """Command lines of the dockerd that listens where the docker command would ask."""
    endpoint = endpoint_of(scene).endpoint
    return tuple(words for words in command_lines(scene) if endpoint is not None and _listens_at(words, endpoint))


def _listens_at(words: tuple[str, ...], endpoint: Endpoint) -> bool:
    named = (*_values(words, "host"), *_values(words, "H"))
    if endpoint.route is Route.SOCKET:
        return endpoint.text in named
    return any(value.startswith("tcp://") and value.endswith(f":{endpoint.port}") for value in named)


def _values(words: tuple[str, ...], flag: str) -> Iterator[str]:
    dashes = "-" if len(flag) == 1 else "--"
    for word, following in zip(words, (*words[1:], ""), strict=True):
        if word == f"{dashes}{flag}":
            yield following
        elif word.startswith(f"{dashes}{flag}="):
            yield word.partition("=")[2]


# --- what is given twice ---------------------------------------------------------------------------------------------


def given_twice(file: DaemonFile, scene: Scene) -> str:
    """The first key that dockerd is also given as a flag, by its process or by its systemd unit."""
    flags = {_key(word) for words in _commands(scene) for word in words[1:]} - _JOINED
    return next((key for key in file.settings if key in flags), "")


def _commands(scene: Scene) -> Iterator[tuple[str, ...]]:
    yield from _of_the_engine(scene)
    if started := _unit_command(scene):
        yield tuple(started.split())


def _key(word: str) -> str:
    found = _is_switch(word)
    return _KEYS_OF_FLAGS.get(found[1], found[1]) if found else ""


def _unit_command(scene: Scene) -> str:
    """The last ExecStart counts: of the unit's first place, and of what is put on top of it."""
    told = [line for file in _unit_files(scene) for line in _started_by(beginning_of(file, _LONGEST_UNIT) or "")]
    return told[-1].replace("\\\n", " ") if told else ""


def _unit_files(scene: Scene) -> Iterator[Path]:
    folders = [of_system(scene, folder) for folder in _UNITS]
    unit = next((folder / _UNIT_NAME for folder in folders if is_there(folder / _UNIT_NAME)), None)
    if unit is not None:
        yield unit
    for folder in reversed(folders):
        try:
            yield from sorted((folder / f"{_UNIT_NAME}.d").glob("*.conf"))[:_MOST_DROP_INS]
        except OSError:
            continue
