from dataclasses import replace
from pathlib import Path

from tests.doctor.probes.ground import facts_of, scene_in
from wharf.doctor.scene import Scene

WORKFLOW = """\
on: push
permissions: { contents: read }
jobs:
  image:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: docker/login-action@v3
        with: { registry: ghcr.io, username: "${{ github.actor }}", password: "${{ secrets.GITHUB_TOKEN }}" }
      - uses: docker/build-push-action@v6
        with: { push: true, tags: "ghcr.io/acme/hamalog-backend:latest" }
"""


def repository_in(folder: Path, **more: str) -> Scene:
    files = {"repository/.github/workflows/image.yml": WORKFLOW, "repository/Dockerfile": "FROM scratch\n"}
    return replace(scene_in(folder, dict(files), more=more), folder=folder / "repository")


def test_a_folder_without_any_mark_is_not_walked(tmp_path: Path) -> None:
    assert {"present": False, "rules": frozenset()} == facts_of("checkout", scene_in(tmp_path))


def test_rules_that_find_something_are_named(tmp_path: Path) -> None:
    rules = facts_of("checkout", repository_in(tmp_path))["rules"]
    assert isinstance(rules, frozenset)
    assert "workflows/packages-not-writable" in {rule if "/" in rule else f"workflows/{rule}" for rule in rules}


def test_who_has_no_time_says_nothing_of_rules(tmp_path: Path) -> None:
    hurried = replace(repository_in(tmp_path), patience=-1.0)
    assert {"present": True} == facts_of("checkout", hurried)
