"""A registry of its own for each journey: it may be stopped, shot and started again."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from wharf.testing.registry_process import RegistryProcess


@pytest.fixture
def registry(tmp_path: Path) -> Iterator[RegistryProcess]:
    with RegistryProcess(tmp_path / "data") as registry:
        yield registry
