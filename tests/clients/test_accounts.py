"""docker, podman, skopeo and buildah at a registry with accounts: who logs in, who pushes, who pulls, who may not."""

import re
from collections.abc import Callable
from typing import Protocol

import pytest

from tests.clients.authority import Authority, Credential
from tests.clients.programs import Program
from tests.clients.tools import PLAIN_HTTP, Pulled

REFUSED = re.compile(r"(?i)denied|unauthorized|forbidden|authentication required|invalid username/password|incorrect")
UNKNOWN = re.compile(r"(?i)name unknown|not found|manifest unknown|repository name not known")


class AccountTool(Protocol):
    """What a test asks of each of the clients."""

    program: Program

    def make_and_push(self, story: str, target: str) -> str: ...

    def pull(self, source: str) -> Pulled: ...


@pytest.fixture(params=["docker", "podman", "skopeo", "buildah"])
def tool(request: pytest.FixtureRequest) -> AccountTool:
    found: AccountTool = request.getfixturevalue(request.param)
    return found


def flags_of(tool: AccountTool) -> tuple[str, ...]:
    return () if tool.program.command == ("docker",) else (PLAIN_HTTP,)


def log_in(tool: AccountTool, authority: Authority, login: Credential) -> None:
    tool.program.run("login", *flags_of(tool), "-u", login.name, "-p", login.password, authority.host)


def log_out(tool: AccountTool, authority: Authority) -> None:
    tool.program.run("logout", authority.host)


def complaint_of(doing: Callable[[], object]) -> str:
    with pytest.raises(AssertionError) as failure:
        doing()
    return str(failure.value)


@pytest.fixture
def pushed(tool: AccountTool, authority: Authority, crew: str, image: str) -> str:
    """The digest of an image that a writer has pushed; nobody is logged in afterwards."""
    log_in(tool, authority, authority.somebody(crew, "writer"))
    digest = tool.make_and_push("of the crew", image)
    log_out(tool, authority)
    return digest


def test_a_wrong_password_is_no_login(tool: AccountTool, authority: Authority) -> None:
    somebody = authority.somebody()

    said = tool.program.fail("login", *flags_of(tool), "-u", somebody.name, "-p", "another word", authority.host)

    assert REFUSED.search(said), said
    assert "another word" not in said


def test_a_reader_pulls_what_a_writer_pushed_until_they_log_out(
    tool: AccountTool, authority: Authority, crew: str, image: str, pushed: str
) -> None:
    log_in(tool, authority, authority.somebody(crew))
    assert pushed == tool.pull(image).digest

    log_out(tool, authority)
    assert REFUSED.search(complaint_of(lambda: tool.pull(image)))


def test_a_reader_does_not_push(tool: AccountTool, authority: Authority, crew: str, image: str) -> None:
    log_in(tool, authority, authority.somebody(crew))

    assert REFUSED.search(complaint_of(lambda: tool.make_and_push("of a reader", image)))


def test_to_a_stranger_a_private_repository_is_one_that_does_not_exist(
    tool: AccountTool, authority: Authority, image: str, pushed: str
) -> None:
    log_in(tool, authority, authority.somebody())
    absent = image.replace("/app:", "/none:")

    said, of_nothing = complaint_of(lambda: tool.pull(image)), complaint_of(lambda: tool.pull(absent))

    assert UNKNOWN.search(said) or REFUSED.search(said), said
    assert without_chance(said) == without_chance(of_nothing.replace("/none", "/app"))


def test_anybody_pulls_what_is_public(
    tool: AccountTool, authority: Authority, crew: str, image: str, pushed: str
) -> None:
    authority.make_public(f"{crew}/app")

    assert pushed == tool.pull(image).digest


def test_nobody_pushes_without_a_login_what_is_public(
    tool: AccountTool, authority: Authority, crew: str, image: str, pushed: str
) -> None:
    authority.make_public(f"{crew}/app")

    assert REFUSED.search(complaint_of(lambda: tool.make_and_push("of nobody", image)))


def test_a_service_pushes_where_its_token_reaches_and_nowhere_else(
    tool: AccountTool, authority: Authority, crew: str, image: str
) -> None:
    log_in(tool, authority, authority.service(crew, f"{crew}/app"))

    digest = tool.make_and_push("of a service", image)
    assert digest == tool.pull(image).digest

    other = image.replace("/app:", "/other:")
    assert REFUSED.search(complaint_of(lambda: tool.make_and_push("beyond", other)))


def test_a_token_that_was_revoked_ends_the_login(
    tool: AccountTool, authority: Authority, crew: str, image: str, pushed: str
) -> None:
    reader = authority.somebody(crew)
    log_in(tool, authority, authority.token(reader.name))
    assert pushed == tool.pull(image).digest

    authority.revoke_all(reader.name)

    assert REFUSED.search(complaint_of(lambda: tool.pull(image)))


def without_chance(said: str) -> str:
    """Without what differs from one call to the next: the folders of a test, times, and the numbers of requests."""
    return re.sub(r"/tmp/\S+|time=\S+|[0-9a-f]{8,}(-[0-9a-f]+)?", "…", said)
