"""What containerd was told of one registry: the hosts.toml in its folder, and whether containerd looks there at all."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from wharf.client.origin import Origin

_LARGEST: Final = 1024 * 1024
_MOST_FILES: Final = 50


@dataclass(frozen=True, slots=True)
class ContainerdHosts:
    """`files`: the authorities that it names. `is_configured`: whether config.toml leads to the folder."""

    folder: Path
    files: tuple[Path, ...] = ()
    skips_verification: bool = False
    is_configured: bool = False


def containerd_hosts(root: Path, origin: Origin) -> ContainerdHosts:
    base = root / "etc/containerd/certs.d"
    folder = next((base / name for name in _names(origin) if (base / name).is_dir()), base / _names(origin)[0])
    document = _read(folder / "hosts.toml")
    tables = [document, *_inner(document.get("host"))]
    files = [folder / name for table in tables for name in _texts(table.get("ca"))]
    if not document:
        files = sorted(folder.glob("*.crt"))[:_MOST_FILES] if folder.is_dir() else []
    skips = any(table.get("skip_verify") is True for table in tables)
    return ContainerdHosts(folder, tuple(files[:_MOST_FILES]), skips, _is_configured(root))


def _names(origin: Origin) -> tuple[str, ...]:
    bare = origin.authority.removesuffix(f":{origin.port}")
    with_port = (f"{bare}_{origin.port}_", f"{bare}:{origin.port}")
    return (*with_port, bare, "_default") if origin.port == 443 else (*with_port, "_default")


def _is_configured(root: Path) -> bool:
    """Some key `config_path` in whatever depth of plugins: its place differs between versions."""
    return any("certs.d" in text for text in _config_paths(_read(root / "etc/containerd/config.toml"), 8))


def _config_paths(value: object, depth: int) -> Iterator[str]:
    for name, inner in value.items() if isinstance(value, dict) and depth else ():
        if name == "config_path" and isinstance(inner, str):
            yield inner
        yield from _config_paths(inner, depth - 1)


def _inner(value: object) -> list[Mapping[str, object]]:
    return [each for each in value.values() if isinstance(each, dict)] if isinstance(value, dict) else []


def _texts(value: object) -> list[str]:
    several = value if isinstance(value, list) else [value]
    return [each for each in several if isinstance(each, str)]


def _read(path: Path) -> Mapping[str, object]:
    try:
        with path.open("rb") as file:
            return tomllib.loads(file.read(_LARGEST).decode("utf-8-sig"))
    except (OSError, ValueError, RecursionError):
        return {}
