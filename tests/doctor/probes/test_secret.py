import json
from base64 import b64encode
from dataclasses import replace
from pathlib import Path

import pytest

from tests.doctor.probes.ground import REGISTRY, facts_of, said_of, scene_in
from wharf.doctor.scene import Aim, Scene

LOGIN = 'echo "$DEPLOY_TOKEN" | docker login -u mina --password-stdin registry.example'


def with_stored(folder: Path, secret: str, registry: str = REGISTRY, **environ: str) -> Scene:
    entry = {"auth": b64encode(f"mina:{secret}".encode()).decode()}
    files = {"home/mina/.docker/config.json": json.dumps({"auths": {registry: entry}})}
    return scene_in(folder, dict(files), aim=Aim(registry=registry), more=environ)


@pytest.mark.parametrize(
    ("secret", "kind"),
    [
        ("ghp_" + "a" * 36, "classic-token"),
        ("github_pat_" + "a" * 60, "fine-grained-token"),
        ("ghs_" + "a" * 36, "job-token"),
        ("glpat-" + "a" * 20, "access-token"),
        ("hunter2", "password"),
        ("x" * 500, "unknown"),
        ("0123456789" * 4, "password"),
    ],
)
def test_the_kind_of_what_is_stored(tmp_path: Path, secret: str, kind: str) -> None:
    assert kind == facts_of("secret", with_stored(tmp_path, secret))["kind"]


def test_the_old_tokens_of_github_are_classic(tmp_path: Path) -> None:
    assert "classic-token" == facts_of("secret", with_stored(tmp_path, "0123456789" * 4, "ghcr.io"))["kind"]


@pytest.mark.parametrize(("length", "too_long"), [(2560, False), (2561, True)])
def test_what_the_vault_of_windows_can_hold(tmp_path: Path, length: int, *, too_long: bool) -> None:
    assert too_long == facts_of("secret", with_stored(tmp_path, "x" * length))["too_long_for_wincred"]


def test_a_line_end_at_the_end(tmp_path: Path) -> None:
    assert facts_of("secret", with_stored(tmp_path, "hunter2\n"))["stray_line_end"] is True


def test_the_variable_that_the_text_names_comes_first(tmp_path: Path) -> None:
    scene = with_stored(tmp_path, "hunter2", DEPLOY_TOKEN="github_pat_" + "a" * 60)
    named = scene_with_log(scene, LOGIN)
    assert ("fine-grained-token", False) == tuple(facts_of("secret", named)[name] for name in ("kind", "empty"))


def scene_with_log(scene: Scene, log: str) -> Scene:
    return replace(scene, aim=replace(scene.aim, log=log))


def test_a_variable_of_the_text_that_is_empty(tmp_path: Path) -> None:
    scene = scene_with_log(scene_in(tmp_path, DEPLOY_TOKEN=""), LOGIN)
    assert {"empty": True, "kind": "unknown"} == facts_of("secret", scene)
    assert "The variable DEPLOY_TOKEN is empty." == said_of("secret", "empty", scene)


def test_a_usual_variable_that_is_empty(tmp_path: Path) -> None:
    assert facts_of("secret", scene_in(tmp_path, REGISTRY_PASSWORD=""))["empty"] is True


def test_a_variable_that_nobody_spoke_of_says_nothing(tmp_path: Path) -> None:
    assert {"kind": "unknown"} == facts_of("secret", scene_in(tmp_path, GITHUB_TOKEN="ghp_" + "a" * 36))


def test_nothing_of_it_is_told(tmp_path: Path) -> None:
    secret = "github_pat_" + "b" * 60
    assert "bbb" not in said_of("secret", "kind", with_stored(tmp_path, secret))
