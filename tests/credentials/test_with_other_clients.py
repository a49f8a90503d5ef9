"""Docker, podman and skopeo find what wharf stores, and wharf finds what they store."""

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.credentials.accounts import USERNAME, WORD, registry_with_an_account
from tests.credentials.stage import Home, auth
from wharf.credentials.credential import IdentityToken, Password
from wharf.credentials.secret import Secret
from wharf.credentials.store import choose_store, logout

pytestmark = pytest.mark.slow
ADA = Password(USERNAME, Secret(WORD))
LetIn = Callable[[Home, str], None]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path)
    home.environ |= {"PATH": f"{home.bin}{os.pathsep}{os.environ['PATH']}", "XDG_RUNTIME_DIR": str(tmp_path / "run")}
    (tmp_path / "run").mkdir()
    return home


@pytest.fixture(scope="module")
def registry() -> Iterator[str]:
    with registry_with_an_account() as address:
        yield address


def run(home: Home, *command: str, typed: str = "") -> str:
    if shutil.which(command[0]) is None:
        pytest.skip(f"{command[0]} is not installed")
    done = subprocess.run(
        command, env=home.environ, cwd=home.path, input=typed, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def store(home: Home, registry: str, wish: str = "file", config_dir: Path | None = None) -> None:
    choose_store(registry, wish, home.environ, home.path, "linux", config_dir).store(registry, ADA)


def docker_is_let_in(home: Home, registry: str, *options: str) -> None:
    assert "schemaVersion" in run(home, "docker", *options, "manifest", "inspect", "--insecure", f"{registry}/app:v1")


def skopeo_is_let_in(home: Home, registry: str, *options: str) -> None:
    assert "v1" in run(home, "skopeo", "list-tags", "--tls-verify=false", *options, f"docker://{registry}/app")


def podman_is_let_in(home: Home, registry: str, *options: str) -> None:
    assert "v1" in run(home, "podman", "search", "--list-tags", "--tls-verify=false", *options, f"{registry}/app")


@pytest.mark.parametrize("let_in", [docker_is_let_in, skopeo_is_let_in, podman_is_let_in])
def test_what_wharf_keeps_in_the_file_lets_others_in(home: Home, registry: str, let_in: LetIn) -> None:
    store(home, registry)
    let_in(home, registry)


@pytest.mark.parametrize("let_in", [docker_is_let_in, skopeo_is_let_in, podman_is_let_in])
def test_what_wharf_keeps_with_a_helper_lets_others_in(home: Home, registry: str, let_in: LetIn) -> None:
    home.keeper("box")
    store(home, registry, "box")
    assert WORD not in home.config.read_text()
    let_in(home, registry)


def test_what_wharf_keeps_for_one_job_lets_others_in(home: Home, registry: str) -> None:
    job = home.path / "job"
    store(home, registry, "", job)
    docker_is_let_in(home, registry, "--config", str(job))
    skopeo_is_let_in(home, registry, "--authfile", str(job / "config.json"))
    podman_is_let_in(home, registry, "--authfile", str(job / "config.json"))


def test_docker_looks_into_the_file_where_wharf_told_a_helper_off(home: Home, registry: str) -> None:
    home.shell("box", "echo 'A specified logon session does not exist.'; exit 1")
    home.write_config({"credsStore": "box"})
    store(home, registry)
    docker_is_let_in(home, registry)


def test_wharf_finds_what_docker_stores_in_the_file(home: Home, registry: str) -> None:
    home.write_config({"auths": {"other.example": {"auth": auth("a", "b")}}})
    run(home, "docker", "login", "-u", USERNAME, "--password-stdin", registry, typed=WORD)
    assert ADA == home.keychain().find(registry).credential


def test_wharf_finds_what_docker_stores_with_a_helper(home: Home, registry: str) -> None:
    home.keeper("box")
    home.write_config({"credsStore": "box"})
    run(home, "docker", "login", "-u", USERNAME, "--password-stdin", registry, typed=WORD)
    assert ADA == home.keychain().find(registry).credential
    assert [(registry, USERNAME)] == [
        (row.registry, row.username) for row in home.keychain().inventory().known if row.kind == "helper"
    ]


@pytest.mark.parametrize("client", ["podman", "skopeo"])
def test_wharf_finds_what_podman_and_skopeo_store(home: Home, registry: str, client: str) -> None:
    run(home, client, "login", "--tls-verify=false", "-u", USERNAME, "--password-stdin", registry, typed=WORD)
    found = home.keychain().find(registry)
    assert ADA == found.credential
    assert found.source is not None
    assert str(Path(home.environ["XDG_RUNTIME_DIR"]) / "containers" / "auth.json") in found.source.place


@pytest.mark.parametrize("client", ["podman", "skopeo"])
def test_wharf_finds_what_is_stored_for_a_part_of_a_registry(home: Home, registry: str, client: str) -> None:
    command = (client, "login", "--tls-verify=false", "-u", USERNAME, "--password-stdin", f"{registry}/team")
    try:
        run(home, *command, typed=WORD)
    except AssertionError:
        pytest.skip(f"this {client} logs in to whole registries only")
    assert [f"for {registry}/team"] == [row.note for row in home.keychain().inventory().known]


def test_docker_forgets_what_wharf_stored_and_wharf_what_docker_stored(home: Home, registry: str) -> None:
    home.write_config({"auths": {"other.example": {"auth": auth("a", "b")}}})
    store(home, registry)
    run(home, "docker", "logout", registry)
    assert home.keychain().find(registry).credential is None
    run(home, "docker", "login", "-u", USERNAME, "--password-stdin", registry, typed=WORD)
    logout(registry, home.environ, home.path, "linux")
    assert ["other.example"] == list(json.loads(home.config.read_text())["auths"])


def test_docker_keeps_an_identity_token_that_wharf_stored(home: Home, registry: str) -> None:
    """Docker writes the whole file anew when it stores something else."""
    token = IdentityToken(Secret("refresh"), "ada")
    choose_store("other.example", "file", home.environ, home.path, "linux").store("other.example", token)
    run(home, "docker", "login", "-u", USERNAME, "--password-stdin", registry, typed=WORD)
    assert token == home.keychain().find("other.example").credential
