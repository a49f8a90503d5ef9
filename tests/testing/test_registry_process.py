"""The real registry as a process: started, stopped, shot, started again."""

import os
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from wharf.testing.registry_process import (
    PORTS,
    RegistryProcess,
    RegistryProcessFailed,
    is_ours_from_now_on,
    running_in,
    runs_in,
    without_settings,
)

pytestmark = pytest.mark.slow


@pytest.fixture
def registry(tmp_path: Path) -> Iterator[RegistryProcess]:
    with RegistryProcess(tmp_path / "data") as registry:
        yield registry


def status(registry: RegistryProcess) -> int:
    with urllib.request.urlopen(f"{registry.url}/v2/", timeout=60) as answer:
        code: int = answer.status
        return code


def test_a_started_registry_serves_at_its_address(registry: RegistryProcess) -> None:
    assert status(registry) == 200
    assert registry.url == f"http://{registry.host}"


def test_a_stopped_registry_ends_with_code_0_and_answers_no_more(registry: RegistryProcess) -> None:
    assert registry.stop() == 0
    with pytest.raises(urllib.error.URLError):
        status(registry)


def test_a_shot_registry_leaves_no_worker_behind_and_starts_again_at_its_address(registry: RegistryProcess) -> None:
    before, group = registry.url, registry.pid
    assert len(running_in(group)) > 1
    registry.kill()
    assert running_in(group) == []
    registry.start()
    assert (registry.url, status(registry)) == (before, 200)


@pytest.mark.parametrize(("state", "runs"), [("R", True), ("S", True), ("D", True), ("Z", False), ("X", False)])
def test_a_dead_process_that_nobody_has_reaped_does_not_run(state: str, runs: bool, tmp_path: Path) -> None:
    (tmp_path / "stat").write_text(f"7 (a) Z b) {state} 1 42 42 0 -1")
    assert runs_in(tmp_path, 42) is runs
    assert not runs_in(tmp_path, 43)


def test_a_process_that_is_gone_does_not_run(tmp_path: Path) -> None:
    assert not runs_in(tmp_path / "7", 42)


def test_a_registry_that_is_up_is_not_started_twice(registry: RegistryProcess) -> None:
    first = registry.pid
    assert registry.start().pid == first


def test_a_start_that_fails_shows_the_code_and_the_log(tmp_path: Path) -> None:
    with pytest.raises(RegistryProcessFailed, match=r"(?s)exit code 2 at its start.*--no-such-flag"):
        RegistryProcess(tmp_path / "data", "--no-such-flag").start()


def test_a_registry_that_does_not_run_has_no_pid(tmp_path: Path) -> None:
    with pytest.raises(RegistryProcessFailed, match="not running"):
        _ = RegistryProcess(tmp_path / "data").pid


def test_a_port_is_given_once_whoever_asks() -> None:
    asking = "from wharf.testing.registry_process import is_ours_from_now_on; print(is_ours_from_now_on({}))"
    port = next(port for port in PORTS if is_ours_from_now_on(port) and not is_ours_from_now_on(port))
    command = [sys.executable, "-c", asking.format(port)]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert told == "False\n"


def test_settings_of_the_surroundings_do_not_reach_it() -> None:
    assert without_settings({"WHARF_LISTEN": "127.0.0.1:1", "HOME": "/root"}) == {"HOME": "/root"}
    assert without_settings(os.environ).keys() <= os.environ.keys()
