"""A machine without the clients: the tests say what is missing, and where the clients are required the run fails."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

# Any address does: without the program no test comes so far as to ask it.
NOBODY = "127.0.0.1:9"
ONE_TEST = Path(__file__).parent / "test_skopeo.py::test_an_oci_image_goes_in_and_out_byte_for_byte"


def run_without_clients(folder: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name not in {"CI", "WHARF_REQUIRE_CLIENTS"}}
    environment |= {"PATH": str(folder), "WHARF_CLIENTS_REGISTRY": NOBODY, **settings}
    command = [sys.executable, "-m", "pytest", "-rs", "-p", "no:cacheprovider", str(ONE_TEST)]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=240, check=False)


def test_a_missing_client_is_skipped_by_name(tmp_path: Path) -> None:
    done = run_without_clients(tmp_path)
    assert done.returncode == 0
    assert "not installed: skopeo" in done.stdout


@pytest.mark.parametrize(("setting", "value"), [("CI", "true"), ("WHARF_REQUIRE_CLIENTS", "1")])
def test_a_missing_client_fails_the_run_where_clients_are_required(setting: str, value: str, tmp_path: Path) -> None:
    done = run_without_clients(tmp_path, **{setting: value})
    assert done.returncode == 1
    assert "real clients are required here" in done.stdout
    assert "not installed: skopeo" in done.stdout
