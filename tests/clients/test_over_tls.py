"""The same clients over TLS, where they may speak HTTP/2: with a certificate that they are told to trust."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.clients.certificates import certificate_in, flags_of
from tests.clients.layouts import Layout, image_files
from tests.clients.programs import Home
from tests.clients.tools import Buildah, Docker, Podman, Skopeo
from wharf.testing.registry_process import RegistryProcess

MEGABYTE = 1 << 20


@pytest.fixture(scope="module")
def certificate(yard: Path) -> Path:
    return certificate_in(yard / "certificate")


@pytest.fixture(scope="module")
def tls_registry(registry_is_ours: None, yard: Path, certificate: Path) -> Iterator[RegistryProcess]:
    with RegistryProcess(yard / "tls-data", *flags_of(certificate)) as registry:
        yield registry


def test_skopeo_trusts_the_certificate_it_is_given(
    tls_registry: RegistryProcess, certificate: Path, skopeo: Skopeo, home: Home
) -> None:
    layout = Layout(home.folder())
    layout.publish(layout.image([layout.gzipped_layer(image_files("sealed")), layout.stored_layer(64 * MEGABYTE)]))
    target = f"docker://{tls_registry.host}/crew/sealed:1.0"
    skopeo.program.run("copy", f"--dest-cert-dir={certificate}", str(layout), target)
    back = home.folder()
    skopeo.program.run("copy", f"--src-cert-dir={certificate}", target, f"oci:{back}")
    assert (back / "index.json").exists()
    assert {path.name for path in layout.blobs.iterdir()} >= {path.name for path in (back / "blobs/sha256").iterdir()}


def test_skopeo_refuses_a_certificate_it_was_not_told_of(tls_registry: RegistryProcess, skopeo: Skopeo) -> None:
    said = skopeo.program.fail("list-tags", f"docker://{tls_registry.host}/crew/sealed")
    assert "x509: certificate signed by unknown authority" in said


def test_docker_pushes_and_pulls(tls_registry: RegistryProcess, docker: Docker) -> None:
    target = f"{tls_registry.host}/crew/by-docker:1.0"
    assert docker.make_and_push("under seal", target) == docker.pull(target).digest
    assert docker.story(target) == "under seal"


@pytest.mark.parametrize("tool", ["podman", "buildah"])
def test_podman_and_buildah_push_what_skopeo_inspects(
    tool: str, tls_registry: RegistryProcess, certificate: Path, skopeo: Skopeo, request: pytest.FixtureRequest
) -> None:
    crew: Podman | Buildah = request.getfixturevalue(tool)
    target = f"{tls_registry.host}/crew/by-{tool}:1.0"
    pushed = crew.make_and_push("under seal", target)
    seen = skopeo.program.run("inspect", f"--cert-dir={certificate}", "--format={{.Digest}}", f"docker://{target}")
    assert seen.strip() == pushed
    assert crew.pull(target).digest == pushed
    assert crew.story(target) == "under seal"
