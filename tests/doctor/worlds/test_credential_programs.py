"""Worlds in which a credential helper is what fails. The helpers are small programs that say what the real ones say."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.doctor.worlds.said import docker_login, registry_with_password, said
from tests.doctor.worlds.test_config_json import auth, with_config
from tests.doctor.worlds.world import World, world_in
from wharf.doctor.scene import Aim

pytestmark = pytest.mark.slow

NOT_FOUND = 'error getting credentials - err: exec: "docker-credential-{}": executable file not found in $PATH'
USUAL = "/usr/local/bin:/usr/bin:/bin"


def helper_in(home: Path, name: str, script: str) -> None:
    folder = home / "bin"
    folder.mkdir(exist_ok=True)
    program = folder / f"docker-credential-{name}"
    program.write_text(script)
    program.chmod(0o755)


def failing(words: str) -> str:
    return f"#!/bin/sh\ncat >/dev/null\nprintf '%s\\n' '{words}'\nexit 1\n"


def world_with(home: Path, store: str, script: str = "", **environ: str) -> World:
    if script:
        helper_in(home, store, script)
    world = with_config(home, {"credsStore": store, "auths": {"registry.example": {}}})
    return world_in(home, {**world.scene.environ, "PATH": f"{home}/bin:{USUAL}", **environ})


def login_of(world: World) -> str:
    with registry_with_password() as door:
        return docker_login(world, door)


def test_a_helper_that_is_not_there(tmp_path: Path) -> None:
    world = world_with(tmp_path, "nowhere")
    assert ("helper-not-on-path", ["helper-missing"]) == world.causes_of(login_of(world))


def test_a_helper_that_this_account_does_not_ask_for(tmp_path: Path) -> None:
    text = NOT_FOUND.format("desktop")
    world = with_config(tmp_path, {"auths": {}})
    assert ("helper-not-on-path", ["not-named-here"]) == world.causes_of(text)


def test_a_helper_that_is_on_this_path(tmp_path: Path) -> None:
    text = NOT_FOUND.format("odd")
    world = world_with(tmp_path, "odd", failing("the safe is on fire"))
    assert ("helper-not-on-path", ["there-now"]) == world.causes_of(text)


def test_a_helper_that_sudo_does_not_find(tmp_path: Path) -> None:
    world = world_with(tmp_path, "nowhere", SUDO_USER="mina", SUDO_UID="1000")
    assert ("helper-not-on-path", ["other-account-or-path"]) == world.causes_of(login_of(world))


def test_a_helper_of_windows_in_a_distribution_of_wsl(tmp_path: Path) -> None:
    world = world_with(tmp_path, "desktop.exe", WSL_DISTRO_NAME="Debian")
    assert ("helper-not-on-path", ["config-from-windows"]) == world.causes_of(login_of(world))


def test_a_helper_for_another_processor(tmp_path: Path) -> None:
    world = world_with(tmp_path, "foreign", "\x7fELF\x02\x01\x01 and nothing else")
    assert ("helper-not-executable-here", ["wrong-architecture"]) == world.causes_of(login_of(world))


@pytest.mark.parametrize("first_line", ["#!/bin/sh\r", "#!/opt/nowhere/python3"])
def test_a_script_whose_interpreter_is_not_there(tmp_path: Path, first_line: str) -> None:
    world = world_with(tmp_path, "odd", f"{first_line}\nexit 0\n")
    assert ("helper-not-executable-here", ["interpreter-missing"]) == world.causes_of(login_of(world))


@pytest.mark.parametrize(
    "script", ["", "#!/opt/nowhere/python3\n", failing("the safe is on fire"), "#!/bin/sh\necho hello\n"]
)
def test_docker_and_podman_go_on_without_what_a_helper_does_not_give(tmp_path: Path, script: str) -> None:
    world = world_with(tmp_path, "odd", script).aimed_at(Aim(registry="registry.example"))
    assert ("no-basic-auth-credentials", ["helper-failed"]) == world.causes_of("no basic auth credentials")
    assert ("authentication-required", ["helper-gives-none"]) == world.causes_of(
        "unauthorized: authentication required"
    )


def test_a_helper_that_only_gives(tmp_path: Path) -> None:
    world = world_with(tmp_path, "odd", failing("not implemented"))
    assert ("ecr-helper-does-not-store", ["another-helper"]) == world.causes_of(login_of(world))


def test_a_helper_whose_windows_programs_do_not_run_in_wsl(tmp_path: Path) -> None:
    world = world_with(tmp_path, "desktop.exe", "MZ\x90\x00 and nothing else", WSL_DISTRO_NAME="Debian")
    assert ("helper-not-executable-here", ["interop-off"]) == world.causes_of(login_of(world))


def test_a_helper_that_hangs(tmp_path: Path) -> None:
    world = world_with(tmp_path, "slow", "#!/bin/sh\nexec sleep 60\n")
    hurried = World(replace(world.scene, patience=0.3, aim=Aim(registry="registry.example")))
    text = "docker-credential-slow get: it did not answer within 10 seconds"
    assert ("helper-failed", ["hangs"]) == hurried.causes_of(text)


def test_a_helper_that_fails_with_words_of_its_own(tmp_path: Path) -> None:
    world = world_with(tmp_path, "odd", failing("the safe is on fire"))
    assert ("helper-failed", ["fails"]) == world.causes_of(login_of(world))


def test_the_keyring_helper_without_a_desktop(tmp_path: Path) -> None:
    words = "Cannot autolaunch D-Bus without X11 $DISPLAY"
    world = world_with(tmp_path, "secretservice", failing(words))
    assert ("secretservice-no-display", ["configured-without-desktop"]) == world.causes_of(login_of(world))


def test_the_keyring_helper_that_nobody_chose(tmp_path: Path) -> None:
    words = "Cannot autolaunch D-Bus without X11 $DISPLAY"
    helper_in(tmp_path, "secretservice", failing(words))
    world = world_in(tmp_path, {"PATH": f"{tmp_path}/bin"})  # beside a program `pass` docker would choose that one
    text = f"Error saving credentials: error storing credentials - err: exit status 1, out: `{words}`"
    assert ("secretservice-no-display", ["chosen-because-installed"]) == world.causes_of(text)


def test_the_keyring_helper_without_a_bus(tmp_path: Path) -> None:
    words = "dbus-launch --autolaunch=1d0 --binary-syntax --close-stderr: exited with code 1"
    world = world_with(tmp_path, "secretservice", failing(f"Error spawning command line “{words}”"))
    assert ("dbus-autolaunch-failed", ["no-session-bus"]) == world.causes_of(login_of(world))


def test_a_login_beside_the_helper_of_ecr(tmp_path: Path) -> None:
    world = world_with(tmp_path, "ecr-login", failing("not implemented"))
    assert ("ecr-helper-does-not-store", ["login-beside-the-helper"]) == world.causes_of(login_of(world))


def test_the_helper_of_docker_desktop_without_docker_desktop(tmp_path: Path) -> None:
    world = world_with(tmp_path, "desktop", "#!/bin/sh\ncat >/dev/null\nexit 1\n")
    assert ("desktop-backend-not-running", ["desktop-stopped"]) == world.causes_of(login_of(world))


def test_another_helper_that_says_nothing(tmp_path: Path) -> None:
    world = world_with(tmp_path, "odd", "#!/bin/sh\ncat >/dev/null\nexit 1\n")
    assert ("desktop-backend-not-running", ["another-helper-silent"]) == world.causes_of(login_of(world))


def test_podman_tells_of_a_helper_in_its_own_words(tmp_path: Path) -> None:
    helper_in(tmp_path, "odd", failing("the safe is on fire"))
    world = with_config(tmp_path, {"credHelpers": {"registry.example": "odd"}})
    here = world_in(tmp_path, {**world.scene.environ, "PATH": f"{tmp_path}/bin:{USUAL}"})
    text = said(here, "skopeo", "inspect", "docker://registry.example/team/app")
    assert ("helper-failed", ["fails"]) == here.causes_of(text)


def test_no_secret_of_a_helper_is_repeated(tmp_path: Path) -> None:
    token = "ghp_abcdefghijklmnopqrstuvwxyz0123456789"
    words = f'{{"ServerURL": "registry.example", "Username": "mina", "Secret": "{token}"}}'
    entry = {"auths": {"registry.example": {"auth": auth(f"mina:{token}")}}, "credsStore": "odd"}
    helper_in(tmp_path, "odd", failing(words))
    world = with_config(tmp_path, entry)
    scene = replace(world.scene, aim=Aim(registry="registry.example"))
    seen = World(replace(scene, environ={**scene.environ, "PATH": f"{tmp_path}/bin:{USUAL}"})).probed(
        "credential-program", "config", "secret", "variables", "machine", "session", "containers-config", "pass-store"
    )
    assert token not in f"{seen.facts} {seen.shown} {seen.unseen}"
