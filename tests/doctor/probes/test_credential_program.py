import json
from pathlib import Path

import pytest

from tests.doctor.probes.ground import REGISTRY, facts_of, programs_in, said_of, scene_in
from wharf.doctor.scene import Aim, Scene

CONFIG = "home/mina/.docker/config.json"
AIM = Aim(registry=REGISTRY)
LOGIN = json.dumps({"ServerURL": REGISTRY, "Username": "mina", "Secret": "hunter2-hunter2"})


def scene_with(folder: Path, script: str, aim: Aim = AIM) -> Scene:
    path = programs_in(folder, docker_credential_odd=script)
    return scene_in(folder, {CONFIG: '{"credsStore": "odd"}'}, aim=aim, PATH=path)


@pytest.mark.parametrize(
    ("script", "outcome"),
    [
        (f"echo '{LOGIN}'", "answered"),
        ("echo 'credentials not found in native keychain'; exit 1", "not-found"),
        ("echo 'it is broken'; exit 1", "failed"),
        ("echo 'it is broken' >&2; exit 3", "failed"),
        ("exit 1", "empty"),
        ("exit 0", "empty"),
        ("echo '{}'", "empty"),
        ("echo 'no JSON at all'", "empty"),
        ("exec yes", "failed"),
    ],
)
def test_what_a_helper_does(tmp_path: Path, script: str, outcome: str) -> None:
    facts = facts_of("credential-program", scene_with(tmp_path, script))
    assert ("odd", True, outcome) == (facts["name"], facts["on_path"], facts["outcome"])


def test_without_a_registry_it_is_asked_for_its_list(tmp_path: Path) -> None:
    script = 'test $1 = list && echo \'{"https://a.example": "mina"}\''
    assert "answered" == facts_of("credential-program", scene_with(tmp_path, script, Aim()))["outcome"]


def test_the_one_that_the_text_names_is_asked(tmp_path: Path) -> None:
    path = programs_in(tmp_path, docker_credential_even="exit 1")
    scene = scene_in(tmp_path, {CONFIG: '{"credsStore": "odd"}'}, aim=Aim(helper="even"), PATH=path)
    assert ("even", True) == tuple(facts_of("credential-program", scene)[name] for name in ("name", "on_path"))


def test_one_that_is_not_there(tmp_path: Path) -> None:
    facts = facts_of("credential-program", scene_in(tmp_path, {CONFIG: '{"credsStore": "odd"}'}, aim=AIM))
    assert (False, "not-runnable") == (facts["on_path"], facts["outcome"])


def test_none_is_configured(tmp_path: Path) -> None:
    assert {"outcome": "none"} == facts_of(
        "credential-program", scene_in(tmp_path, {CONFIG: '{"auths": {"a": {}}}'}, aim=AIM)
    )


def test_those_that_make_logins_do_not_store_them(tmp_path: Path) -> None:
    scene = scene_in(tmp_path, {CONFIG: json.dumps({"credHelpers": {REGISTRY: "ecr-login"}})}, aim=AIM)
    assert facts_of("credential-program", scene)["supports_store"] is False


def test_what_it_says_is_told_without_its_secrets(tmp_path: Path) -> None:
    words = "cannot reach https://mina:hunter2-hunter2@vault.example with token=hunter2-hunter2"
    said = said_of("credential-program", "outcome", scene_with(tmp_path, f"echo '{words}'; exit 1"))
    assert ("cannot reach https://" in said, "hunter2" in said) == (True, False)


@pytest.mark.parametrize(
    ("text", "interop"), [("enabled\ninterpreter /init\n", True), ("disabled\n", False), (None, False)]
)
def test_whether_windows_programs_run_in_wsl(tmp_path: Path, text: str | None, *, interop: bool) -> None:
    files = {"proc/sys/fs/binfmt_misc/WSLInterop": text} if text else {}
    assert interop == facts_of("credential-program", scene_in(tmp_path, files, WSL_DISTRO_NAME="Debian"))["interop"]
