import json
from base64 import b64encode
from pathlib import Path

import pytest

from tests.doctor.probes.ground import REGISTRY, facts_of, scene_in
from wharf.doctor.scene import Aim
from wharf.oci.reference import RepositoryName

AIM = Aim(registry=REGISTRY, repository=RepositoryName("team/app"))
ENTRY = {"auth": b64encode(b"mina:token").decode()}
CONFIG = "home/mina/.docker/config.json"
OWN = "home/mina/.config/containers"


def logins(folder: Path, files: dict[str, str], **environ: str) -> tuple[object, object]:
    facts = facts_of("containers-config", scene_in(folder, files, aim=AIM, more=environ))
    return facts["entry"], facts["docker_has_entry"]


def test_a_mark_in_dockers_file_is_no_login_for_podman(tmp_path: Path) -> None:
    config = json.dumps({"credsStore": "desktop", "auths": {REGISTRY: {}}})
    assert (False, True) == logins(tmp_path, {CONFIG: config})


def test_a_password_in_dockers_file_is_one(tmp_path: Path) -> None:
    assert (True, True) == logins(tmp_path, {CONFIG: json.dumps({"auths": {REGISTRY: ENTRY}})})


def test_podmans_own_file_is_not_dockers(tmp_path: Path) -> None:
    files = {f"{OWN}/auth.json": json.dumps({"auths": {f"{REGISTRY}/team": ENTRY}})}
    assert (True, False) == logins(tmp_path, files)


def test_the_runtime_folder_comes_first(tmp_path: Path) -> None:
    files = {"srv/containers/auth.json": json.dumps({"auths": {REGISTRY: ENTRY}})}
    assert (True, False) == logins(tmp_path, files, XDG_RUNTIME_DIR=str(tmp_path / "srv"))


@pytest.mark.parametrize(
    ("policy", "word"),
    [
        ({"default": [{"type": "insecureAcceptAnything"}]}, "accepts"),
        ({"default": [{"type": "reject"}]}, "rejects"),
        ({"default": [{"type": "signedBy", "keyPath": "/k"}]}, "wants-signature"),
        (
            {"default": [{"type": "reject"}], "transports": {"docker": {"": [{"type": "insecureAcceptAnything"}]}}},
            "accepts",
        ),
        (
            {
                "default": [{"type": "insecureAcceptAnything"}],
                "transports": {"docker": {f"{REGISTRY}/team": [{"type": "sigstoreSigned", "keyPath": "/k"}]}},
            },
            "wants-signature",
        ),
        (
            {
                "default": [{"type": "insecureAcceptAnything"}],
                "transports": {"docker": {"*.example": [{"type": "reject"}]}},
            },
            "rejects",
        ),
        ({}, "malformed"),
        ({"default": []}, "malformed"),
        ({"default": [{"type": "unheard-of"}]}, "malformed"),
        ([], "malformed"),
    ],
)
def test_what_the_policy_asks_of_an_image(tmp_path: Path, policy: object, word: str) -> None:
    files = {"etc/containers/policy.json": json.dumps(policy)}
    assert word == facts_of("containers-config", scene_in(tmp_path, files, aim=AIM))["policy"]


def test_without_a_policy_nothing_is_pulled(tmp_path: Path) -> None:
    assert "absent" == facts_of("containers-config", scene_in(tmp_path, aim=AIM))["policy"]


def test_the_persons_own_policy_takes_the_place_of_the_systems(tmp_path: Path) -> None:
    files = {
        f"{OWN}/policy.json": '{"default": [{"type": "reject"}]}',
        "etc/containers/policy.json": '{"default": [{"type": "insecureAcceptAnything"}]}',
    }
    assert "rejects" == facts_of("containers-config", scene_in(tmp_path, files, aim=AIM))["policy"]


def registries(folder: Path, **files: str) -> dict[str, object]:
    """`main` is registries.conf, others are drop-ins."""
    named = {"main": "etc/containers/registries.conf"}
    placed = {named.get(name, f"etc/containers/registries.conf.d/{name}.conf"): text for name, text in files.items()}
    facts = facts_of("containers-config", scene_in(folder, dict(placed), aim=AIM))
    return {name: facts[name] for name in ("form", "search", "blocked", "insecure_here") if name in facts}


def test_nothing_is_said_of_registries(tmp_path: Path) -> None:
    assert {"form": "absent", "search": False, "blocked": False, "insecure_here": False} == registries(tmp_path)


def test_short_names_are_searched_for(tmp_path: Path) -> None:
    assert registries(tmp_path, main='unqualified-search-registries = ["docker.io"]')["search"] is True


def test_a_registry_that_is_insecure_and_blocked(tmp_path: Path) -> None:
    drop_in = f'[[registry]]\nlocation = "{REGISTRY}"\nblocked = true\ninsecure = true\n'
    facts = registries(tmp_path, main="", extra=drop_in)
    assert (True, True) == (facts["blocked"], facts["insecure_here"])


def test_what_is_said_of_another_registry_is_not_meant(tmp_path: Path) -> None:
    assert (
        registries(tmp_path, main='[[registry]]\nprefix = "registry.example/other"\nblocked = true\n')["blocked"]
        is False
    )


def test_a_file_that_is_no_toml(tmp_path: Path) -> None:
    assert {"form": "not-toml"} == registries(tmp_path, main="[[registry]\n")
