"""A registry of its own for each test here: it is shot, starved and lied to. Two workers, so that they can disagree."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from wharf.testing.registry_process import RegistryProcess


@pytest.fixture
def registry(tmp_path: Path) -> Iterator[RegistryProcess]:
    with RegistryProcess(tmp_path / "data", "--workers", "2") as registry:
        yield registry
