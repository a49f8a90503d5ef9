"""What the probe of Docker-in-Docker tells of a job's variables, its certificates and the service."""

from pathlib import Path

import pytest

from tests.doctor.engines.small_engine import at_a_port, in_http, saying
from tests.doctor.probes.ground import facts_of, scene_in
from wharf.doctor.scene import Aim


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("", "absent"),
        ("tcp://docker.invalid:2375", "plain-port"),
        ("tcp://docker.invalid:2376", "tls-port"),
        ("tcp://docker.invalid:1234", "other-port"),
        ("unix:///var/run/docker.sock", "socket"),
    ],
)
def test_it_tells_what_docker_host_is(tmp_path: Path, host: str, expected: str) -> None:
    assert expected == facts_of("dind", scene_in(tmp_path, DOCKER_HOST=host))["host"]


@pytest.mark.parametrize(
    ("environ", "expected"),
    [({}, "unset"), ({"DOCKER_TLS_CERTDIR": ""}, "empty"), ({"DOCKER_TLS_CERTDIR": "/certs"}, "set")],
)
def test_it_tells_where_certificates_are_to_be(tmp_path: Path, environ: dict[str, str], expected: str) -> None:
    assert expected == facts_of("dind", scene_in(tmp_path, more=environ))["cert_folder"]


@pytest.mark.parametrize(
    ("files", "expected"), [((), "absent"), (("ca",), "incomplete"), (("ca", "cert", "key"), "present")]
)
def test_it_tells_which_certificates_a_client_finds(tmp_path: Path, files: tuple[str, ...], expected: str) -> None:
    there: dict[str, str | bytes] = {f"certs/client/{name}.pem": "" for name in files}
    told = facts_of("dind", scene_in(tmp_path, there, DOCKER_CERT_PATH="/certs/client", DOCKER_TLS_VERIFY="1"))
    assert (expected, True) == (told["client_certificates"], told["tls_verify"])


def test_a_name_that_leads_nowhere_is_not_tried(tmp_path: Path) -> None:
    told = facts_of("dind", scene_in(tmp_path, DOCKER_HOST="tcp://docker.invalid:2375"))
    assert (False, "not-tried") == (told["resolves"], told["speaks"])


def test_it_tells_what_the_service_speaks(tmp_path: Path) -> None:
    with at_a_port(saying(in_http({}))) as endpoint:
        told = facts_of("dind", scene_in(tmp_path, DOCKER_HOST=endpoint.text))
    assert (True, "plain") == (told["resolves"], told["speaks"])


@pytest.mark.parametrize("privileged", [True, False])
def test_the_runners_own_settings_say_whether_it_is_privileged(tmp_path: Path, privileged: bool) -> None:
    settings = f"[[runners]]\n[runners.docker]\nprivileged = {str(privileged).lower()}\n"
    scene = scene_in(tmp_path, {"etc/gitlab-runner/config.toml": settings})
    assert privileged is facts_of("dind", scene)["privileged"]


def test_a_service_that_may_not_mount_is_not_privileged(tmp_path: Path) -> None:
    scene = scene_in(tmp_path, aim=Aim(log="mount: permission denied (are you root?)"))
    assert facts_of("dind", scene)["privileged"] is False


def test_nothing_is_known_of_privileges_without_a_sign(tmp_path: Path) -> None:
    assert "privileged" not in facts_of("dind", scene_in(tmp_path, {"etc/gitlab-runner/config.toml": "[[["}))
