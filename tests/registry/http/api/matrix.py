"""The table of who is answered what, as rows that can be asked."""

import json
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tests.registry.http.api.peopled import CALLERS, PeopledRegistry
from wharf.oci.media_types import OCI_MANIFEST

_TABLE: Final = Path(__file__).with_name("matrix.toml")
_KINDS: Final = {"/v2/": OCI_MANIFEST, "/token": "application/x-www-form-urlencoded", "": "application/json"}
_PACKAGE: Final = {"private": "app", "public": "open", "all": "app"}


@dataclass(frozen=True, slots=True)
class Row:
    """`of`: the id of an operation, or a route of the distribution API and a method."""

    of: str
    about: str
    path: str
    body: str
    owner: str
    expected: Mapping[str, int]

    @property
    def name(self) -> str:
        return f"{self.of} ({self.about})"


@dataclass(frozen=True, slots=True)
class Asked:
    """What a row asks: the operations of the API have their method and address from the row that the router serves."""

    method: str
    path: str

    @classmethod
    def by(cls, row: Row, operations: Mapping[str, tuple[str, str]]) -> "Asked":
        method, path = operations.get(row.of, (row.of.rpartition(" ")[2], row.path))
        return cls(method, row.path or path)


def rows() -> Iterator[Row]:
    table = tomllib.loads(_TABLE.read_text())
    assert list(CALLERS) == table["callers"]
    for entry in table["rows"]:
        for about in _PACKAGE.keys() & entry.keys():
            yield _row(entry, about)


def _row(entry: Mapping[str, Any], about: str) -> Row:  # the table's own reader checks what it holds
    statuses = [int(status) for status in entry[about].split()]
    body = entry.get("body", "")
    return Row(
        of=entry["of"],
        about=about,
        path=entry.get("path", ""),
        body=body if isinstance(body, str) else json.dumps(body),
        owner=entry.get("owner", "crew"),
        expected=dict(zip(CALLERS, statuses, strict=True)),
    )


@dataclass(frozen=True, slots=True)
class Question:
    """A row as it is asked by somebody."""

    method: str
    path: str
    body: bytes
    headers: Mapping[str, str]


def question(registry: PeopledRegistry, row: Row, asked: Asked, caller: str) -> Question:
    values = registry.words(row.owner, _PACKAGE[row.about]) | {"secret": registry.secrets.get(caller, "")}
    if "{upload}" in asked.path:
        values["upload"] = registry.begun_upload(values["repository"])
    kind = next(kind for start, kind in _KINDS.items() if asked.path.startswith(start))
    body = _filled(row.body, values).encode()
    return Question(asked.method, _filled(asked.path, values), body, {"content-type": kind})


def found(registry: PeopledRegistry, row: Row, asked: Asked) -> dict[str, int]:
    """What each caller is answered who comes with their own credential."""
    statuses = {}
    for caller in CALLERS:
        put = question(registry, row, asked, caller)
        statuses[caller] = registry.ask(caller, put.method, put.path, put.body, put.headers).status
    return statuses


def found_by_docker(registry: PeopledRegistry, row: Row, asked: Asked, scope: str) -> dict[str, int]:
    """What each caller is answered who gets a short-lived token, as docker does."""
    statuses = {}
    words = registry.words(row.owner, _PACKAGE[row.about])
    for caller in CALLERS:
        if not (token := registry.docker_token(caller, _filled(scope, words))):
            continue
        put = question(registry, row, asked, caller)
        statuses[caller] = registry.ask_with(token, put.method, put.path, put.body, put.headers).status
    return statuses


def _filled(text: str, values: Mapping[str, str]) -> str:
    for name, value in values.items():
        text = text.replace(f"{{{name}}}", value)
    return text
