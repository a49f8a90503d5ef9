"""Worlds of Windows and macOS as far as files, variables and programs make them; the systems' own words stand here."""

import json
from base64 import b64encode
from dataclasses import replace
from pathlib import Path

import pytest

from tests.doctor.probes.ground import REGISTRY, programs_in, scene_in
from tests.doctor.probes.test_windows_vault import windows
from tests.doctor.worlds.world import World, world_in
from wharf.doctor.catalogue import known_failures
from wharf.doctor.facts import Verdict
from wharf.doctor.matching import matches
from wharf.doctor.scene import Aim, Scene

NO_SESSION = (
    "error storing credentials - err: exit status 1, out: "
    "`A specified logon session does not exist. It may already have been terminated.`"
)
BAD_DATA = "error storing credentials - err: exit status 1, out: `The stub received bad data.`"
LOCKED = "error getting credentials - err: exit status 1, out: `User interaction is not allowed. (-25308)`"
EXISTS = (
    "error storing credentials - err: exit status 1, out: `The specified item already exists in the keychain. (-25299)`"
)
IN_USE = (
    "rename C:\\Users\\ci\\.docker\\config.json123 C:\\Users\\ci\\.docker\\config.json: "
    "The process cannot access the file because it is being used by another process."
)


def logged_on(scene: Scene, **environ: str) -> World:
    return World(replace(scene, environ={**scene.environ, "SESSIONNAME": "Console", **environ}))


def stored(folder: Path, secret: str, platform: str = "win32") -> World:
    entry = {"auth": b64encode(f"AWS:{secret}".encode()).decode()}
    files = {"home/mina/.docker/config.json": json.dumps({"auths": {REGISTRY: entry}})}
    return World(scene_in(folder, dict(files), platform=platform, aim=Aim(registry=REGISTRY)))


def test_a_runner_that_is_a_service_has_no_vault(tmp_path: Path) -> None:
    world = World(scene_in(tmp_path, platform="win32", USERPROFILE="C:\\Users\\runner"))
    assert ("wincred-no-logon-session", ["no-interactive-session"]) == world.causes_of(NO_SESSION)


def test_a_policy_forbids_the_vault(tmp_path: Path) -> None:
    world = logged_on(windows(tmp_path, policy="0x1"))
    assert ("wincred-no-logon-session", ["storing-forbidden"]) == world.causes_of(NO_SESSION)


def test_the_service_of_the_vault_is_off(tmp_path: Path) -> None:
    world = logged_on(windows(tmp_path, state="1  STOPPED", start="4   DISABLED"))
    assert ("wincred-no-logon-session", ["vault-service-stopped"]) == world.causes_of(NO_SESSION)


def test_a_token_that_the_vault_cannot_hold(tmp_path: Path) -> None:
    world = stored(tmp_path, "x" * 3000)
    assert ("wincred-secret-too-long", ["token-over-2560-bytes"]) == world.causes_of(BAD_DATA)


def test_jobs_of_one_account_write_one_file(tmp_path: Path) -> None:
    world = World(scene_in(tmp_path, platform="win32", GITLAB_CI="true"))
    assert ("config-in-use-on-windows", ["shared-by-jobs"]) == world.causes_of(IN_USE)


def test_a_service_that_has_a_profile_of_its_own(tmp_path: Path) -> None:
    profile = "C:\\Windows\\System32\\config\\systemprofile"
    world = World(scene_in(tmp_path, platform="win32", aim=Aim(registry=REGISTRY), USERPROFILE=profile))
    facts = world.probed("session", "config").facts
    assert "service-account-without-login" in [match.signature.id for match in matches("", known_failures(), facts)]


@pytest.mark.parametrize(
    "environ", [{"SSH_CONNECTION": "10.0.0.1 1 10.0.0.2 22"}, {"XPC_SERVICE_NAME": "com.example.ci"}]
)
def test_a_session_in_which_the_keychain_stays_locked(tmp_path: Path, environ: dict[str, str]) -> None:
    world = World(scene_in(tmp_path, platform="darwin", more=environ))
    assert ("keychain-locked", ["session-without-desktop"]) == world.causes_of(LOCKED)


def test_an_item_that_another_program_made(tmp_path: Path) -> None:
    item = '0x00000007 <blob>="registry.example"'
    path = programs_in(tmp_path, security=f"echo '{item}'")
    scene = scene_in(tmp_path, platform="darwin", aim=Aim(registry=REGISTRY), TERM_PROGRAM="Terminal", PATH=path)
    assert ("keychain-item-exists", ["item-of-another-program"]) == World(scene).causes_of(EXISTS)


def test_of_windows_nothing_is_known_on_another_system(tmp_path: Path) -> None:
    told = world_in(tmp_path, {"CI": "true"}).explained("A specified logon session does not exist. It may already have")

    assert {Verdict.OPEN} == {cause.verdict for cause in told.causes}
    assert ["machine"] == [unseen.probe for unseen in told.not_seen]
