"""A layer for which there can be no room is refused while it is sent, and clients show why, not that a pipe broke."""

from pathlib import Path

import pytest

from tests.clients.authority import Authority
from tests.clients.layouts import Layout, noise_tar
from tests.clients.programs import Home, Program
from tests.clients.test_accounts import complaint_of, log_in
from tests.clients.tools import Docker, Podman, Skopeo
from tests.clients.wharf_client import Wharf
from tests.durability.processes import eventually

pytestmark = pytest.mark.slow

SIZE = 48 << 20


@pytest.fixture(scope="module")
def layer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tar that does not shrink."""
    made = tmp_path_factory.mktemp("large") / "layer.tar"
    with made.open("wb") as file:
        file.writelines(noise_tar(SIZE))
    return made


@pytest.fixture
def crew(authority: Authority) -> str:
    made = authority.organisation()
    authority.told("PUT", f"/owners/{made}/quota", {"bytes": 1 << 20})
    return made


@pytest.fixture(scope="module")
def heavy(tmp_path_factory: pytest.TempPathFactory) -> Layout:
    layout = Layout(tmp_path_factory.mktemp("heavy") / "layout")
    layout.publish(layout.image([layout.stored_layer(SIZE)]))
    return layout


@pytest.fixture
def begun(authority: Authority) -> set[Path]:
    """What others left on their way."""
    return uploads_of(authority)


def uploads_of(authority: Authority) -> set[Path]:
    return {each for each in (authority.registry.data / "uploads").rglob("*") if each.is_file()}


def assert_refused(authority: Authority, crew: str, begun: set[Path], said: str) -> None:
    assert f"{crew} has no room left" in said, said
    assert authority.told("GET", f"/owners/{crew}/quota")["used"] < 1000
    assert eventually(lambda: uploads_of(authority) <= begun)


@pytest.mark.parametrize("engine", ["docker", "podman"])
def test_an_engine_says_why(
    engine: str, request: pytest.FixtureRequest, authority: Authority, crew: str, begun: set[Path], layer: Path
) -> None:
    tool: Docker | Podman = request.getfixturevalue(engine)
    log_in(tool, authority, authority.somebody(crew, "writer"))
    image = f"{authority.host}/{crew}/app:v1"
    tool.program.run("import", layer, image)
    said = complaint_of(lambda: tool.push(image))
    tool.forget(image)
    assert_refused(authority, crew, begun, said)


def test_skopeo_says_why(skopeo: Skopeo, authority: Authority, crew: str, begun: set[Path], heavy: Layout) -> None:
    log_in(skopeo, authority, authority.somebody(crew, "writer"))
    said = complaint_of(lambda: skopeo.push(heavy, f"{authority.host}/{crew}/app:v1"))
    assert_refused(authority, crew, begun, said)


def test_wharf_says_why(
    wharf: Wharf, skopeo: Skopeo, authority: Authority, crew: str, begun: set[Path], heavy: Layout
) -> None:
    log_in(skopeo, authority, authority.somebody(crew, "writer"))
    said = complaint_of(lambda: wharf.push(heavy, f"{authority.host}/{crew}/app:v1"))
    assert_refused(authority, crew, begun, said)


def test_curl_says_why_and_sends_nothing(
    home: Home, authority: Authority, crew: str, begun: set[Path], layer: Path
) -> None:
    """It asks before it sends much."""
    curl, admin = Program("curl", "-sS", environment=home.environment), authority.administrator
    user, asked = f"{admin.name}:{admin.password}", "?digest=sha256:" + "0" * 64
    uploads = f"{authority.registry.url}/v2/{crew}/app/blobs/uploads/{asked}"
    said = curl.run("-u", user, "--data-binary", f"@{layer}", "-w", "\n%{size_upload} bytes sent", uploads)
    assert said.endswith("\n0 bytes sent"), said
    assert_refused(authority, crew, begun, said)
