"""How a job comes to a Docker daemon: what works is left in peace, and what does not is told of by one rule."""

from dataclasses import replace

import pytest

from tests.doctor.repositories import GRAVE, HISTORY, checkout_of
from wharf.doctor.checkout import Checkout
from wharf.doctor.examine import examine, known_rules
from wharf.doctor.finding import Severity
from wharf.formats.files import WrittenFiles

RULES = [rule for rule in known_rules() if rule.id.startswith("gitlab-")]
WITH_DAEMON = {"image": "docker:27.3", "services": "[docker:27.3-dind]"}
PRIVILEGED = "privileged = true"
CERTIFICATES = 'volumes = ["/certs/client", "/cache"]'
SOCKET = 'volumes = ["/var/run/docker.sock:/var/run/docker.sock"]'


def found(runner: str | None = None, *lines: str, script: str = "docker build .", **keys: str) -> list[str]:
    """Rules that find something grave. `lines` are of the runner's docker section."""
    job = "".join(f"  {key}: {value}\n" for key, value in keys.items())
    files = {".gitlab-ci.yml": f"build:\n{job}  script:\n    - {script}\n"}
    if runner:
        files["config.toml"] = "\n".join([f'[[runners]]\nexecutor = "{runner}"', "[runners.docker]", *lines, ""])
    return sorted({each.rule.id for each in examine(checkout_of(WrittenFiles(files)), RULES).of(*GRAVE)})


def variables(**values: str) -> str:
    return "{" + ", ".join(f"{name}: '{value}'" for name, value in values.items()) + "}"


TLS = variables(DOCKER_TLS_CERTDIR="/certs")
TLS_ON_ITS_PORT = variables(DOCKER_TLS_CERTDIR="/certs", DOCKER_HOST="tcp://docker:2376")
PLAIN = variables(DOCKER_TLS_CERTDIR="", DOCKER_HOST="tcp://docker:2375")


@pytest.mark.parametrize("lines", [(PRIVILEGED, CERTIFICATES)])
@pytest.mark.parametrize("settings", [TLS, TLS_ON_ITS_PORT, PLAIN, "{}"])
def test_what_works(lines: tuple[str, ...], settings: str) -> None:
    assert [] == found("docker", *lines, **WITH_DAEMON, variables=settings)
    assert [] == found(**WITH_DAEMON, variables=settings)


@pytest.mark.parametrize("settings", [TLS, PLAIN, "{}"])
def test_a_runner_that_is_not_privileged_cannot(settings: str) -> None:
    assert ["gitlab-runner-not-privileged"] == found("docker", CERTIFICATES, **WITH_DAEMON, variables=settings)


@pytest.mark.parametrize("settings", [TLS, TLS_ON_ITS_PORT, "{}"])
def test_tls_needs_the_certificates(settings: str) -> None:
    assert ["gitlab-runner-without-certificates"] == found("docker", PRIVILEGED, **WITH_DAEMON, variables=settings)


def test_without_tls_none_are_needed() -> None:
    assert [] == found("docker", PRIVILEGED, **WITH_DAEMON, variables=PLAIN)


@pytest.mark.parametrize(
    "settings",
    [
        variables(DOCKER_HOST="tcp://docker:2375"),
        variables(DOCKER_HOST="tcp://docker:2375", DOCKER_TLS_CERTDIR="/certs"),
        variables(DOCKER_HOST="tcp://docker:2376", DOCKER_TLS_CERTDIR=""),
    ],
)
def test_port_and_encryption_must_go_together(settings: str) -> None:
    assert ["gitlab-docker-port"] == found("docker", PRIVILEGED, CERTIFICATES, **WITH_DAEMON, variables=settings)


def test_a_socket_is_enough() -> None:
    assert [] == found("docker", SOCKET, image="docker:27.3")


def test_a_socket_and_a_daemon_are_too_much() -> None:
    assert ["gitlab-socket-and-dind"] == found("docker", SOCKET, **WITH_DAEMON)


@pytest.mark.parametrize("executor", ["shell", "ssh", "virtualbox"])
def test_of_other_runners_nothing_is_said(executor: str) -> None:
    assert [] == found(executor, image="docker:27.3")
    assert [] == found(executor, **WITH_DAEMON)


