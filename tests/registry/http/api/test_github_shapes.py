"""What is answered where GitHub's clients ask has all that GitHub promises them."""

from collections.abc import Iterator

import jsonschema_rs
import pytest

from tests.registry.http.api.github_shapes import assert_shaped
from tests.registry.http.api.harbour import PASSWORD, Harbour
from wharf.registry.http.api.operation import OWN
from wharf.testing.registry import InProcessRegistry

SHAPES = (
    ("/user", "public-user"),
    ("/users/admin", "public-user"),
    ("/users/crew", "public-user"),
    ("/users/crew%2Bci", "public-user"),
    ("/orgs/crew", "organization-full"),
    ("/orgs/crew/packages/container/app", "package"),
    ("/orgs/-/packages/container/lone", "package"),
    ("/users/admin/packages/container/own", "package"),
    ("/user/packages/container/own", "package"),
    ("/rate_limit", "rate-limit-overview"),
    ("/meta", "api-overview"),
)
LISTS = (
    ("/user/orgs", "organization-simple"),
    ("/orgs/crew/packages?package_type=container", "package"),
    ("/user/packages?package_type=container", "package"),
    ("/orgs/crew/packages/container/app/versions", "package-version"),
    ("/orgs/crew/packages/container/app/versions?state=deleted", "package-version"),
)


@pytest.fixture(scope="module")
def harbour(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Harbour]:
    with InProcessRegistry(tmp_path_factory.mktemp("shapes"), admin_password=PASSWORD) as registry:
        harbour = Harbour(registry)
        harbour.done("POST", f"{OWN}/orgs", {"login": "crew", "display": "The crew"})
        harbour.done("POST", f"{OWN}/orgs/crew/services", {"name": "ci", "role": "writer"})
        for name, tag in (("crew/app", "v1"), ("crew/app", "v2"), ("lone", "v1"), ("admin/own", "v1")):
            registry.push_image(name, tag, f"{name}{tag}".encode())
        newest = harbour.told("/orgs/crew/packages/container/app/versions")[0]["id"]
        harbour.done("DELETE", f"/orgs/crew/packages/container/app/versions/{newest}")
        yield harbour


@pytest.mark.parametrize("server", ["", "/api/v3"])
@pytest.mark.parametrize(("path", "shape"), SHAPES)
def test_an_answer_has_the_shape_that_github_gives_it(harbour: Harbour, server: str, path: str, shape: str) -> None:
    assert_shaped(harbour.told(server + path), shape)


@pytest.mark.parametrize(("path", "shape"), LISTS)
def test_what_is_listed_has_it_too(harbour: Harbour, path: str, shape: str) -> None:
    listed = harbour.told(path)
    assert listed
    for each in listed:
        assert_shaped(each, shape)


def test_one_version_is_shown_as_it_is_listed(harbour: Harbour) -> None:
    (listed,) = harbour.told("/orgs/crew/packages/container/app/versions")
    shown = harbour.told(f"/orgs/crew/packages/container/app/versions/{listed['id']}")
    assert_shaped(shown, "package-version")
    assert listed == shown


@pytest.mark.parametrize(("path", "shape"), [("/user", "package"), ("/orgs/crew", "public-user")])
def test_another_shape_is_not_taken_for_it(harbour: Harbour, path: str, shape: str) -> None:
    with pytest.raises(jsonschema_rs.ValidationError):
        assert_shaped(harbour.told(path), shape)


def test_the_addresses_of_an_account_lead_to_where_it_was_asked_for(harbour: Harbour) -> None:
    user, there = harbour.told("/user"), harbour.told("/api/v3/user")
    assert ("http://localhost/users/admin", "http://localhost/api/v3/users/admin") == (user["url"], there["url"])
    assert user["login"] == harbour.told("/users/admin")["login"]
