"""The API against its OpenAPI document, asked by schemathesis: as the administrator, and as one who may only read."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from http.client import HTTPConnection
from pathlib import Path
from typing import Final

import pytest

from wharf.registry.http.api.operation import OWN
from wharf.testing.registry import basic
from wharf.testing.registry_process import RegistryProcess

pytestmark = pytest.mark.slow

PASSWORD: Final = "correct horse"
CONFIG: Final = Path(__file__).with_name("api_document.toml")
# Without names that mean something most of what is asked would concern nobody.
NAMES: Final = """
[parameters]
"path.org" = "crew"
"path.username" = "admin"
"path.package_type" = "container"
"""
EXAMPLES: Final = ("--phases", "examples,coverage")
CHANCE: Final = ("--phases", "fuzzing", "--max-examples", "4")
CHAINS: Final = ("--phases", "stateful", "--max-examples", "12")
PROGRAM: Final = Path(sys.executable).with_name("schemathesis")


@pytest.fixture
def registry(tmp_path: Path) -> Iterator[RegistryProcess]:
    """Members of `crew` are its administrator and a reader."""
    data = tmp_path / "data"
    with RegistryProcess(data, "--workers", "1", "--durability", "relaxed", admin_password=PASSWORD) as process:
        told(process, "POST", "/orgs", {"login": "crew"})
        told(process, "POST", "/users", {"login": "reader", "password": PASSWORD})
        told(process, "PUT", "/orgs/crew/members/reader", {"role": "reader"})
        yield process


def told(process: RegistryProcess, method: str, path: str, body: dict[str, str]) -> None:
    connection = HTTPConnection(process.host, timeout=120)
    connection.request(method, OWN + path, json.dumps(body), {"Authorization": basic("admin", PASSWORD)})
    answer = connection.getresponse()
    said = answer.read()
    connection.close()
    assert answer.status in {200, 201}, said


@pytest.mark.parametrize("caller", ["admin", "reader"])
def test_it_is_as_its_document_says(caller: str, registry: RegistryProcess, tmp_path: Path) -> None:
    assert_true(registry, asked_by_schemathesis(registry, f"{caller}:{PASSWORD}", tmp_path, EXAMPLES, NAMES))


def test_it_takes_whatever_the_document_allows(registry: RegistryProcess, tmp_path: Path) -> None:
    """By chance, which is the same each time."""
    assert_true(registry, asked_by_schemathesis(registry, f"admin:{PASSWORD}", tmp_path, CHANCE, NAMES))


def test_it_stays_so_where_one_answer_leads_to_the_next_question(registry: RegistryProcess, tmp_path: Path) -> None:
    """What was made is looked at, changed and deleted, under the names that the answers told."""
    assert_true(registry, asked_by_schemathesis(registry, f"admin:{PASSWORD}", tmp_path, CHAINS, ""))


def assert_true(registry: RegistryProcess, asked: subprocess.CompletedProcess[str]) -> None:
    assert 0 == asked.returncode, asked.stdout[-12_000:]
    assert [] == [line for line in registry.log.read_text().splitlines() if "Traceback" in line]


def asked_by_schemathesis(
    registry: RegistryProcess, login: str, home: Path, phases: Sequence[str], names: str
) -> subprocess.CompletedProcess[str]:
    config = home / "schemathesis.toml"
    config.write_text(names + CONFIG.read_text())
    command = [
        *(str(PROGRAM), "--config-file", str(config), "run", f"{registry.url}{OWN}/openapi.json"),
        *("--auth", login, "--checks", "all", *phases),
        *("--seed", "1", "--generation-deterministic", "--continue-on-failure", "--no-shrink", "--warnings", "off"),
        *("--workers", "1"),  # the syntax trees of Python 3.11 are not to be made in two threads
    ]
    environment = {**os.environ, "HOME": str(home), "NO_COLOR": "1"}
    return subprocess.run(
        command, check=False, cwd=home, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True
    )
