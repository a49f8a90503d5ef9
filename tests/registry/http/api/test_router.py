import string
from contextlib import suppress
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.registry.http.api.api_rows import row
from wharf.errors import MalformedField, NoSuchAddress, NotSupported, WharfError
from wharf.registry.http.api.operation import OWN
from wharf.registry.http.api.router import Router

ROUTER = Router(
    [
        row("GET", "/user"),
        row("GET", "/user/packages"),
        row("GET", "/users/{username}"),
        row("DELETE", "/user/packages/{package_type}/{package_name}"),
        row("GET", "/user/packages/{package_type}/{package_name}"),
        row("GET", "/user/packages/container/{package_name}/versions"),
        row("POST", "/user/packages/{package_type}/{package_name}/restore"),
        row("GET", f"{OWN}/packages/{{name}}"),
    ]
)


def matched(target: str, method: str = "GET") -> tuple[str, dict[str, str]]:
    operation, values = ROUTER.match(target.encode(), method)
    return operation.id, dict(values)


def test_github_s_operations_answer_with_and_without_its_prefix() -> None:
    assert ("GET /user", {}) == matched("/user") == matched("/api/v3/user")


def test_an_escaped_slash_is_a_part_of_its_segment() -> None:
    assert {"name": "crew/app"} == matched(f"{OWN}/packages/crew%2Fapp")[1]
    assert {"name": "crew/app"} == matched(f"{OWN}/packages/crew%2fapp")[1]


def test_one_slash_at_the_end_means_nothing() -> None:
    assert matched("/user") == matched("/user/")


@pytest.mark.parametrize("target", ["/user//", "//user", "/users/", "/users//", "/", "", "/api/v3", "/nothing"])
def test_what_is_no_address(target: str) -> None:
    with pytest.raises(NoSuchAddress):
        matched(target)


def test_a_way_that_leads_nowhere_does_not_hide_another() -> None:
    assert {"package_type": "container", "package_name": "versions"} == matched("/user/packages/container/versions")[1]
    assert {"package_type": "container", "package_name": "app"} == matched(
        "/user/packages/container/app/restore", "POST"
    )[1]


def test_braces_that_were_sent_are_only_text() -> None:
    assert {"username": "{}"} == matched("/users/{}")[1]


def test_all_that_may_be_done_at_an_address_is_told() -> None:
    with pytest.raises(NotSupported) as refused:
        matched("/user/packages/container/app", "PUT")
    assert ["DELETE", "GET", "HEAD"] == list(refused.value.allowed)


@pytest.mark.parametrize("target", ["/users/%00", "/users/a%0d%0ab", "/users/" + "/x" * 40])
def test_an_address_that_nobody_would_write_leads_nowhere(target: str) -> None:
    with pytest.raises(NoSuchAddress):
        matched(target)


def test_an_address_that_is_not_utf_8() -> None:
    with pytest.raises(MalformedField):
        ROUTER.match(b"/users/%ff", "GET")


@settings(max_examples=100, deadline=None)
@given(st.text(st.characters(categories=["L", "N", "P", "S", "Zs"]), min_size=1, max_size=40).filter(str.isprintable))
def test_every_value_comes_through_as_it_was(value: str) -> None:
    assert {"username": value} == matched(f"/users/{quote(value, safe='')}")[1]


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=60))
def test_whatever_is_sent_is_answered(path: bytes) -> None:
    with suppress(WharfError):
        ROUTER.match(b"/" + path, "GET")


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(["user", "packages", "container", "users", "{}", *string.ascii_lowercase[:2]])))
def test_what_is_matched_is_written_the_same_when_its_values_are_put_in(segments: list[str]) -> None:
    try:
        operation, values = ROUTER.match("/".join(["", *segments]).encode(), "GET")
    except WharfError:
        return
    written = [values.get(part[1:-1], part) if part.startswith("{") else part for part in operation.path.split("/")]
    assert segments == written[1:]


def test_two_rows_for_the_same_are_a_mistake() -> None:
    with pytest.raises(AssertionError, match="stands twice"):
        Router([row("GET", "/a/{b}"), row("GET", "/a/{c}")])


@pytest.mark.parametrize(
    ("path", "serves"),
    [
        ("/user", True),
        ("/api/v3/x", True),
        ("/", False),
        ("", False),
        ("//user", False),
        ("/v2/", False),
        ("/{}", False),
    ],
)
def test_what_looks_like_the_api_is_the_api_s(path: str, serves: bool) -> None:
    assert serves is ROUTER.serves(path)


def test_the_root_is_served_where_a_row_says_so() -> None:
    router = Router([row("GET", "/")])

    assert ("GET /", {}) == (router.match(b"/", "GET")[0].id, {})
    assert "GET /" == router.match(b"/api/v3/", "GET")[0].id
    assert router.serves("/")
    assert not router.serves("//v2/")
