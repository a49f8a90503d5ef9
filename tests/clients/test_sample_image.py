"""The sample image of `make run` is a real one: Docker pulls the part for this machine's processor and runs it."""

from examples.push_sample import LINE
from examples.push_sample import main as push_sample
from tests.clients.registry_view import RegistryView
from tests.clients.tools import Docker


def test_docker_runs_the_sample(docker: Docker, registry: RegistryView, repository: str) -> None:
    push_sample(f"http://{registry.host}/{repository}:latest")
    assert LINE.decode() == docker.program.run("run", "--rm", f"{registry.host}/{repository}")
