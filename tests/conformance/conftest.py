"""The registry under test and a repository of its own for every test.

`WHARF_CONFORMANCE_URL` points the suite at any running registry that asks for no login; without it the suite starts
`wharf serve` once. `WHARF_CONFORMANCE_NAMESPACE` says under which first segment the repositories are made.
"""

import os
import secrets
from collections.abc import Callable, Iterator

import pytest

from tests.conformance.cargo import ALGORITHMS
from tests.conformance.data_sets import DATA_SETS
from tests.conformance.shipping import Repository, Shipment, ship
from tests.conformance.wire import Wire
from wharf.testing.registry_process import RegistryProcess

NAMESPACE = os.environ.get("WHARF_CONFORMANCE_NAMESPACE", "conformance")

MakeRepository = Callable[[], Repository]


@pytest.fixture(scope="session")
def registry_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    elsewhere = os.environ.get("WHARF_CONFORMANCE_URL")
    if elsewhere:
        yield elsewhere
        return
    with RegistryProcess(tmp_path_factory.mktemp("conformance") / "data") as registry:
        yield registry.url


@pytest.fixture(scope="session")
def wire(registry_url: str) -> Iterator[Wire]:
    wire = Wire(registry_url)
    yield wire
    wire.close()


@pytest.fixture(scope="session")
def make_repository(wire: Wire) -> MakeRepository:
    return lambda: Repository(wire, f"{NAMESPACE}/{secrets.token_hex(6)}")


@pytest.fixture
def repository(make_repository: MakeRepository) -> Repository:
    return make_repository()


@pytest.fixture
def other_repository(make_repository: MakeRepository) -> Repository:
    return make_repository()


@pytest.fixture(params=ALGORITHMS)
def algorithm(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(params=DATA_SETS)
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="session")
def shipped_before() -> dict[tuple[str, str], Shipment]:
    return {}


@pytest.fixture
def shipment(
    kind: str, algorithm: str, make_repository: MakeRepository, shipped_before: dict[tuple[str, str], Shipment]
) -> Shipment:
    """One kind of goods, shipped once and then only looked at."""
    if (kind, algorithm) not in shipped_before:
        shipped_before[kind, algorithm] = ship(make_repository(), DATA_SETS[kind](algorithm))
    return shipped_before[kind, algorithm]


@pytest.fixture
def fresh_shipment(kind: str, algorithm: str, repository: Repository) -> Shipment:
    """The same kind of goods in a repository that the test may take apart."""
    return ship(repository, DATA_SETS[kind](algorithm))
