"""People with an error text of the five notes on their screen, who paste it."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.house.sources import ROOT
from tests.journeys.crew import PATIENCE_SECONDS
from wharf.cli.output import width_of
from wharf.testing.registry_process import RegistryProcess, without_settings

pytestmark = pytest.mark.slow

NOTE_1 = (
    "error getting credentials - err: exit status 1, out: "
    "`A specified logon session does not exist. It may already have been terminated.`"
)
NOTE_3 = "hamalog-app Error manifest unknown\nError response from daemon: manifest unknown\nDeployment failed"
NOTE_5 = (
    "Signing and pushing trust metadata\nError: error contacting notary server: tls: failed to verify certificate: "
    "x509: certificate relies on legacy Common Name field, use SANs instead"
)
NOTE_5_GITLAB = (
    "$ docker-compose -f docker-compose.yml up -d\nunable to get image 'itzg/minecraft-server': error during connect: "
    'Get "http://docker:2375/v1.47/images/itzg/minecraft-server/json": dial tcp: lookup docker on 192.0.2.53:53: '
    "no such host\nCleaning up project directory and file based variables\nERROR: Job failed: exit code 1"
)
PASTED = (
    (NOTE_1, "wincred-no-logon-session"),
    (NOTE_3, "manifest-unknown"),
    ('Error response from daemon: Get "https://ghcr.io/v2/": unauthorized', "login-refused"),
    ("denied: permission_denied", "ghcr-write-package-denied"),
    ("Error response from daemon: pull access denied", "pull-access-denied"),
    ("Error: buildx failed with: error: failed to solve", "build-failed"),
    ("API rate limit exceeded", "github-rate-limit"),
    (NOTE_5, "tls-common-name-only"),
    (NOTE_5_GITLAB, "engine-name-unknown"),
)


def pasted(home: Path, text: str, *words: str, environ: Mapping[str, str] | None = None) -> str:
    """What is said to somebody who pipes it into wharf, where nothing is set up."""
    return subprocess.run(
        [sys.executable, "-m", "wharf", "explain", *words],
        cwd=home,
        env={**without_settings(os.environ), "HOME": str(home), "LC_ALL": "C.UTF-8", **(environ or {})},
        input=text,
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=True,
    ).stdout


def document(home: Path, text: str, *words: str) -> Any:
    return json.loads(pasted(home, text, "--json", *words))


@pytest.mark.parametrize(("text", "signature"), PASTED, ids=[signature for _, signature in PASTED])
def test_the_texts_of_the_notes_are_known(tmp_path: Path, text: str, signature: str) -> None:
    assert signature == document(tmp_path, text, "--offline")["signature"]


@pytest.mark.parametrize(("text", "signature"), PASTED, ids=[signature for _, signature in PASTED])
def test_they_are_explained_in_korean_within_eighty_columns(tmp_path: Path, text: str, signature: str) -> None:
    said = pasted(tmp_path, text, "--offline", environ={"LC_ALL": "ko_KR.UTF-8"})

    assert "가능한 원인" in said
    assert signature in said
    too_wide = [line for line in said.splitlines() if width_of(line) > 80 and "$ " not in line and ": " not in line]
    assert [] == too_wide


def test_nothing_is_claimed_of_windows_on_another_system(tmp_path: Path) -> None:
    told = document(tmp_path, NOTE_1)

    assert [] == [cause["id"] for cause in told["causes"] if cause["verdict"] == "holds"]


def test_the_cure_of_note_1_is_a_file_of_the_job(tmp_path: Path) -> None:
    first = document(tmp_path, NOTE_1, "--offline", "--registry", "ghcr.io")["causes"][0]

    assert "wharf login --store file --config DIR ghcr.io" in first["commands"]


def test_in_the_repository_of_note_3_the_two_tags_are_the_cause() -> None:
    told = document(ROOT / "examples" / "manifest-unknown", NOTE_3)
    (holding,) = (cause for cause in told["causes"] if cause["verdict"] == "holds")

    assert "sha-453a654" in " ".join(holding["evidence"]) or "deploy.sh" in " ".join(holding["evidence"])


def test_with_the_image_named_the_registry_decides(tmp_path: Path, registry: RegistryProcess) -> None:
    told = document(tmp_path, NOTE_3, "--image", f"{registry.host}/nobody/app:1.0")
    holding = [cause["id"] for cause in told["causes"] if cause["verdict"] == "holds"]

    assert ["repository-unknown"] == holding


def test_note_5_is_told_that_a_folder_of_certificates_does_not_help(tmp_path: Path) -> None:
    first = document(tmp_path, NOTE_5, "--offline")["causes"][0]

    assert "SAN" in first["fix"]


def test_the_job_of_note_5_lost_its_service_and_not_a_variable(tmp_path: Path) -> None:
    told = document(tmp_path, NOTE_5_GITLAB)
    holding = [cause["id"] for cause in told["causes"] if cause["verdict"] == "holds"]

    assert [] == holding
    assert any("privileged" in cause["text"] for cause in told["causes"] if cause["verdict"] == "open")
