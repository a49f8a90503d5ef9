import json
from base64 import b64encode
from dataclasses import replace
from pathlib import Path

import pytest

from tests.doctor.probes.ground import REGISTRY, facts_of, said_of, scene_in
from wharf.doctor.scene import Aim

CONFIG = "home/mina/.docker/config.json"
AUTH = b64encode(b"mina:token").decode()
AIM = Aim(registry=REGISTRY)


def with_auths(**entries: object) -> dict[str, str]:
    return {CONFIG: json.dumps({"auths": entries})}


def entry_in(folder: Path, content: object, registry: str = REGISTRY) -> object:
    scene = scene_in(folder, {CONFIG: json.dumps(content)}, aim=Aim(registry=registry))
    return facts_of("config", scene).get("entry")


def test_without_a_file_everything_is_absent(tmp_path: Path) -> None:
    facts = facts_of("config", scene_in(tmp_path, aim=AIM))
    assert (False, "absent", frozenset(), frozenset(), True) == tuple(
        facts[name] for name in ("present", "entry", "store", "helpers", "folder_missing")
    )


@pytest.mark.parametrize(
    ("key", "registry", "word"),
    [
        (REGISTRY, REGISTRY, "password"),
        (f"https://{REGISTRY}/v1/", REGISTRY, "password"),
        (f"{REGISTRY}/team", REGISTRY, "password"),
        ("Registry.Example", REGISTRY, "other-form"),
        (f"{REGISTRY}:443", REGISTRY, "other-form"),
        ("other.example", REGISTRY, "absent"),
        ("https://index.docker.io/v1/", "docker.io", "password"),
        ("docker.io", "docker.io", "other-form"),
    ],
)
def test_keys_are_compared_as_docker_compares_them(tmp_path: Path, key: str, registry: str, word: str) -> None:
    assert word == entry_in(tmp_path, {"auths": {key: {"auth": AUTH}}}, registry)


@pytest.mark.parametrize(
    ("content", "word"),
    [
        ({"auths": {REGISTRY: {}}, "credsStore": "pass"}, "marker"),
        ({"credHelpers": {REGISTRY: "ecr-login"}}, "marker"),
        ({"credsStore": "ecr-login"}, "marker"),
        ({"credsStore": "pass"}, "absent"),
        ({"auths": {REGISTRY: {"identitytoken": "a"}}}, "identity-token"),
        ({"auths": {REGISTRY: {"auth": "!"}}}, None),
    ],
)
def test_what_stands_there_for_the_registry(tmp_path: Path, content: object, word: str | None) -> None:
    assert word == entry_in(tmp_path, content)


@pytest.mark.parametrize(
    ("raw", "encoding", "form"),
    [
        (b"{}", "utf-8", "whole"),
        (b"\xef\xbb\xbf{}", "utf-8-bom", "whole"),
        ("{}".encode("utf-16"), "utf-16", "whole"),
        (b"", "utf-8", "empty"),
        (b" \n", "utf-8", "empty"),
        (b'{"auths": {', "utf-8", "truncated"),
        (b'{"auths": "abc', "utf-8", "truncated"),
        (b"{'auths': {}}", "utf-8", "not-json"),
        (b'{"auths": {},}', "utf-8", "not-json"),
        (b'{"auths": []}', "utf-8", "wrong-type"),
        (b"[" * 100_000, "utf-8", "not-json"),
    ],
)
def test_the_form_of_the_file(tmp_path: Path, raw: bytes, encoding: str, form: str) -> None:
    facts = facts_of("config", scene_in(tmp_path, {CONFIG: raw}))
    assert (encoding, form) == (facts["encoding"], facts["form"])


@pytest.mark.parametrize(
    ("auth", "flaw"),
    [
        (AUTH, "none"),
        ("!!!", "base64"),
        (b64encode(b"token").decode(), "no-colon"),
        (b64encode(b":token").decode(), "no-colon"),
        (AUTH[:4] + "\r\n" + AUTH[4:], "none"),
        (AUTH[:4] + " " + AUTH[4:], "line-end"),
        (AUTH + "\\n", "line-end"),
        (b64encode(b"a:??>>~~~").decode().replace("+", "-").replace("/", "_"), "url-safe"),
        (b64encode(b"mina:toke").decode().rstrip("="), "none"),
        (b64encode(b"mina:tok").decode().rstrip("="), "url-safe"),
    ],
)
def test_what_is_wrong_with_an_entry(tmp_path: Path, auth: str, flaw: str) -> None:
    facts = facts_of(
        "config", scene_in(tmp_path, with_auths(**{"good.example": {"auth": AUTH}, REGISTRY: {"auth": auth}}))
    )
    assert flaw == facts["bad_entry"]


@pytest.mark.parametrize("key", ["credStore", "credSstore", "credstore", "creds_store", "credentialsStore"])
def test_a_store_that_is_misspelt(tmp_path: Path, key: str) -> None:
    assert facts_of("config", scene_in(tmp_path, {CONFIG: json.dumps({key: "pass"})}))["misspelled_store"] is True


