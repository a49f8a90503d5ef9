"""What the probe of BuildKit tells of the builder that is chosen here."""

import base64
import json
from pathlib import Path

import pytest

from tests.doctor.engines.small_engine import small_engine
from tests.doctor.probes.ground import facts_of, programs_in, scene_in
from wharf.doctor.facts import Known
from wharf.doctor.scene import Aim

HERE = "registry.example:5000"
PASSWD = "root:x:0:0::/root:/bin/sh\nmina:x:1000:1000::/people/lena:/bin/sh\n"
LOGIN = json.dumps({"auths": {HERE: {"auth": "cm9ib3Q6czNjcjN0"}}})


def chosen(settings: str = "", driver: str = "docker-container") -> dict[str, str | bytes]:
    node = {"Files": {"buildkitd.toml": base64.b64encode(settings.encode()).decode()}} if settings else {}
    return {
        "home/mina/.docker/buildx/current": json.dumps({"Name": "mine"}),
        "home/mina/.docker/buildx/instances/mine": json.dumps({"Driver": driver, "Nodes": [node]}),
    }


def facts(tmp_path: Path, files: dict[str, str | bytes], aim: Aim | None = None, **environ: str) -> dict[str, Known]:
    return facts_of("builder", scene_in(tmp_path, files, aim=aim or Aim(registry=HERE), more=environ))


def test_without_a_choice_it_is_the_engines_own(tmp_path: Path) -> None:
    told = facts(tmp_path, {})
    assert "docker" == told["driver"]
    assert "exports_cache" not in told


def test_a_builder_in_a_container_exports_a_cache(tmp_path: Path) -> None:
    told = facts(tmp_path, chosen())
    assert ("docker-container", True) == tuple(told[name] for name in ("driver", "exports_cache"))


@pytest.mark.parametrize(("status", "able"), [("io.containerd.snapshotter.v1", True), ("extfs", False)])
def test_the_engines_own_does_so_with_the_store_of_containerd(tmp_path: Path, status: str, able: bool) -> None:
    with small_engine(tmp_path / "e.sock", {"/info": {"Driver": "overlayfs", "DriverStatus": [["type", status]]}}):
        assert able is facts(tmp_path, {}, DOCKER_HOST="unix:///e.sock")["exports_cache"]


@pytest.mark.parametrize(
    ("settings", "trusts", "plain"),
    [
        (f'[registry."{HERE}"]\n  http = true\n', False, True),
        (f'[registry."{HERE}"]\n  ca = ["/etc/ca.pem"]\n', True, False),
        ('[registry."other.example"]\n  http = true\n', False, False),
        ("not toml", False, False),
        ("", False, False),
    ],
)
def test_its_own_settings_count_for_a_registry(tmp_path: Path, settings: str, trusts: bool, plain: bool) -> None:
    told = facts(tmp_path, chosen(settings))
    assert (trusts, plain) == (told["trusts_registry"], told["speaks_http_here"])


def test_a_variable_chooses_another_builder(tmp_path: Path) -> None:
    assert "docker" == facts(tmp_path, chosen(), BUILDX_BUILDER="default")["driver"]


def test_a_builder_that_is_not_kept_here_is_not_known(tmp_path: Path) -> None:
    assert "driver" not in facts(tmp_path, chosen(), BUILDX_BUILDER="../gone")


@pytest.mark.parametrize(("version", "too_old"), [("v0.10.4", True), ("v0.21.0", False), ("v1.0.0", False)])
def test_it_tells_the_version_of_buildx(tmp_path: Path, version: str, too_old: bool) -> None:
    plugins = tmp_path / "home" / "mina" / ".docker" / "cli-plugins"
    plugins.mkdir(parents=True)
    programs_in(plugins, docker_buildx=f"""echo '{{"Version": "{version}"}}'""")
    told = facts(tmp_path, {})
    assert (True, version, too_old) == (told["installed"], told["version"], told["too_old_for_cache"])


def test_there_may_be_no_buildx(tmp_path: Path) -> None:
    assert facts(tmp_path, {})["installed"] is False


def test_the_account_before_sudo_may_be_the_one_that_logged_in(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {"etc/passwd": PASSWD, "people/lena/.docker/config.json": LOGIN}
    assert facts(tmp_path, files, SUDO_USER="mina")["same_account"] is False


def test_without_sudo_it_is_one_account(tmp_path: Path) -> None:
    assert facts(tmp_path, {"etc/passwd": PASSWD})["same_account"] is True


@pytest.mark.parametrize(
    ("formats", "expected"),
    [({"status": "enabled\n", "qemu-s390x": "enabled\n"}, True), ({"status": "enabled\n"}, False), ({}, None)],
)
def test_it_tells_what_the_kernel_runs(tmp_path: Path, formats: dict[str, str], expected: bool | None) -> None:
    files: dict[str, str | bytes] = {f"proc/sys/fs/binfmt_misc/{name}": text for name, text in formats.items()}
    assert expected is facts(tmp_path, files, Aim(platform="linux/s390x")).get("emulation")
