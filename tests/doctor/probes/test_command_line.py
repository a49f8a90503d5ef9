from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.doctor.probes.ground import facts_of, scene_in
from wharf.doctor.facts import Known
from wharf.doctor.scene import Aim


def told(folder: Path, log: str, *, registry: str | None = None, **environ: str) -> dict[str, Known]:
    return facts_of("command-line", scene_in(folder, aim=Aim(log=log, registry=registry), more=environ))


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("docker login ghcr.io", (False, False, True, False)),
        ("docker login", (False, False, False, False)),
        ("$ docker login -u mina --password-stdin ghcr.io", (True, True, True, False)),
        ("+ docker login -u '' --password-stdin ghcr.io", (True, False, True, False)),
        ("docker login --username=mina -p *** ghcr.io", (False, True, True, True)),
        ("echo x | docker --config /tmp/c login -umina --password-stdin", (True, True, False, False)),
        ("PS C:\\> docker.exe login -u $env:U -p $env:P r.example", (False, True, True, True)),
        ("docker login ghcr.io -u $NAME --password-stdin <<< $TOKEN", (True, True, True, False)),
    ],
)
def test_the_options_of_a_login(tmp_path: Path, line: str, expected: tuple[bool, ...]) -> None:
    facts = told(tmp_path, f"{line}\nError: Cannot perform an interactive login from a non TTY device")
    assert expected == tuple(facts[name] for name in ("password_stdin", "username", "registry_named", "password_on_it"))


def test_an_account_in_an_empty_variable_is_none(tmp_path: Path) -> None:
    log = "docker login -u $REGISTRY_USER --password-stdin"
    assert told(tmp_path, log, REGISTRY_USER="")["username"] is False


@pytest.mark.parametrize(
    ("line", "subcommand"),
    [
        ("docker push ghcr.io/a/b:c", "push"),
        ("docker image push ghcr.io/a/b:c", "push"),
        ("docker buildx build --push .", "buildx"),
        ("docker compose -f a.yml up -d", "compose"),
        ("docker-compose up", "compose"),
        ("docker images", "other"),
    ],
)
def test_the_subcommand(tmp_path: Path, line: str, subcommand: str) -> None:
    assert subcommand == told(tmp_path, f"$ {line}\nan error")["subcommand"]


@pytest.mark.parametrize(
    "line", ["Usage:  docker login [OPTIONS] [SERVER]", "See 'docker login --help'.", "Is the docker daemon running?"]
)
def test_what_is_no_command(tmp_path: Path, line: str) -> None:
    assert "subcommand" not in told(tmp_path, line)


def test_dockers_words_tell_of_its_options(tmp_path: Path) -> None:
    facts = told(tmp_path, "Must provide --username with --password-stdin")
    assert (True, False) == (facts["password_stdin"], facts["username"])


@pytest.mark.parametrize(
    ("log", "program"),
    [
        ("Error response from daemon: denied", "docker"),
        ('Failed to pull image "a": rpc error', "kubelet"),
        ("Running with gitlab-runner 16.0\nWARNING: Failed to pull image with policies", "gitlab-runner"),
        ("error checking push permissions -- make sure you entered the correct tag name", "kaniko"),
        ('failed to resolve reference "a"', "containerd"),
        ("$ podman pull a\nError: initializing source docker://a: denied", "podman"),
        ("$ skopeo copy docker://a dir:b\ntime=… level=fatal", "skopeo"),
        ("$ docker compose pull\nError response from daemon: denied", "compose"),
    ],
)
def test_which_program_speaks(tmp_path: Path, log: str, program: str) -> None:
    assert program == told(tmp_path, log)["program"]


def test_without_a_text_nothing_is_known(tmp_path: Path) -> None:
    assert {} == told(tmp_path, "")


@given(st.text(max_size=80).map(lambda text: f"docker login {text}"))
@settings(max_examples=60, deadline=None)
def test_no_text_is_too_strange(tmp_path_factory: pytest.TempPathFactory, log: str) -> None:
    told(tmp_path_factory.getbasetemp(), log)
