"""The API against its OpenAPI document, asked by schemathesis: as the administrator, and as one who may only read."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
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
    connection = HTTPConnection(process.host, timeout=10)
    connection.request(method, OWN + path, json.dumps(body), {"Authorization": basic("admin", PASSWORD)})
    answer = connection.getresponse()
    said = answer.read()
    connection.close()
    assert answer.status in {200, 201}, said


@pytest.mark.parametrize("caller", ["admin", "reader"])
def test_it_is_as_its_document_says(caller: str, registry: RegistryProcess, tmp_path: Path) -> None:
    asked = asked_by_schemathesis(registry, f"{caller}:{PASSWORD}", tmp_path)

    assert 0 == asked.returncode, asked.stdout[-12_000:]
    assert [] == [line for line in registry.log.read_text().splitlines() if "Traceback" in line]


def asked_by_schemathesis(registry: RegistryProcess, login: str, home: Path) -> subprocess.CompletedProcess[str]:
    command = [
        *(str(PROGRAM), "--config-file", str(CONFIG), "run", f"{registry.url}{OWN}/openapi.json"),
        *("--auth", login, "--checks", "all", "--phases", "examples,coverage", "--workers", "2"),
        *("--seed", "1", "--continue-on-failure", "--no-shrink", "--warnings", "off"),
    ]
    environment = {**os.environ, "HOME": str(home), "NO_COLOR": "1"}
    return subprocess.run(
        command, check=False, cwd=home, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True
    )
