"""The doctor asks a registry what it holds: what CI does not push may be there all the same."""

import json
from contextlib import closing
from http.client import HTTPConnection
from typing import Any

import pytest

from examples.push_sample import Repository
from tests.cli.doctor.repository import CI, DEPLOY, SHA, WORKFLOW, written
from tests.cli.harbour import PATIENCE_SECONDS, Harbour

pytestmark = pytest.mark.slow


def document(harbour: Harbour, *words: str) -> Any:
    """Of the repository of the note, with its images in this harbour."""
    image = harbour.at()
    root = harbour.folder / "checkout"
    written(
        root,
        {
            CI: WORKFLOW.replace("ghcr.io/${{ github.repository }}", image),
            "deploy.sh": DEPLOY.replace("ghcr.io/acme/hamalog-backend", image),
            "Dockerfile": 'FROM alpine:3.22\nUSER 1000\nCMD ["true"]\n',
        },
    )
    said = harbour.wharf("doctor", str(root), "--sha", SHA, "--repository", "acme/app", "--json", *words)
    return json.loads(said.out)


def rules(told: Any) -> set[str]:
    return {finding["rule"] for finding in told["findings"] if finding["severity"] == "error"}


def test_a_tag_that_nobody_pushes_and_nobody_has_is_an_error(harbour: Harbour) -> None:
    harbour.put_new(1, "latest", "sha-453a654")
    told = document(harbour)

    assert "tag-never-pushed" in rules(told)
    assert [] == told["not_looked_at"]


def test_a_tag_that_the_registry_has_is_none(harbour: Harbour) -> None:
    harbour.put_new(1, "latest", "sha-453a654", SHA)

    assert set() == rules(document(harbour))


def test_an_image_of_the_same_commit_is_named_whatever_its_tag(harbour: Harbour) -> None:
    image = harbour.put_new(1, "other")
    labelled = json.loads(image.manifest.raw) | {"annotations": {"org.opencontainers.image.revision": SHA}}
    with closing(HTTPConnection(harbour.host, timeout=PATIENCE_SECONDS)) as connection:
        Repository(connection, harbour.name).push_manifest(labelled, "stable")
    told = document(harbour)
    (finding,) = (each for each in told["findings"] if each["rule"] == "tag-never-pushed")

    assert any("stable" in each["text"] for each in finding["evidence"])


def test_a_repository_that_is_not_there_yet_is_named_among_what_nobody_could_see(harbour: Harbour) -> None:
    (said,) = document(harbour)["not_looked_at"]

    assert harbour.at() in said
