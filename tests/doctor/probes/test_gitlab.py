from pathlib import Path

import pytest

from tests.doctor.probes.ground import facts_of, said_of, scene_in

RUNNER = "etc/gitlab-runner/config.toml"


@pytest.mark.parametrize(
    ("environ", "word"),
    [
        ({}, "not-a-job"),
        ({"GITLAB_CI": "true"}, "no-registry"),
        ({"GITLAB_CI": "true", "CI_REGISTRY": "registry.example"}, "no-password"),
        ({"GITLAB_CI": "true", "CI_REGISTRY": "registry.example", "CI_REGISTRY_PASSWORD": "x"}, "complete"),
    ],
)
def test_a_job_has_variables_for_the_registry(tmp_path: Path, environ: dict[str, str], word: str) -> None:
    assert word == facts_of("gitlab", scene_in(tmp_path, more=environ))["registry_variables"]


@pytest.mark.parametrize(
    ("content", "word"),
    [
        ('[[runners]]\nname = "a"\nexecutor = "docker"\n', "whole"),
        ("[[runners]]\n[runners.docker]\nprivileged = true\nprivileged = false\n", "repeated-key"),
        ("runners:\n  - name: a\n", "not-toml"),
    ],
)
def test_the_settings_of_a_runner_have_a_form(tmp_path: Path, content: str, word: str) -> None:
    assert word == facts_of("gitlab", scene_in(tmp_path, {RUNNER: content}))["runner_config"]


def test_without_a_runner_nothing_is_said_of_its_rules(tmp_path: Path) -> None:
    facts = facts_of("gitlab", scene_in(tmp_path))
    assert ("absent", None) == (facts["runner_config"], facts.get("runner_restricts"))


def test_a_runner_that_starts_images_has_rules_for_them(tmp_path: Path) -> None:
    scene = scene_in(tmp_path, {RUNNER: '[[runners]]\nname = "a"\nexecutor = "docker"\n'})
    assert facts_of("gitlab", scene)["runner_restricts"] is True


def test_both_lines_of_a_repeated_key_are_named(tmp_path: Path) -> None:
    scene = scene_in(tmp_path, {RUNNER: "[[runners]]\n[runners.docker]\nprivileged = true\nprivileged = false\n"})
    assert "lines 3 and 4" in said_of("gitlab", "runner_config", scene)


def test_a_runner_of_an_account_keeps_its_settings_at_home(tmp_path: Path) -> None:
    scene = scene_in(tmp_path, {"home/mina/.gitlab-runner/config.toml": '[[runners]]\nname = "a"\n'})
    assert "whole" == facts_of("gitlab", scene)["runner_config"]
