"""What docker, podman and skopeo show of a rule or a quota that refuses a push."""

import re

import pytest

from tests.clients.authority import Authority
from tests.clients.test_accounts import AccountTool, complaint_of, log_in

pytestmark = pytest.mark.slow


@pytest.fixture(params=["docker", "podman", "skopeo"])
def tool(request: pytest.FixtureRequest) -> AccountTool:
    found: AccountTool = request.getfixturevalue(request.param)
    return found


@pytest.fixture
def crew(tool: AccountTool, authority: Authority) -> str:
    """A new organisation, one of whose writers is logged in."""
    made = authority.organisation()
    log_in(tool, authority, authority.somebody(made, "writer"))
    return made


def test_a_moved_tag_is_refused_and_the_client_says_why(tool: AccountTool, authority: Authority, crew: str) -> None:
    image = f"{authority.host}/{crew}/app:v1"
    tool.make_and_push("the first", image)
    authority.told("POST", f"/owners/{crew}/rules", {"kind": "immutable", "tags": ["v*"]})
    said = complaint_of(lambda: tool.make_and_push("the second", image))
    assert re.search(r"the tag v1 of \S+ is immutable", said), said


def test_a_push_beyond_the_quota_is_refused_and_the_client_says_why(
    tool: AccountTool, authority: Authority, crew: str
) -> None:
    authority.told("PUT", f"/owners/{crew}/quota", {"bytes": 100})
    said = complaint_of(lambda: tool.make_and_push("too much", f"{authority.host}/{crew}/app:v1"))
    assert f"{crew} has no room left" in said, said
    assert 100 >= authority.told("GET", f"/owners/{crew}/quota")["used"]
