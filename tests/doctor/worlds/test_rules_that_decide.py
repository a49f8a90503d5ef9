"""Failures that the files of this folder decide, without a registry or a network."""

import shutil
from dataclasses import replace
from pathlib import Path

from tests.doctor.probes.test_checkout import repository_in
from tests.doctor.worlds.world import World, world_in
from tests.house.sources import ROOT

UNNAMED = "hamalog-app Error manifest unknown"
OF_A_JOB = f"""\
Current runner version: '2.317.0'
2024-05-21T07:11:03.2000000Z {UNNAMED}
2024-05-21T07:11:03.3000000Z ##[error]Process completed with exit code 1.
"""


def world_of_the_example(tmp_path: Path) -> World:
    folder = tmp_path / "repository"
    shutil.copytree(ROOT / "examples" / "manifest-unknown", folder)
    return World(replace(world_in(tmp_path, {}).scene, folder=folder))


def test_two_rules_for_one_tag_are_behind_a_message_that_names_no_image(tmp_path: Path) -> None:
    world = world_of_the_example(tmp_path)
    assert ("manifest-unknown", ["tag-rules-differ"]) == world.causes_of(UNNAMED)
    assert ("manifest-unknown", ["tag-rules-differ"]) == world.causes_of(OF_A_JOB)


def test_the_evidence_is_what_the_rule_says_and_where(tmp_path: Path) -> None:
    evidence = world_of_the_example(tmp_path).explained(UNNAMED).holding[0].evidence
    assert evidence[0].startswith("deploy.sh:26: ")
    assert "CI pushes `sha-453a654`" in evidence[0]


def test_a_folder_without_such_rules_is_blamed_for_nothing(tmp_path: Path) -> None:
    assert ("manifest-unknown", []) == world_in(tmp_path, {}).causes_of(UNNAMED)


def test_an_image_that_is_named_is_looked_for_in_its_registry(tmp_path: Path) -> None:
    text = "manifest for 127.0.0.1:1/team/app:v1 not found: manifest unknown: manifest unknown"
    assert ("manifest-unknown", []) == world_of_the_example(tmp_path).causes_of(text)


def test_a_workflow_without_the_permission_is_named_with_its_line(tmp_path: Path) -> None:
    world = World(replace(world_in(tmp_path, {}).scene, folder=repository_in(tmp_path).folder))
    explained = world.explained("denied: permission_denied: write_package")
    assert ["job-may-not-write"] == [cause.id for cause in explained.holding]
    assert explained.holding[0].evidence[0].startswith(".github/workflows/image.yml:")


def test_what_github_alone_says_is_looked_at_there_though_no_registry_is_named(tmp_path: Path) -> None:
    told = world_in(tmp_path, {"HTTPS_PROXY": "http://127.0.0.1:9"}).explained("denied: denied")
    assert "wharf logout ghcr.io" in [command for cause in told.causes for command in cause.commands]
