"""Worlds in which GitHub's registry refuses: workflows as files, and GitHub's REST interface played on this machine."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from tests.doctor.probes.test_checkout import repository_in
from tests.doctor.probes.test_github import AIM, PACKAGE, TOKEN, Answer, github, user
from tests.doctor.worlds.world import World

WRITE = "denied: permission_denied: write_package"
SCOPES = "denied: permission_denied: The token provided does not match expected scopes."
CREATE = "denied: installation not allowed to Create organization package"
REPOSITORY = "acme/hamalog-backend"


@contextmanager
def world_with(
    folder: Path, answers: Mapping[str, Answer], *, may_write: bool = True, token: str = TOKEN
) -> Iterator[World]:
    with github(answers) as address:
        environ = {"GITHUB_API_URL": address, "GITHUB_TOKEN": token, "GITHUB_REPOSITORY": REPOSITORY}
        scene = repository_in(folder, **environ)
        workflow = scene.folder / ".github/workflows/image.yml"
        if may_write:
            workflow.write_text(workflow.read_text().replace("contents: read", "contents: read, packages: write"))
        yield World(replace(scene, aim=AIM))


def linked_to(repository: str) -> dict[str, Answer]:
    return {f"/orgs/acme{PACKAGE}": Answer(body={"repository": {"full_name": repository}})}


def test_a_job_that_may_not_write_packages(tmp_path: Path) -> None:
    answers = {"/rate_limit": Answer(), **linked_to(REPOSITORY)}
    with world_with(tmp_path, answers, may_write=False, token="ghs_" + "a" * 36) as world:
        assert ("ghcr-write-package-denied", ["job-may-not-write"]) == world.causes_of(WRITE)


def test_a_package_of_another_repository(tmp_path: Path) -> None:
    answers = {"/rate_limit": Answer(), **linked_to("acme/other")}
    with world_with(tmp_path, answers, token="ghs_" + "a" * 36) as world:
        assert ("ghcr-write-package-denied", ["package-not-linked"]) == world.causes_of(WRITE)


def test_a_token_that_may_only_read(tmp_path: Path) -> None:
    with world_with(tmp_path, {**user("read:packages"), **linked_to(REPOSITORY)}) as world:
        assert ("ghcr-write-package-denied", ["token-may-only-read"]) == world.causes_of(WRITE)


def test_a_classic_token_without_the_scope(tmp_path: Path) -> None:
    with world_with(tmp_path, user("repo")) as world:
        assert ("ghcr-token-scopes", ["scope-missing"]) == world.causes_of(SCOPES)


def test_a_fine_grained_token(tmp_path: Path) -> None:
    with world_with(tmp_path, {"/user": Answer()}, token="github_pat_" + "a" * 60) as world:
        assert ("ghcr-token-scopes", ["fine-grained-token"]) == world.causes_of(SCOPES)


def test_an_organisation_that_lets_nobody_make_packages(tmp_path: Path) -> None:
    with world_with(tmp_path, {"/rate_limit": Answer()}, token="ghs_" + "a" * 36) as world:
        assert ("ghcr-organisation-forbids", ["organisation-policy"]) == world.causes_of(CREATE)
