"""A registry with GitHub's API beside it: packages and versions are looked up there, and deleted there."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.cli.check.checks import WELL, Checked, checked
from tests.cli.check.front import Answer, Overrule, as_json, before
from tests.cli.check.github import GitHub
from tests.client.token_service import Account, House, serving
from wharf.testing.hostile_registry import HostileRegistry

pytestmark = pytest.mark.slow
ALL = frozenset({"pull", "push", "delete"})
ADA = {"WHARF_USERNAME": "ada", "WHARF_TOKEN": "right"}


@pytest.fixture
def shelf() -> Iterator[HostileRegistry]:
    with HostileRegistry() as registry:
        yield registry


def versions_in(shelf: HostileRegistry) -> dict[str, list[str]]:
    """What of the package the registry holds: each manifest is a version of it."""
    return {digest: ["check"] for _, digest in shelf.shelf.manifests}


@contextmanager
def github(shelf: HostileRegistry, api: GitHub) -> Iterator[str]:
    """A door that asks for a token of the registry, and lets the API be asked with one's own."""
    house = House({"ada": Account("right", {"*": ALL})}, upstream=shelf.host)
    with serving(house) as guarded, before(guarded, api.overrule) as host:
        yield host


def found_at(shelf: HostileRegistry, api: GitHub, folder: Path, owner: str = "acme") -> Checked:
    with github(shelf, api) as host:
        return checked(folder, f"{host}/{owner}", **ADA)


def api_of(shelf: HostileRegistry) -> GitHub:
    return GitHub(lambda: versions_in(shelf))


def test_packages_and_the_new_version_are_looked_up(shelf: HostileRegistry, tmp_path: Path) -> None:
    found = found_at(shelf, api_of(shelf), tmp_path)
    assert WELL == found.steps
    assert "1 package of acme: wharf-check (private)" in found.said("api")
    assert "of wharf-check has the tag check" in found.said("api")


def test_a_package_that_has_nothing_else_is_deleted_as_a_whole(shelf: HostileRegistry, tmp_path: Path) -> None:
    api = api_of(shelf)
    found = found_at(shelf, api, tmp_path)
    assert "DELETE /orgs/acme/packages/container/wharf-check" in api.asked
    assert "nothing of it is left" in found.said("cleanup")


def test_of_a_package_that_has_more_only_ones_own_versions_go(shelf: HostileRegistry, tmp_path: Path) -> None:
    api = api_of(shelf)
    api.others = {"sha256:somebody-elses": ["1.0"]}
    found_at(shelf, api, tmp_path)
    deleted = [asked for asked in api.asked if asked.startswith("DELETE")]
    assert [f"DELETE /orgs/acme/packages/container/wharf-check/versions/{number}" for number in (1, 2, 3)] == deleted


def test_a_user_has_packages_at_another_address(shelf: HostileRegistry, tmp_path: Path) -> None:
    api = api_of(shelf)
    api.holder = "users/octo"
    found = found_at(shelf, api, tmp_path, "octo")
    assert WELL == found.steps
    assert "DELETE /user/packages/container/wharf-check" in api.asked


def test_a_token_that_may_not_delete_is_told_of_with_what_stays(shelf: HostileRegistry, tmp_path: Path) -> None:
    api = api_of(shelf)
    api.refuses_to_delete = True
    found = found_at(shelf, api, tmp_path)
    assert (0, WELL) == (found.code, found.steps)
    assert "delete:packages" in str(found.lines("cleanup"))
    assert "this stays: " in found.said("cleanup")
    (stays,) = [line["command"] for line in found.lines("cleanup") if "command" in line]
    at_home = f"gh api --hostname {found.document['registry']}"
    assert f"{at_home} -X DELETE /orgs/acme/packages/container/wharf-check" == stays


def refusing(answer: Answer) -> Overrule:
    """An API that knows this token, and does not tell it of packages."""

    def overrule(method: str, path: str) -> Answer | None:
        if not path.startswith("/api/v3/"):
            return None
        return as_json(200, {"current_user_url": "https://github.example"}) if path == "/api/v3/" else answer

    return overrule


@pytest.mark.parametrize("status", [401, 403, 404])
def test_a_token_that_the_api_is_not_for_is_a_remark(shelf: HostileRegistry, tmp_path: Path, status: int) -> None:
    house = House({"ada": Account("right", {"*": ALL})}, upstream=shelf.host)
    refused = refusing(as_json(status, {"message": "Resource not accessible by integration"}))
    with serving(house) as guarded, before(guarded, refused) as host:
        found = checked(tmp_path, f"{host}/acme", **ADA)
    assert (0, WELL) == (found.code, found.steps)
    (told,) = found.lines("api", "remark")
    assert told["text"].startswith(f"{host} refused to list ")
    assert "read:packages" in told["error"]["nextStep"]


def test_a_limit_of_the_api_is_not_taken_for_a_missing_right(shelf: HostileRegistry, tmp_path: Path) -> None:
    limited = Answer(403, b'{"message": "API rate limit exceeded"}', {"X-RateLimit-Remaining": "0"})
    house = House({"ada": Account("right", {"*": ALL})}, upstream=shelf.host)
    with serving(house) as guarded, before(guarded, refusing(limited)) as host:
        found = checked(tmp_path, f"{host}/acme", **ADA)
    assert (10, ["api"], ["rate-limited"]) == (found.code, found.failed[:1], found.errors("api"))


def test_nobody_in_particular_does_not_ask_the_api(shelf: HostileRegistry, tmp_path: Path) -> None:
    api = api_of(shelf)
    with before(shelf.host, api.overrule) as host:
        checked(tmp_path, f"{host}/acme")
    assert {"GET /"} >= set(api.asked)