@pytest.mark.parametrize(
    ("services", "settings", "expected"),
    [
        ("[mirror.example.com/docker:27.3-dind]", "{}", ["gitlab-service-name"]),
        ("[{name: 'mirror.example.com/docker:27.3-dind', alias: docker}]", "{}", []),
        ("[{name: 'docker:27.3-dind', alias: dockerd}]", variables(DOCKER_HOST="tcp://dockerd:2376"), []),
        ("[docker:27.3-dind]", variables(DOCKER_HOST="tcp://dockerd:2376"), ["gitlab-service-name"]),
        ("[docker:27.3-dind]", variables(DOCKER_HOST="tcp://localhost:2376"), []),
        ("[docker:27.3-dind]", variables(DOCKER_HOST="$REMOTE_DOCKER"), []),
        ("[$DIND_IMAGE]", "{}", []),
        (
            "[{name: 'docker:27.3-dind', entrypoint: [dockerd, --tls=false]}]",
            variables(DOCKER_HOST="tcp://docker:2375"),
            [],
        ),
        ("[docker:18.09-dind]", variables(DOCKER_HOST="tcp://docker:2375"), []),
    ],
)
def test_the_name_and_the_port_of_the_daemon(services: str, settings: str, expected: list[str]) -> None:
    assert expected == found(image="docker:27.3", services=services, variables=settings)


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        (
            {"image": "docker:27.3", "variables": variables(DOCKER_HOST="tcp://docker:2375")},
            ["gitlab-no-docker-daemon"],
        ),
        ({"image": "docker:27.3"}, []),
        ({"image": "docker:27.3", "tags": "[own-runner]"}, []),
        ({"image": "docker:27.3", "variables": variables(DOCKER_HOST="unix:///var/run/docker.sock")}, []),
        ({"image": "docker:27.3", "variables": variables(DOCKER_HOST="ssh://deploy@example.com")}, []),
        ({"image": "alpine:3.20"}, []),
        ({}, []),
    ],
)
def test_without_a_daemon(keys: dict[str, str], expected: list[str]) -> None:
    assert expected == found(**keys)


@pytest.mark.parametrize(("host", "severity"), [("gitlab.com", Severity.WARNING), ("git.example.com", Severity.NOTE)])
def test_runners_of_ones_own_may_have_a_socket(host: str, severity: Severity) -> None:
    files = WrittenFiles({".gitlab-ci.yml": "build:\n  image: docker:27.3\n  script: [docker build .]\n"})
    checkout = Checkout(files, replace(HISTORY, host=host))

    assert severity in [each.severity for each in examine(checkout, RULES).of(*Severity) if "daemon" in each.rule.id]


def test_the_plain_image_is_a_daemon_too_since_23() -> None:
    assert [] == found(image="docker:26.1.1", services="[docker:26.1.1]")
    assert ["gitlab-no-docker-daemon"] == found("docker", PRIVILEGED, image="docker:26", services="[docker:26-cli]")


def test_a_daemon_in_the_job_itself_is_one() -> None:
    script = "dockerd-entrypoint.sh & docker build ."
    assert [] == found("docker", PRIVILEGED, CERTIFICATES, image="docker:27.3-dind", script=script)


def test_a_runner_that_is_known_to_have_none_is_an_error() -> None:
    files = {
        ".gitlab-ci.yml": "build:\n  image: docker:27.3\n  tags: [a]\n  script: [docker build .]\n",
        "config.toml": '[[runners]]\nexecutor = "docker"\n[runners.docker]\nprivileged = true\n',
    }
    (each,) = examine(checkout_of(WrittenFiles(files)), RULES).of(*GRAVE)

    assert ("gitlab-no-docker-daemon", "error") == (each.rule.id, each.severity.value)


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("docker run -d app", ["gitlab-deploys-into-job"]),
        ("docker compose up -d", ["gitlab-deploys-into-job"]),
        ("docker-compose up --detach", ["gitlab-deploys-into-job"]),
        ("docker run -d app && docker ps", ["gitlab-deploys-into-job"]),
        ("docker run -d app && curl --fail http://docker:8080", []),
        ("docker run app", []),
        ("docker compose up --abort-on-container-exit", []),
        ("ssh far docker run -d app", []),
    ],
)
def test_what_is_left_running_in_a_deployment(script: str, expected: list[str]) -> None:
    assert expected == found(**WITH_DAEMON, script=script, environment="production")
    assert [] == found(**WITH_DAEMON, script=script)


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("docker login -u a --password-stdin < key && docker push example.com/app:1", ["gitlab-login-elsewhere"]),
        ("docker login -u a --password-stdin < key && docker push acme/app:1", []),
        ("docker login -u a --password-stdin example.com < key && docker push example.com/app:1", []),
        ("docker login -u a --password-stdin < key && docker push $WHERE/app:1", []),
        ("docker push example.com/app:1", []),
        ("gcloud auth configure-docker && docker login -u a < key && docker push eu.gcr.io/a/app:1", []),
        ("mkdir -p ~/.docker && docker login -u a < key && docker push example.com/app:1", []),
    ],
)
def test_where_a_job_logs_in(script: str, expected: list[str]) -> None:
    assert expected == found(**WITH_DAEMON, script=script)
