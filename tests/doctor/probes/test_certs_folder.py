from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.client.certificates import Authority
from tests.client.raw_server import RawServer, good
from tests.doctor.worlds.around_a_registry import known, world_about
from tests.doctor.worlds.world import World

HERE = "127.0.0.1"


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority.create(tmp_path / "authority")


@pytest.fixture
def registry(authority: Authority) -> Iterator[str]:
    with RawServer(good, authority.issue(HERE).server_context()) as server:
        yield server.host


def put(file: Path, content: bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)


def facts(home: Path, registry: str) -> dict[str, object]:
    return known(world_about(home, registry), "certs-folder")


def test_nothing_lies_anywhere(tmp_path: Path, registry: str) -> None:
    assert {
        "docker": "absent", "containers": "absent", "containerd": "absent", "notary": "absent", "system": "does-not"
    } == facts(tmp_path, registry)  # fmt: skip


def test_the_authority_lies_where_docker_looks(tmp_path: Path, registry: str, authority: Authority) -> None:
    put(tmp_path / "etc/docker/certs.d" / registry / "ca.crt", authority.file.read_bytes())

    assert "trusts" == facts(tmp_path, registry)["docker"]


def test_podman_looks_there_too(tmp_path: Path, registry: str, authority: Authority) -> None:
    put(tmp_path / "etc/docker/certs.d" / registry / "ca.crt", authority.file.read_bytes())

    assert "trusts" == facts(tmp_path, registry)["containers"]


def test_and_docker_does_not_look_where_podman_does(tmp_path: Path, registry: str, authority: Authority) -> None:
    put(tmp_path / "etc/containers/certs.d" / registry / "ca.crt", authority.file.read_bytes())

    found = facts(tmp_path, registry)

    assert ("absent", "trusts") == (found["docker"], found["containers"])


def test_another_authority_lies_there(tmp_path: Path, registry: str) -> None:
    other = Authority.create(tmp_path / "other", "Other Authority")
    put(tmp_path / "etc/docker/certs.d" / registry / "ca.crt", other.file.read_bytes())

    assert "other-authority" == facts(tmp_path, registry)["docker"]


@pytest.mark.parametrize("content", [b"", b"0\x82\x01\x00binary", b"<html></html>"])
def test_what_lies_there_is_no_certificate_in_pem(tmp_path: Path, registry: str, content: bytes) -> None:
    put(tmp_path / "etc/docker/certs.d" / registry / "ca.crt", content)

    assert "not-pem" == facts(tmp_path, registry)["docker"]


def test_the_right_authority_lies_there_and_is_past_its_end(
    tmp_path: Path, registry: str, authority: Authority
) -> None:
    put(tmp_path / "etc/docker/certs.d" / registry / "ca.crt", authority.file.read_bytes())
    world = world_about(tmp_path, registry)
    later = World(replace(world.scene, clock=lambda: datetime.now(UTC) + timedelta(days=60)))

    assert "expired" == known(later, "certs-folder")["docker"]


@pytest.mark.parametrize("name", ["127.0.0.1", "https:", "127.0.0.1_{port}", "127.0.0.1:1"])
def test_a_folder_of_another_name(tmp_path: Path, registry: str, authority: Authority, name: str) -> None:
    folder = name.format(port=registry.partition(":")[2])
    put(tmp_path / "etc/docker/certs.d" / folder / "ca.crt", authority.file.read_bytes())

    assert ("absent" if folder == "https:" else "misnamed") == facts(tmp_path, registry)["docker"]


@pytest.mark.parametrize("name", ["ca.pem", "ca.cer", "ca.crt.txt", "rootCA"])
def test_an_authority_whose_file_is_called_otherwise(
    tmp_path: Path, registry: str, authority: Authority, name: str
) -> None:
    put(tmp_path / "etc/docker/certs.d" / registry / name, authority.file.read_bytes())

    assert "wrong-ending" == facts(tmp_path, registry)["docker"]


def test_a_client_certificate_without_its_key(tmp_path: Path, registry: str, authority: Authority) -> None:
    put(tmp_path / "etc/docker/certs.d" / registry / "ca.cert", authority.file.read_bytes())

    assert "half-a-pair" == facts(tmp_path, registry)["docker"]


def test_the_system_knows_it_already(tmp_path: Path, registry: str, authority: Authority) -> None:
    world = world_about(tmp_path, registry, SSL_CERT_FILE=str(authority.file))

    assert "trusts" == known(world, "certs-folder")["system"]


def test_containerd_is_told_by_its_own_file_if_it_is_told_to_look(
    tmp_path: Path, registry: str, authority: Authority
) -> None:
    folder = tmp_path / "etc/containerd/certs.d" / registry
    put(folder / "hosts.toml", f'[host."https://{registry}"]\n  ca = "{authority.file}"\n'.encode())

    assert "not-configured" == facts(tmp_path, registry)["containerd"]

    table = '[plugins."io.containerd.grpc.v1.cri".registry]\nconfig_path = "/etc/containerd/certs.d"\n'
    put(tmp_path / "etc/containerd/config.toml", table.encode())

    assert "trusts" == facts(tmp_path, registry)["containerd"]


def test_whether_an_authority_is_the_right_one_is_not_known_while_nobody_answers(
    tmp_path: Path, authority: Authority
) -> None:
    put(tmp_path / "etc/docker/certs.d/127.0.0.1:9/ca.crt", authority.file.read_bytes())

    assert "docker" not in facts(tmp_path, "127.0.0.1:9")
