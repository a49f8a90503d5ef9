"""The API of a registry that is open to all: there are no accounts, and that is no reason to break."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cases import each
from tests.registry.http.api.matrix import Row, rows
from wharf.registry.http.api.operation import OWN
from wharf.testing.registry import InProcessRegistry

WORDS = {
    "{org}": "crew",
    "{owner}": "crew",
    "{username}": "crew",
    "{login}": "crew",
    "{name}": "crew%2Fapp",
    "{repository}": "crew/app",
    "{package}": "app",
    "{package_name}": "app",
    "{package_type}": "container",
    "{digest}": "sha256:" + "0" * 64,
    "{tag}": "1.0",
}
ROWS = tuple(row for row in rows() if not row.path.startswith(("/v1/", "/v2/", "/token", "{upload}")))


@pytest.fixture(scope="module")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Iterator[InProcessRegistry]:
    with InProcessRegistry(tmp_path_factory.mktemp("open")) as made:
        made.push_image("crew/app", "1.0")
        yield made


@pytest.fixture(scope="module")
def operations(registry: InProcessRegistry) -> dict[str, tuple[str, str]]:
    paths = registry.request("GET", f"{OWN}/openapi.json").json()["paths"]
    return {
        described["operationId"]: (method.upper(), path)
        for path, methods in paths.items()
        for method, described in methods.items()
    }


@each("row", ROWS, ids=lambda row: row.name)
def test_it_answers_or_refuses(
    row: Row, registry: InProcessRegistry, operations: dict[str, tuple[str, str]], tmp_path: Path
) -> None:
    method, path = operations[row.of]
    path = row.path or path
    for mark, word in WORDS.items():
        path = path.replace(mark, word)

    answer = registry.request(method, path, row.body.encode(), {"content-type": "application/json"})

    assert answer.status < 500, answer
    assert answer.status == 204 or json.loads(answer.body) is not None
