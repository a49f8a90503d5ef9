"""One registry for all tests of the verbs; each test has a repository of its own in it."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.harbour import Harbour
from wharf.testing.registry_process import RegistryProcess


@pytest.fixture(scope="session")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RegistryProcess]:
    with RegistryProcess(tmp_path_factory.mktemp("harbour") / "data") as registry:
        yield registry


@pytest.fixture
def harbour(registry: RegistryProcess, tmp_path: Path, request: pytest.FixtureRequest) -> Harbour:
    name = re.sub("[^a-z0-9]+", "-", request.node.name.lower()).strip("-")
    return Harbour(registry, f"crew/{name}", tmp_path)
