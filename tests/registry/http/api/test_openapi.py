from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.cases import each
from tests.registry.http.api.api_rows import row
from wharf.registry.http.api.openapi import document
from wharf.registry.http.api.operation import OWN, Parameter, Place
from wharf.testing.registry import InProcessRegistry

Document = dict[str, Any]
ONE = "/packages/{package_type}/{package_name}"
VERSION = f"{ONE}/versions/{{package_version_id}}"
NAMES = ("admin", "crew", "nobody")
OF_GITHUB = (
    ("get", "/docker/conflicts"),
    ("get", "/packages"),
    ("get", ONE),
    ("delete", ONE),
    ("post", f"{ONE}/restore"),
    ("get", f"{ONE}/versions"),
    ("get", VERSION),
    ("delete", VERSION),
    ("post", f"{VERSION}/restore"),
)


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


@each("owner", ["/orgs/{org}", "/user", "/users/{username}"])
@each("server", ["", "/api/v3"])
def test_github_s_operations_on_packages_are_all_here(served: InProcessRegistry, server: str, owner: str) -> None:
    """Nine for each of three ways to name an owner, as GitHub documents them."""
    described = served.request("GET", f"{OWN}/openapi.json").json()["paths"]
    told = {(method, path) for path, methods in described.items() for method in methods}
    values = {"org": "admin", "username": "admin", "package_type": "container", "package_name": "a"}

    assert set() == {(method, f"/api/v3{owner}{path}") for method, path in OF_GITHUB} - told
    for method, path in OF_GITHUB:
        address = f"{server}{owner}{path}".format(**values, package_version_id=1)
        assert 401 == asked_as_nobody(served, method, address), address


def asked_as_nobody(registry: InProcessRegistry, method: str, address: str) -> int:
    """Where there is no operation, or none by this method, they are told 404 or 405."""
    with registry.acting(""):
        return registry.request(method.upper(), f"{address}?package_type=container").status


@each("kind", ["orgs", "users"])
@each("method, path", OF_GITHUB)
def test_a_stranger_does_not_learn_which_accounts_there_are(
    served: InProcessRegistry, kind: str, method: str, path: str
) -> None:
    """Neither who is a person, nor who is an organisation, nor who is nobody."""
    served.request("POST", f"{OWN}/orgs", b'{"login": "crew"}')
    package = path.format(package_type="container", package_name="a", package_version_id=1)

    assert [401] * 3 == [asked_as_nobody(served, method, f"/{kind}/{login}{package}") for login in NAMES]


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


def test_what_was_made_leads_to_what_can_be_done_with_it(served: InProcessRegistry) -> None:
    paths: Document = served.request("GET", f"{OWN}/openapi.json").json()["paths"]

    made = paths[f"{OWN}/orgs/{{org}}/services"]["post"]["responses"]["201"]["links"]

    assert {
        "wharf/orgs/delete-service": {
            "operationId": "wharf/orgs/delete-service",
            "parameters": {"org": "$request.path.org", "name": "$response.body#/name"},
        }
    } == made


def test_whatever_is_made_with_a_name_or_number_leads_somewhere(served: InProcessRegistry) -> None:
    """Where there is something below the address of what makes it."""
    paths: Document = served.request("GET", f"{OWN}/openapi.json").json()["paths"]
    leading_nowhere = [
        path
        for path, methods in paths.items()
        if "201" in methods.get("post", {}).get("responses", {})
        and any(other.startswith(f"{path}/{{") for other in paths)
        and "links" not in methods["post"]["responses"]["201"]
    ]

    assert [] == leading_nowhere


def test_every_parameter_says_what_it_is(served: InProcessRegistry) -> None:
    paths: Document = served.request("GET", f"{OWN}/openapi.json").json()["paths"]
    unsaid = [
        (described["operationId"], parameter["name"])
        for methods in paths.values()
        for described in methods.values()
        for parameter in described["parameters"]
        if not parameter["description"]
    ]

    assert [] == unsaid


def test_an_answer_names_all_its_members_and_no_others(served: InProcessRegistry) -> None:
    """Whatever is an object with members that are named, wherever it stands in an answer."""
    document: Document = served.request("GET", f"{OWN}/openapi.json").json()
    answers = [
        schema
        for methods in document["paths"].values()
        for described in methods.values()
        for response in described["responses"].values()
        for schema in parts(response.get("content", {}))
    ]
    loose = [
        schema["properties"].keys() - set(schema.get("required", ()))
        for schema in (*answers, *parts(document["components"]["schemas"]))
        if isinstance(schema.get("properties"), dict) and isinstance(schema.get("type"), str | list)
    ]

    assert {"deleted_at", "secret", "password", "wharf", "request_id"} == set().union(*loose)


def parts(value: object) -> Iterator[Document]:
    """All objects in it, at every depth."""
    if isinstance(value, dict):
        yield value
        for part in value.values():
            yield from parts(part)
    elif isinstance(value, list):
        for part in value:
            yield from parts(part)