@pytest.mark.parametrize("key", ["credsStore", "credHelpers", "currentContext", "plugins", "stackOrchestrator"])
def test_names_that_docker_knows_are_not_misspelt(tmp_path: Path, key: str) -> None:
    scene = scene_in(tmp_path, {CONFIG: json.dumps({key: {} if key == "credHelpers" else "x"})})
    assert facts_of("config", scene)["misspelled_store"] is False


def test_a_line_is_told_and_no_secret(tmp_path: Path) -> None:
    text = '{"auths": {\n"https://mina:hunter2@registry.example": {\n"auth": "s3cret-word"}}}'
    said = said_of("config", "bad_entry", scene_in(tmp_path, {CONFIG: text}))
    assert ("Line 3" in said, "hunter2" in said, "s3cret" in said) == (True, False, False)


def test_the_file_that_the_text_names_is_looked_at(tmp_path: Path) -> None:
    scene = scene_in(tmp_path, {"srv/ci/config.json": json.dumps({"credsStore": "pass"})})
    aimed = replace(scene, aim=Aim(path=str(tmp_path / "srv/ci/config.json")))
    assert "pass" == facts_of("config", aimed)["store"]


def test_a_file_of_another_machine_is_not_this_ones(tmp_path: Path) -> None:
    aim = Aim(path="/nowhere/.docker/config.json")
    assert (
        "osxkeychain"
        == facts_of("config", scene_in(tmp_path, {CONFIG: '{"credsStore": "osxkeychain"}'}, aim=aim))["store"]
    )


def test_docker_config_leads_away_from_a_login_at_home(tmp_path: Path) -> None:
    scene = scene_in(tmp_path, with_auths(**{REGISTRY: {"auth": AUTH}}), aim=AIM, DOCKER_CONFIG=str(tmp_path / "empty"))
    facts = facts_of("config", scene)
    assert ("absent", True, True) == tuple(facts[name] for name in ("entry", "other_home_has_entry", "folder_missing"))


def test_a_mount_is_found_by_its_place(tmp_path: Path) -> None:
    place = str(tmp_path / CONFIG).replace("-", "\\055")
    files = {CONFIG: "{}", "proc/self/mountinfo": f"36 35 98:0 / {place} rw - ext4 /dev/sda rw\n"}
    assert facts_of("config", scene_in(tmp_path, files))["mounted"] is True


def test_a_link_is_seen(tmp_path: Path) -> None:
    scene = scene_in(tmp_path, {"srv/config.json": "{}", "home/mina/.docker/mark": ""})
    (tmp_path / CONFIG).symlink_to(tmp_path / "srv/config.json")
    facts = facts_of("config", scene)
    assert (True, False, False) == (facts["symlink"], facts["mounted"], facts["on_other_filesystem"])


def test_a_link_that_leads_in_a_circle_does_no_harm(tmp_path: Path) -> None:
    scene = scene_in(tmp_path, {"home/mina/.docker/mark": ""}, aim=AIM)
    (tmp_path / CONFIG).symlink_to(tmp_path / CONFIG)
    assert facts_of("config", scene)["symlink"] is True


@pytest.mark.parametrize(
    ("environ", "shared"),
    [
        ({}, False),
        ({"GITHUB_ACTIONS": "true", "RUNNER_ENVIRONMENT": "self-hosted"}, True),
        ({"GITHUB_ACTIONS": "true", "RUNNER_ENVIRONMENT": "github-hosted"}, False),
        ({"GITHUB_ACTIONS": "true"}, None),
        ({"GITHUB_ACTIONS": "true", "RUNNER_ENVIRONMENT": "self-hosted", "DOCKER_CONFIG": "/tmp/of-this-job"}, False),
        ({"GITLAB_CI": "true"}, True),
        ({"GITLAB_CI": "true", "CI_DISPOSABLE_ENVIRONMENT": "true"}, False),
        ({"JENKINS_URL": "https://j", "EXECUTOR_NUMBER": "2"}, True),
        ({"CI": "true"}, None),
    ],
)
def test_who_shares_a_login(tmp_path: Path, environ: dict[str, str], *, shared: bool | None) -> None:
    assert shared == facts_of("config", scene_in(tmp_path, more=environ)).get("shared_by_jobs")


def test_a_home_that_is_not_there(tmp_path: Path) -> None:
    scene = replace(scene_in(tmp_path), home=tmp_path / "home/nobody")
    assert facts_of("config", scene)["home_missing"] is True


def test_a_login_in_another_profile_of_windows(tmp_path: Path) -> None:
    files = {"Users/mina/.docker/config.json": json.dumps({"auths": {REGISTRY: {"auth": AUTH}}})}
    facts = facts_of("config", scene_in(tmp_path, files, platform="win32", aim=AIM))
    assert ("absent", True) == (facts["entry"], facts["other_home_has_entry"])
