from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.doctor.probes.ground import facts_of, scene_in
from wharf.doctor.facts import Known
from wharf.doctor.ground.image_name import flaw_of
from wharf.doctor.scene import Aim


def told(folder: Path, log: str) -> dict[str, Known]:
    return facts_of("message", scene_in(folder, aim=Aim(log=log)))


@pytest.mark.parametrize(
    ("name", "flaw"),
    [
        ("ghcr.io/acme/app:1.0", "fine"),
        ("localhost:5000/app", "fine"),
        ("app@sha256:" + "a" * 64, "fine"),
        ("ghcr.io/acme/app:-4b35282", "tag-begins-badly"),
        ("ghcr.io/acme/app:", "tag-empty"),
        (":latest", "name-empty"),
        ("ghcr.io//app", "name-empty"),
        ("ghcr.io/Acme/app", "capitals"),
        ("app:feature/login", "bad-character"),
        ("app:기능", "not-ascii"),
        ("my app:1", "space"),
        ("https://ghcr.io/acme/app", "with-scheme"),
        ("app:${IMAGE_TAG}", "variable-not-replaced"),
        ("app:" + "a" * 129, "too-long"),
        ("my..app", "repeated-separator"),
        ("-app", "bad-character"),
    ],
)
def test_what_is_wrong_with_a_name(name: str, flaw: str) -> None:
    assert flaw == flaw_of(name)


@pytest.mark.parametrize(
    ("log", "flaw"),
    [
        ('ERROR: invalid tag "ghcr.io/acme/app:-4b35282": invalid reference format', "tag-begins-badly"),
        ('{"log":"invalid tag \\"ghcr.io/acme/app:\\": invalid reference format"}', "tag-empty"),
        ("invalid reference format: repository name (Acme/app) must be lowercase", "capitals"),
        ("unable to get image 'app:': Error response from daemon: invalid reference format", "tag-empty"),
        ("getting tag: tag can only contain the characters `abc`: v1.0+5", "bad-character"),
        ('fatal msg="Error parsing image name \\"docker://https://ghcr.io/a/b:1\\": invalid reference"', "with-scheme"),
    ],
)
def test_the_name_is_found_in_the_message(tmp_path: Path, log: str, flaw: str) -> None:
    assert flaw == told(tmp_path, log)["image_name"]


def test_a_message_without_a_name_says_nothing_of_it(tmp_path: Path) -> None:
    assert "image_name" not in told(tmp_path, "docker: invalid reference format.")


@pytest.mark.parametrize(
    ("log", "status"),
    [
        ("unexpected status from PUT request to https://r.example/v2/a/blobs/uploads/1: 502 Bad Gateway", 502),
        ("uploading layer chunked: StatusCode: 413, <html>", 413),
        ("failed commit on ref x: unexpected status: 400 Bad Request", 400),
    ],
)
def test_a_status(tmp_path: Path, log: str, status: int) -> None:
    assert status == told(tmp_path, log)["status"]


def test_an_exit_code(tmp_path: Path) -> None:
    log = 'process "/bin/sh -c make" did not complete successfully: exit code: 127'
    assert 127 == told(tmp_path, log)["exit_code"]


@pytest.mark.parametrize(
    ("log", "fact", "value"),
    [
        ("ERROR: tag is needed when pushing to registry", "pushes_without_tag", True),
        ("manifest blob unknown: blob unknown to registry", "blob_unknown", True),
        ("BLOB_UPLOAD_UNKNOWN: blob upload unknown", "blob_unknown", False),
        ("container app-db-1 is unhealthy", "dependency", "unhealthy"),
        ("container app-db-1 exited (1)", "dependency", "ended"),
        ("network proxy declared as external, but could not be found", "network", "external-absent"),
        ("##[error]pwsh: command not found", "shell", "pwsh"),
        ('existing instance for "b" but no append mode, specify', "builder_trouble", "exists"),
    ],
)
def test_which_of_several_things_it_says(tmp_path: Path, log: str, fact: str, value: Known) -> None:
    assert value == told(tmp_path, log)[fact]


def test_no_message_says_nothing(tmp_path: Path) -> None:
    assert {} == told(tmp_path, "")


@settings(max_examples=60, deadline=None)
@given(name=st.text(max_size=300))
def test_any_text_has_one_flaw_or_none(name: str) -> None:
    assert flaw_of(name)
