"""The proxy of the Docker daemon, as the files say from which it is started. It does not read a shell's variables."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

_DAEMON: Final = "etc/docker/daemon.json"
_FILES: Final = ("etc/default/docker", "etc/sysconfig/docker", "lib/systemd/system/docker.service")
_DROP_INS: Final = ("etc/systemd/system/docker.service.d", "lib/systemd/system/docker.service.d")
_LARGEST: Final = 256 * 1024
_MOST_FILES: Final = 50
_names_proxy = re.compile(r"(?im)^(?!\s*[#;]).*\bhttps?_proxy\s*=\s*[\"']?[^\s\"']").search


def daemon_has_proxy(root: Path) -> bool:
    """As far as files tell: a daemon that was started by hand with variables of its own does not show here."""
    return _in_its_json(root / _DAEMON) or any(_names_proxy(text) for text in _texts(root))


def _in_its_json(path: Path) -> bool:
    try:
        document = json.loads(_read(path) or "{}")
    except (ValueError, RecursionError):
        return False
    proxies = document.get("proxies") if isinstance(document, dict) else None
    return isinstance(proxies, dict) and bool(proxies.get("http-proxy") or proxies.get("https-proxy"))


def _texts(root: Path) -> Iterator[str]:
    for name in _FILES:
        yield _read(root / name)
    for folder in _DROP_INS:
        try:
            files = sorted((root / folder).glob("*.conf"))
        except OSError:
            continue
        for path in files[:_MOST_FILES]:
            yield _read(path)


def _read(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return file.read(_LARGEST).decode("utf-8-sig", "replace")
    except OSError:
        return ""
