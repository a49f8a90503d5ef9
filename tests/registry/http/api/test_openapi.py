from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.registry.http.api.api_rows import row
from wharf.registry.http.api.openapi import document
from wharf.registry.http.api.operation import OWN, Parameter, Place
from wharf.testing.registry import InProcessRegistry

Document = dict[str, Any]


@pytest.fixture
def served(tmp_path: Path) -> Iterator[InProcessRegistry]:
    with InProcessRegistry(tmp_path, admin_password="correct horse") as registry:
        yield registry


def test_whoever_asks_may_read_it(served: InProcessRegistry) -> None:
    with served.acting(""):
        answer = served.request("GET", f"{OWN}/openapi.json")

    assert 200 == answer.status
    assert "3.1.0" == answer.json()["openapi"]


def test_it_tells_of_itself_and_of_all_the_others(served: InProcessRegistry) -> None:
    paths = served.request("GET", f"{OWN}/openapi.json").json()["paths"]

    assert {f"{OWN}/openapi.json", "/api/v3/user"} <= set(paths)


def test_each_operation_has_its_own_id(served: InProcessRegistry) -> None:
    paths: Document = served.request("GET", f"{OWN}/openapi.json").json()["paths"]
    ids = [described["operationId"] for methods in paths.values() for described in methods.values()]

    assert sorted(set(ids)) == sorted(ids)


def test_what_stands_in_an_address_is_a_parameter() -> None:
    query = Parameter("state", Place.QUERY, "Which.", {"type": "string"})
    described: Document = document([row("GET", "/a/{b}", (query,))], "http://here")["paths"]  # type: ignore[assignment]

    parameters = described["/api/v3/a/{b}"]["get"]["parameters"]

    assert [("b", "path", True), ("state", "query", False)] == [
        (each["name"], each["in"], each["required"]) for each in parameters
    ]


def test_a_body_with_required_fields_is_required() -> None:
    rows = [row("POST", f"{OWN}/a", body={"required": ["x"]}), row("POST", f"{OWN}/b", body={}), row("PUT", f"{OWN}/a")]
    paths: Document = document(rows, "")["paths"]  # type: ignore[assignment]

    assert paths[f"{OWN}/a"]["post"]["requestBody"]["required"]
    assert not paths[f"{OWN}/b"]["post"]["requestBody"]["required"]
    assert "requestBody" not in paths[f"{OWN}/a"]["put"]


def test_what_needs_nothing_needs_no_credential() -> None:
    rows = [row("GET", f"{OWN}/open", needs="nothing"), row("GET", f"{OWN}/shut")]
    paths: Document = document(rows, "")["paths"]  # type: ignore[assignment]

    assert [] == paths[f"{OWN}/open"]["get"]["security"]
    assert [{"token": []}, {"login": []}] == paths[f"{OWN}/shut"]["get"]["security"]
