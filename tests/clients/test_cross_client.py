"""What one client has pushed the others read: the same digests, the same image, the same words in it."""

import pytest

from tests.clients.registry_view import RegistryView
from tests.clients.tools import Pulled, Tool

TOOLS = ("docker", "skopeo", "podman", "buildah")


@pytest.fixture
def pusher(request: pytest.FixtureRequest) -> Tool:
    tool: Tool = request.getfixturevalue(request.param)
    return tool


@pytest.fixture
def reader(request: pytest.FixtureRequest) -> Tool:
    tool: Tool = request.getfixturevalue(request.param)
    return tool


@pytest.mark.parametrize("reader", TOOLS, indirect=True)
@pytest.mark.parametrize("pusher", TOOLS, indirect=True)
def test_what_one_pushed_another_reads(pusher: Tool, reader: Tool, registry: RegistryView, repository: str) -> None:
    target = f"{registry.host}/{repository}:1.0"
    pushed = pusher.make_and_push(f"told in {repository}", target)
    held = registry.manifest(repository, "1.0")
    assert Pulled(pushed, held.config) == reader.pull(target)
    assert held.digest == pushed
    assert f"told in {repository}" == reader.story(target)
