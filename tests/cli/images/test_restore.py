"""Bringing back what was deleted, at a registry with accounts."""

import pytest

from tests.cli.harbour import Harbour
from tests.cli.office import Office

pytestmark = pytest.mark.slow


@pytest.fixture
def app(office: Office, harbour: Harbour) -> str:
    """With an image, 1.0, that was deleted."""
    name = f"{office.org}/app"
    for seed, tag in enumerate(("1.0", "2.0")):
        harbour.put_new(seed, tag)
        office.done("copy", harbour.at(tag), f"{name}:{tag}")
    deleted(office, f"{name}:1.0")
    return name


def deleted(office: Office, reference: str) -> None:
    repository, _, _ = reference.rpartition(":")
    digest = office.told("inspect", reference)["digest"]
    office.done("delete", f"{repository}@{digest}", "--yes")


def test_what_was_deleted_is_listed(office: Office, app: str) -> None:
    lines = office.done("restore", app, "--list").splitlines()
    assert ["DIGEST", "DELETED", "TAGS"] == lines[0].split()
    assert lines[1].endswith("1.0")


def test_a_tag_is_brought_back(office: Office, app: str) -> None:
    assert office.done("restore", f"{app}:1.0").startswith(f"restored {app}:1.0 (sha256:")
    assert ["1.0", "2.0"] == office.done("tags", app, "--names").split()
    assert "nothing that was deleted is kept\n" == office.wharf("restore", app, "--list").err


def test_a_digest_is_brought_back(office: Office, app: str) -> None:
    (gone,) = office.told("restore", app, "--list")["deleted"]
    assert ["1.0"] == office.told("restore", f"{app}@{gone['digest']}")["tags"]


def test_a_tag_that_was_deleted_by_itself_is_brought_back(office: Office, app: str) -> None:
    digest = office.told("inspect", f"{app}:2.0")["digest"]
    office.done("delete", f"{app}:2.0", "--yes")
    assert {"restored": f"{app}:2.0", "digest": digest, "tags": ["2.0"]} == office.told("restore", f"{app}:2.0")
    assert digest == office.told("inspect", f"{app}:2.0")["digest"]


def test_a_tag_is_brought_back_also_if_it_went_before_its_manifest(office: Office, app: str) -> None:
    office.done("restore", f"{app}:1.0")
    digest = office.told("inspect", f"{app}:2.0")["digest"]
    office.done("delete", f"{app}:2.0", "--yes")
    office.done("delete", f"{app}@{digest}", "--yes")
    office.done("restore", f"{app}:2.0")
    assert digest == office.told("inspect", f"{app}:2.0")["digest"]


def test_a_tag_that_is_there_stays(office: Office, app: str) -> None:
    outcome = office.wharf("restore", f"{app}:2.0")
    assert 6 == outcome.code
    assert "it is there, and leads to" in " ".join(outcome.err.split())


def test_what_was_never_deleted_is_not_there(office: Office, app: str) -> None:
    outcome = office.wharf("restore", f"{app}:3.0")
    assert 4 == outcome.code
    assert " --list\n" in outcome.err
