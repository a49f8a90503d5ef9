"""As much of GraphQL as answers who somebody is."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wharf.errors import Malformed
from wharf.oci.members import Members
from wharf.oci.strict_json import JsonValue
from wharf.registry.http.api.graphql import answered

VIEWER: dict[str, JsonValue] = {"login": "ada", "databaseId": 7, "__typename": "User"}


@pytest.mark.parametrize(
    ("query", "data"),
    [
        ("{viewer{login}}", {"viewer": {"login": "ada"}}),
        ("query UserCurrent { viewer { login } }", {"viewer": {"login": "ada"}}),
        ("query{viewer{login,databaseId}}", {"viewer": {"login": "ada", "databaseId": 7}}),
        ("query Q($first: Int = 1) { viewer { login } }", {"viewer": {"login": "ada"}}),
        ("{ me: viewer { name: login __typename } }", {"me": {"name": "ada", "__typename": "User"}}),
        ("# who\n{ viewer { login } __typename }", {"viewer": {"login": "ada"}, "__typename": "Query"}),
    ],
)
def test_who_somebody_is(query: str, data: object) -> None:
    assert {"data": data} == answered(query, VIEWER)


@pytest.mark.parametrize(
    ("query", "problem"),
    [
        ('{repository(owner: "a", name: "b"){id}}', "Field 'repository' doesn't exist on type 'Query'"),
        ("{viewer{email}}", "Field 'email' doesn't exist on type 'User'"),
        ("{viewer{login{deeper}}}", "Field 'login' doesn't exist on type 'User'"),
        ("{viewer}", "Field must have selections (field 'viewer' returns User but has no selections.)"),
        ("mutation { viewer { login } }", "Only a query can be asked here"),
        ("", "Parse error: fields in braces are expected"),
        ("{viewer{login}", "Parse error: a brace is not closed, or there is nothing in it"),
        ("{viewer{login}} more", "Parse error: something follows the query"),
        ("{viewer{...F}}", "Parse error on '.'"),
        ("{" * 50, "Parse error: a name of a field is expected"),
        ("{a" * 50, "Parse error: fields in braces are expected"),
        ("{" + " " * 30_000, "the query is too long"),
    ],
)
def test_what_is_not_answered_is_told_as_a_server_tells_it(query: str, problem: str) -> None:
    (error,) = Members(answered(query, VIEWER), "", Malformed).each("errors")
    assert problem == error.text("message")


@settings(max_examples=100)
@given(st.text(alphabet="{}():_ viewerlogn,#\n$\"'", max_size=60))
def test_every_text_has_an_answer(query: str) -> None:
    assert {"data"} == answered(query, VIEWER).keys() or {"errors"} == answered(query, VIEWER).keys()
