"""containerd at a registry with accounts, by `ctr`: the login goes with each command, and nothing is kept."""

import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.clients.authority import Authority, Credential
from tests.clients.conftest import need
from tests.clients.containerd import Containerd
from tests.clients.layouts import small_image
from tests.clients.programs import Home
from tests.clients.tools import Skopeo

PLAIN = "--plain-http"


@pytest.fixture(scope="module")
def containerd(yard: Path) -> Iterator[Containerd]:
    need("ctr", "containerd")
    folder = yard / "containerd"
    folder.mkdir()
    with Containerd(folder) as daemon:
        yield daemon


class Node:
    """A machine that runs images, with a name space of its own in the daemon."""

    def __init__(self, daemon: Containerd, home: Home) -> None:
        self.program = daemon.client(home)
        self.space = ("--namespace", secrets.token_hex(4), "images")

    def pull(self, image: str, login: Credential | None = None) -> str:
        """The digest of what was pulled."""
        self.program.run(*self.space, "pull", PLAIN, *shown(login), image)
        return self.digest(image)

    def fail(self, doing: str, image: str, login: Credential | None = None) -> str:
        return self.program.fail(*self.space, doing, PLAIN, *shown(login), image)

    def push(self, image: str, login: Credential) -> None:
        self.program.run(*self.space, "push", PLAIN, *shown(login), image)

    def name(self, image: str, another: str) -> None:
        self.program.run(*self.space, "tag", image, another)

    def digest(self, image: str) -> str:
        listed = self.program.run(*self.space, "ls", f"name=={image}").splitlines()
        return listed[1].split()[2]


def shown(login: Credential | None) -> tuple[str, ...]:
    return () if login is None else ("--user", f"{login.name}:{login.password}")


@pytest.fixture
def node(containerd: Containerd, home: Home) -> Node:
    return Node(containerd, home)


@pytest.fixture
def writer(authority: Authority, crew: str) -> Credential:
    return authority.service(crew, f"{crew}/app")


@pytest.fixture
def pushed(skopeo: Skopeo, home: Home, writer: Credential, image: str) -> str:
    creds = f"--dest-creds={writer.name}:{writer.password}"
    return skopeo.push(small_image(home.folder(), "for a node"), image, creds)


def test_a_reader_pulls_what_is_private(node: Node, authority: Authority, crew: str, image: str, pushed: str) -> None:
    assert pushed == node.pull(image, authority.somebody(crew))


def test_nobody_pulls_what_is_private(node: Node, image: str, pushed: str) -> None:
    assert "401 Unauthorized" in node.fail("pull", image)


def test_a_stranger_is_told_what_is_told_of_an_image_that_does_not_exist(
    node: Node, authority: Authority, image: str, pushed: str
) -> None:
    stranger, absent = authority.somebody(), image.replace("/app:", "/none:")

    said, of_nothing = (node.fail("pull", each, stranger).splitlines()[-1] for each in (image, absent))

    assert said.endswith(f"{image}: not found")
    assert said.replace(image, absent) == of_nothing


def test_anybody_pulls_what_is_public(node: Node, authority: Authority, crew: str, image: str, pushed: str) -> None:
    authority.make_public(f"{crew}/app")

    assert pushed == node.pull(image)


def test_a_node_pushes_where_its_token_reaches_and_nowhere_else(
    node: Node, authority: Authority, writer: Credential, image: str, pushed: str
) -> None:
    node.pull(image, writer)
    again, beyond = image.replace(":1.0", ":2.0"), image.replace("/app:", "/other:")
    node.name(image, again)
    node.name(image, beyond)

    node.push(again, writer)

    repository, _, tag = again.partition("/")[2].rpartition(":")
    assert pushed == authority.digest(repository, tag)
    said = node.fail("push", beyond, writer)
    assert "401" in said or "403" in said, said


def test_a_token_that_was_revoked_opens_nothing(
    node: Node, authority: Authority, writer: Credential, image: str, pushed: str
) -> None:
    authority.revoke_all(writer.name)

    assert "401" in node.fail("pull", image, writer)
