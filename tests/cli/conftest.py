"""One registry for all tests of the verbs; each test has a repository of its own in it."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.harbour import Harbour
from tests.cli.office import PASSWORD, Office, open_office
from tests.client.token_service import House, serving
from wharf.testing.registry_process import RegistryProcess

ALONE = ("--workers", "1")  # one command speaks at a time


@pytest.fixture(scope="session")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RegistryProcess]:
    with RegistryProcess(tmp_path_factory.mktemp("harbour") / "data", *ALONE) as registry:
        yield registry


@pytest.fixture(scope="session")
def guarded_registry(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RegistryProcess]:
    with RegistryProcess(tmp_path_factory.mktemp("office") / "data", *ALONE, admin_password=PASSWORD) as registry:
        yield registry


@pytest.fixture
def host(house: House) -> Iterator[str]:
    """The address of a registry with accounts; `house`, of the tests that ask for it, says whose."""
    with serving(house) as address:
        yield address


@pytest.fixture
def office(guarded_registry: RegistryProcess, tmp_path: Path, request: pytest.FixtureRequest) -> Office:
    """With an organisation of the test's own, and its administrator at the desk."""
    office = open_office(guarded_registry, _name_of(request), tmp_path)
    office.done("admin", "org", "create", office.org)
    return office


@pytest.fixture
def harbour(registry: RegistryProcess, tmp_path: Path, request: pytest.FixtureRequest) -> Harbour:
    return Harbour(registry, f"crew/{_name_of(request)}", tmp_path)


def _name_of(request: pytest.FixtureRequest) -> str:
    return re.sub("[^a-z0-9]+", "-", request.node.name.lower()).strip("-")
