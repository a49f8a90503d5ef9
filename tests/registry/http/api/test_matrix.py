"""Every endpoint × everybody who may come: what is answered stands in a table, and nothing is missing from it."""

import json
from collections.abc import Iterator
from typing import Final, get_args

import pytest

from tests.registry.http.api.matrix import Asked, Row, found, found_by_docker, question, rows
from tests.registry.http.api.peopled import ADMINISTRATOR, PeopledRegistry
from wharf.protocol import routes

pytestmark = pytest.mark.slow

Operations = dict[str, tuple[str, str]]
ROWS: Final = tuple(rows())
GIVEN_NONE: Final = ("expired", "revoked")
BESIDE: Final = ("Token", "Search")
OF_SECRETS: Final = {"wharf/exchange": 401}
DISTRIBUTION: Final = tuple(row for row in ROWS if row.path.startswith(("/v2/", "{upload}")))
API: Final = tuple(row for row in ROWS if row not in DISTRIBUTION and not row.of.startswith(BESIDE))


@pytest.fixture(scope="module")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PeopledRegistry]:
    with PeopledRegistry(tmp_path_factory.mktemp("peopled")) as made:
        yield made


@pytest.fixture(scope="module")
def operations(registry: PeopledRegistry) -> Operations:
    return registry.operations()


@pytest.mark.parametrize("row", ROWS, ids=[row.name for row in ROWS])
def test_everybody_is_answered_what_the_table_says(row: Row, registry: PeopledRegistry, operations: Operations) -> None:
    assert row.expected == found(registry, row, Asked.by(row, operations))


@pytest.mark.parametrize("row", DISTRIBUTION, ids=[row.name for row in DISTRIBUTION])
def test_a_short_lived_token_is_worth_as_much_as_what_it_was_given_for(row: Row, registry: PeopledRegistry) -> None:
    scope = "registry:catalog:*" if row.of.startswith("Catalog") else "repository:{repository}:pull,push,delete"
    expected = {caller: status for caller, status in row.expected.items() if caller not in GIVEN_NONE}
    if row.of.startswith("ApiBase"):
        expected["anonymous"] = 200  # with a token for nobody, one has said who one is

    assert expected == found_by_docker(registry, row, Asked.by(row, {}), scope)


@pytest.mark.parametrize("row", API, ids=[row.name for row in API])
def test_what_is_answered_follows_the_schema_in_the_document(
    row: Row, registry: PeopledRegistry, operations: Operations
) -> None:
    """As it is told to each of those who are answered something."""
    asked = Asked.by(row, operations)
    for caller in (caller for caller, status in row.expected.items() if status < 300):
        put = question(registry, row, asked, caller)
        answer = registry.ask(caller, put.method, put.path, put.body, put.headers)
        registry.check(row.of, answer)


def test_no_operation_is_missing_from_the_table(operations: Operations) -> None:
    assert set() == operations.keys() - {row.of for row in ROWS}


def test_no_endpoint_of_the_distribution_api_is_missing_from_the_table(registry: PeopledRegistry) -> None:
    examples = [routes.match(path) for path in registry.example_paths()]
    served = {
        f"{type(route).__name__} {method}"
        for route, path in zip(examples, registry.example_paths(), strict=True)
        for method in registry.ask("administrator", "PROPFIND", path).headers["allow"].split(", ")
    }

    assert set(get_args(routes.Route)) == {type(route) for route in examples}
    assert set() == served - {row.of for row in ROWS}


def test_the_table_speaks_of_nothing_else(operations: Operations) -> None:
    kinds = {kind.__name__ for kind in get_args(routes.Route)} | set(BESIDE)

    assert [] == [row.name for row in ROWS if row.of not in operations and row.of.partition(" ")[0] not in kinds]


def test_an_example_in_the_document_does_what_it_says(registry: PeopledRegistry, operations: Operations) -> None:
    """All of them, asked by an administrator; of secrets there is none that would be good."""
    examples = registry.examples()
    asked = {row.of: question(registry, row, Asked.by(row, operations), ADMINISTRATOR) for row in reversed(API)}
    statuses = {}
    for of, example in examples.items():
        put = asked[of]
        answer = registry.ask(ADMINISTRATOR, put.method, put.path, json.dumps(example).encode())
        statuses[of] = answer.status
        registry.check(of, answer)

    assert OF_SECRETS == {of: status for of, status in statuses.items() if status >= 300}
    assert [] == [of for of, example in examples.items() if example is None]


@pytest.mark.parametrize("row", API, ids=[row.name for row in API])
def test_every_answer_in_the_table_stands_in_the_document(row: Row, registry: PeopledRegistry) -> None:
    assert set() == set(row.expected.values()) - registry.statuses(row.of)
