"""Worlds in which docker's config.json is what fails, each told of by the docker command itself where it speaks."""

import base64
import json
import os
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from tests.doctor.worlds.said import docker, docker_login, registry_with_password, said
from tests.doctor.worlds.world import World, world_in
from wharf.doctor.catalogue import known_failures
from wharf.doctor.matching import matches
from wharf.doctor.probe import known_probes
from wharf.doctor.scene import Aim

pytestmark = pytest.mark.slow

NOBODY = 65_534
ALL = [str(probe.id) for probe in known_probes().all()]
MACHINE = ["machine", "session", "variables", "config", "containers-config"]


def auth(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def with_config(home: Path, content: bytes | Mapping[str, object], **environ: str) -> World:
    raw = content if isinstance(content, bytes) else json.dumps(content).encode()
    (home / ".docker").mkdir()
    (home / ".docker/config.json").write_bytes(raw)
    return world_in(home, environ)


def silently(world: World, *probes: str) -> list[str]:
    """Signatures that show without any text."""
    facts = world.probed(*probes).facts
    return [match.signature.id for match in matches("", known_failures(), facts)]


def test_a_byte_order_mark(tmp_path: Path) -> None:
    world = with_config(tmp_path, b'\xef\xbb\xbf{"auths": {}}')
    assert ("config-utf8-bom", ["written-by-powershell-5"]) == world.causes_of(docker(world, "context", "ls"))


def test_utf_16_from_a_redirection_of_powershell(tmp_path: Path) -> None:
    world = with_config(tmp_path, '{"auths": {}}'.encode("utf-16"))
    assert ("config-utf16", ["written-by-redirection"]) == world.causes_of(docker(world, "context", "ls"))


def test_a_file_that_was_written_halfway(tmp_path: Path) -> None:
    world = with_config(tmp_path, b'{"auths": {"ghcr.io": {"auth": "c29tZW9')
    assert ("config-empty-or-cut-off", ["written-halfway"]) == world.causes_of(docker(world, "context", "ls"))


def test_an_empty_file_before_an_old_docker(tmp_path: Path) -> None:
    world = with_config(tmp_path, b"")
    text = f"WARNING: Error loading config file: {tmp_path}/.docker/config.json: EOF"
    assert ("config-empty-or-cut-off", ["empty"]) == world.causes_of(text)


@pytest.mark.parametrize(
    "value", ["!!!", "c29tZW9uZTp0b2tlbg", auth("someone:??>>~~").replace("+", "-").replace("/", "_")]
)
def test_an_entry_that_is_not_base64(tmp_path: Path, value: str) -> None:
    world = with_config(tmp_path, {"auths": {"ghcr.io": {"auth": value}}})
    assert ("config-bad-auth-entry", ["not-base64"]) == world.causes_of(docker(world, "context", "ls"))


def test_an_entry_without_an_account(tmp_path: Path) -> None:
    world = with_config(tmp_path, {"auths": {"ghcr.io": {"auth": auth("only-the-token")}}})
    assert ("config-bad-auth-entry", ["no-colon"]) == world.causes_of(docker(world, "context", "ls"))


@contextmanager
def another_account() -> Iterator[Path]:
    """A home that belongs to nobody, in whose name the test goes on."""
    if os.geteuid() != 0:
        pytest.skip("not root: to be another account for a while needs it")
    with tempfile.TemporaryDirectory(prefix="wharf-home-") as folder:
        home = Path(folder)
        home.chmod(0o755)
        os.chown(home, NOBODY, NOBODY)
        (home / ".docker").mkdir()
        (home / ".docker/config.json").write_text('{"auths": {}}')
        (home / ".docker/config.json").chmod(0o600)
        os.setegid(NOBODY)
        os.seteuid(NOBODY)
        try:
            yield home
        finally:
            os.seteuid(0)
            os.setegid(0)


def test_a_file_that_root_wrote() -> None:
    with another_account() as home:
        world = world_in(home, {})
        text = f"WARNING: Error loading config file: open {home}/.docker/config.json: permission denied"
        assert ("config-permission-denied", ["written-by-root"]) == world.causes_of(text)


@contextmanager
def mounted(source: str, place: Path, *options: str) -> Iterator[None]:
    command = ["mount", *options, source, str(place)]
    tried = subprocess.run(command, capture_output=True, check=False)
    if tried.returncode:
        pytest.skip(f"this machine lets nobody mount: {tried.stderr.decode(errors='replace').strip()}")
    try:
        yield
    finally:
        subprocess.run(["umount", str(place)], check=True)


def test_a_file_that_is_a_mount(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    world = with_config(home, {})
    (tmp_path / "other.json").write_text('{"auths": {"example.com": {}}}')
    with (
        mounted(str(tmp_path / "other.json"), home / ".docker/config.json", "--bind"),
        registry_with_password() as door,
    ):
        text = docker_login(world, door)
        assert ("config-is-a-mount", ["bind-mounted-file"]) == world.causes_of(text)


def test_a_link_to_another_file_system(tmp_path: Path) -> None:
    home, other = tmp_path / "home", tmp_path / "other"
    (home / ".docker").mkdir(parents=True)
    other.mkdir()
    with mounted("none", other, "-t", "tmpfs"), registry_with_password() as door:
        (other / "config.json").write_text('{"auths": {"example.com": {}}}')
        (home / ".docker/config.json").symlink_to(other / "config.json")
        world = world_in(home, {})
        text = docker_login(world, door)
        assert ("config-on-another-filesystem", ["link-across-filesystems"]) == world.causes_of(text)


def test_a_home_that_is_read_only(tmp_path: Path) -> None:
    with mounted("none", tmp_path, "-t", "tmpfs", "-o", "ro"), registry_with_password() as door:
        world = world_in(tmp_path, {})
        text = docker_login(world, door)
        assert ("config-cannot-be-written", ["home-read-only"]) == world.causes_of(text)


def test_a_misspelt_store_says_nothing_and_is_found(tmp_path: Path) -> None:
    world = with_config(tmp_path, {"credStore": "pass"})
    assert "config-store-misspelled" in silently(world, *MACHINE)


def test_an_entry_that_docker_auth_config_may_not_have(tmp_path: Path) -> None:
    world = world_in(tmp_path, {"DOCKER_AUTH_CONFIG": '{"auths": {}, "credsStore": "pass"}'})
    text = 'Failed to create credential store from DOCKER_AUTH_CONFIG: json: unknown field "credsStore"'
    assert ("docker-auth-config-refused", ["unknown-entry"]) == world.causes_of(text)


def test_a_docker_auth_config_whose_quotes_the_shell_took(tmp_path: Path) -> None:
    world = world_in(tmp_path, {"DOCKER_AUTH_CONFIG": "{auths: {}}"})
    text = "Failed to create credential store from DOCKER_AUTH_CONFIG: invalid character 'a'"
    assert ("docker-auth-config-refused", ["not-json"]) == world.causes_of(text)


def test_a_login_under_a_key_of_another_form(tmp_path: Path) -> None:
    world = with_config(tmp_path, {"auths": {"registry.example:443": {"auth": auth("someone:token")}}})
    text = "denied: no basic auth credentials"
    aimed = world.aimed_at(Aim(registry="registry.example"))
    assert ("no-basic-auth-credentials", ["key-of-another-form"]) == aimed.causes_of(text)


@pytest.mark.parametrize("entry", [{}, {"auth": auth("someone:")}])
def test_an_entry_that_a_helper_left_behind(tmp_path: Path, entry: dict[str, str]) -> None:
    world = with_config(tmp_path, {"auths": {"registry.example": entry}}).aimed_at(Aim(registry="registry.example"))
    assert ("no-basic-auth-credentials", ["entry-is-empty"]) == world.causes_of("no basic auth credentials")
    assert ("authentication-required", ["entry-is-empty"]) == world.causes_of("unauthorized: authentication required")


def test_the_registry_stands_some_lines_before_the_failure(tmp_path: Path) -> None:
    world = with_config(tmp_path, {"auths": {}})
    text = (
        "The push refers to repository [registry.example/team/app]\n07b5b80f0b2a: Preparing\nno basic auth credentials"
    )
    assert ("no-basic-auth-credentials", ["not-logged-in"]) == world.causes_of(text)


def test_a_folder_that_a_mount_made_of_the_file(tmp_path: Path) -> None:
    (tmp_path / ".docker/config.json").mkdir(parents=True)
    world = world_in(tmp_path, {})
    assert ("config-is-a-folder", ["made-by-a-mount"]) == world.causes_of(docker(world, "context", "ls"))
    assert "config-is-a-folder" in silently(world, *MACHINE)
    assert "config-permission-denied" not in silently(world, *MACHINE)


def test_a_file_in_the_place_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / ".docker").write_text("{}")
    text = f"Error saving credentials: mkdir {tmp_path}/.docker: not a directory"
    assert ("config-cannot-be-written", ["file-in-the-folders-place"]) == world_in(tmp_path, {}).causes_of(text)


def test_nobody_logged_in(tmp_path: Path) -> None:
    world = with_config(tmp_path, {"auths": {}}).aimed_at(Aim(registry="registry.example"))
    assert ("no-basic-auth-credentials", ["not-logged-in"]) == world.causes_of("no basic auth credentials")


def before_sudo(tmp_path: Path) -> World:
    """The machine's own files lie below a root of their own: the person before sudo has a home there."""
    root = tmp_path / "root"
    (root / "etc").mkdir(parents=True)
    (root / "etc/passwd").write_text("root:x:0:0:root:/root:/bin/sh\nmina:x:1000:1000::/srv/people/mina:/bin/sh\n")
    (root / "srv/people/mina/.docker").mkdir(parents=True)
    entry = {"auths": {"registry.example": {"auth": auth("mina:token")}}}
    (root / "srv/people/mina/.docker/config.json").write_text(json.dumps(entry))
    world = world_in(tmp_path, {"SUDO_USER": "mina", "SUDO_UID": "1000"}, aim=Aim(registry="registry.example"))
    return World(replace(world.scene, root=root))


def test_sudo_without_the_login_of_the_person(tmp_path: Path) -> None:
    world = before_sudo(tmp_path)
    assert "sudo-without-login" in silently(world, *MACHINE)
    assert ("no-basic-auth-credentials", ["other-account"]) == world.causes_of("no basic auth credentials")


def test_a_login_without_a_terminal_whose_secret_is_empty(tmp_path: Path) -> None:
    world = world_in(tmp_path, {"REGISTRY_PASSWORD": ""})
    told = docker(world, "login", "-u", "someone", "--password-stdin", "registry.example")
    text = f'$ echo "$REGISTRY_PASSWORD" | docker login -u someone --password-stdin registry.example\n{told}'
    assert ("login-without-terminal", ["secret-empty"]) == world.causes_of(text)


def test_a_login_without_a_terminal_that_was_given_nothing(tmp_path: Path) -> None:
    world = world_in(tmp_path, {})
    text = f"$ docker login registry.example\n{docker(world, 'login', 'registry.example')}"
    assert ("login-without-terminal", ["no-password-given"]) == world.causes_of(text)


def test_a_password_that_is_given_twice(tmp_path: Path) -> None:
    world = world_in(tmp_path, {})
    told = docker(world, "login", "-u", "x", "--password", "y", "--password-stdin", "registry.example")
    text = f"$ docker login -u x --password *** --password-stdin registry.example\n{told}"
    assert ("login-options-conflict", ["password-twice"]) == world.causes_of(text)


def test_a_password_without_an_account(tmp_path: Path) -> None:
    world = world_in(tmp_path, {})
    text = docker(world, "login", "--password-stdin", "registry.example")
    assert ("login-options-conflict", ["account-missing"]) == world.causes_of(text)


def test_jobs_of_one_account_share_a_login(tmp_path: Path) -> None:
    world = world_in(tmp_path, {"GITHUB_ACTIONS": "true", "RUNNER_ENVIRONMENT": "self-hosted"})
    assert "config-shared-by-jobs" in silently(world, *MACHINE)


def test_podman_does_not_look_into_dockers_store(tmp_path: Path) -> None:
    world = with_config(tmp_path, {"credsStore": "desktop", "auths": {"registry.example": {}}})
    aimed = world.aimed_at(Aim(registry="registry.example"))
    assert "containers-ignore-creds-store" in silently(aimed, *MACHINE)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b'\xef\xbb\xbf{"auths": {}}', ("config-utf8-bom", ["written-by-powershell-5"])),
        (b'{"auths": {"registry.example": {"au', ("config-empty-or-cut-off", ["written-halfway"])),
        (b'{"auths": {"registry.example": {"auth": "!!!"}}}', ("config-bad-auth-entry", ["not-base64"])),
        (b'{"auths": {"registry.example": {"auth": "dG9rZW4="}}}', ("config-bad-auth-entry", ["no-colon"])),
        (b"{'auths': {}}", ("config-not-json", ["not-json"])),
    ],
)
@pytest.mark.parametrize("program", ["skopeo", "podman"])
def test_podmans_own_file_fails_in_the_same_ways(
    tmp_path: Path, program: str, raw: bytes, expected: tuple[str, list[str]]
) -> None:
    (tmp_path / ".config/containers").mkdir(parents=True)
    (tmp_path / ".config/containers/auth.json").write_bytes(raw)
    world = world_in(tmp_path, {})
    image = "docker://registry.example/team/app"
    assert expected == world.causes_of(said(world, program, "inspect" if program == "skopeo" else "pull", image))


def test_what_docker_tries_before_it_succeeds_is_no_failure(tmp_path: Path) -> None:
    text = (
        'time="2026-11-21T19:00:59Z" level=info msg="Error logging in to endpoint, trying next endpoint" '
        'endpoint="{false https://127.0.0.1:5511 false}" error="Get \\"https://127.0.0.1:5511/v2/\\": '
        'http: server gave HTTP response to HTTPS client"\n'
        f"Error saving credentials: mkdir {tmp_path}/.docker: permission denied"
    )
    assert "config-cannot-be-written" == matches(text, known_failures())[0].signature.id


def test_a_push_without_a_login_is_a_failure_of_its_own_beside_another() -> None:
    text = "no basic auth credentials\n\nunknown shorthand flag: 'd' in -d\nSee 'docker --help'."
    told = [match.signature.id for match in matches(text, known_failures())]
    assert ["no-basic-auth-credentials", "compose-plugin-missing"] == told
