"""The parent keeps its workers: real processes that refuse, stumble, hang, and are shot while they start."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx
import pytest

from tests.durability.processes import children, eventually, is_alive
from wharf.testing.registry_process import free_port

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    ("how", "reason"),
    [
        ("refuse", "the database is held by another process"),
        ("stumble", "ZeroDivisionError: nobody thought of this"),
        ("abort", "a worker process was ended by SIGABRT"),
    ],
)
def test_where_no_worker_could_ever_serve_the_reason_is_told(tmp_path: Path, how: str, reason: str) -> None:
    command = [sys.executable, "-m", "tests.registry.kept_workers", str(free_port()), how, str(tmp_path / "file")]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=240, check=False)
    assert 3 == ended.returncode, ended.stderr
    assert f"the registry cannot start: {reason}\nno worker process could serve" in ended.stderr


def test_what_was_not_foreseen_in_a_worker_is_in_the_log_whole(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.registry.kept_workers", str(free_port()), "stumble", str(tmp_path / "file")]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=240, check=False)
    assert 'raise ZeroDivisionError("nobody thought of this")' in ended.stderr
    assert "look at the log above" in ended.stderr


def test_a_worker_that_hangs_at_its_start_is_ended_and_begun_again(tmp_path: Path) -> None:
    with kept_workers(tmp_path, "hang-once") as (port, log, _):
        assert eventually(lambda: "does not begin to serve in 20 s: it is ended" in log.read_text(), 240)
        assert eventually(lambda: answers(port), 240)


def test_a_registry_that_has_served_stays_up_when_workers_cannot_start_for_a_while(tmp_path: Path) -> None:
    with kept_workers(tmp_path, "refuse-later") as (port, log, parent):
        assert eventually((tmp_path / "told").exists, 240)
        (tmp_path / "file").touch()
        for worker in children(parent):
            os.kill(worker, signal.SIGKILL)
        assert eventually(
            lambda: log.read_text().count("the database is held by another process; it is begun") >= 4, 240
        )
        (tmp_path / "file").unlink()
        assert eventually(lambda: answers(port), 240)


def test_a_worker_that_hangs_at_its_start_does_not_outlive_its_parent(tmp_path: Path) -> None:
    with kept_workers(tmp_path, "hang") as (_, _, parent):
        file = tmp_path / "file"
        assert eventually(lambda: file.exists() and file.read_text() != "", 240)
        assert eventually(lambda: 2 == len(children(parent)), 240)
        workers = children(parent)
        os.kill(parent, signal.SIGKILL)
        assert eventually(lambda: not any(map(is_alive, workers)), 240)


def test_a_stop_is_heard_while_workers_come_and_go(tmp_path: Path) -> None:
    with kept_workers(tmp_path, "refuse-later") as (_, log, parent):
        assert eventually((tmp_path / "told").exists, 240)
        (tmp_path / "file").touch()
        for worker in children(parent):
            os.kill(worker, signal.SIGKILL)
        assert eventually(lambda: "was ended by SIGKILL" in log.read_text(), 240)
        os.kill(parent, signal.SIGTERM)
        assert eventually(lambda: not is_alive(parent), 240)


@contextmanager
def kept_workers(folder: Path, how: str) -> Iterator[tuple[int, Path, int]]:
    """Its port, its log and its process."""
    port, log = free_port(), folder / "log"
    command = [sys.executable, "-m", "tests.registry.kept_workers", str(port), how, str(folder / "file")]
    with log.open("wb") as written, subprocess.Popen(command, stderr=written, process_group=0) as process:
        try:
            yield port, log, process.pid
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


def answers(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/", timeout=60).text == "served"
    except httpx.TransportError:
        return False
