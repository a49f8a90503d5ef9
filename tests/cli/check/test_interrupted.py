"""Ctrl-C in the midst of a check: everything that was made is taken away, and that is said."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable

import pytest

from tests.cli.check.checks import tags_of
from tests.cli.check.front import Answer, before
from tests.cli.harbour import Harbour

pytestmark = pytest.mark.slow
LONG_SECONDS = 240.0
DEADLINE_SECONDS = 120.0


class Waiting:
    """Where a request arrives that the registry takes long to answer."""

    def __init__(self, method: str, part: str, seconds: float = LONG_SECONDS) -> None:
        self.method, self.part, self.seconds = method, part, seconds
        self.has_come = False

    def overrule(self, method: str, path: str) -> Answer | None:
        if self.has_come or method != self.method or self.part not in path:
            return None
        self.has_come = True
        return Answer(0, after=self.seconds)


def begun(harbour: Harbour, host: str, *words: str) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "wharf", "check", f"{host}/{harbour.name}", "--no-engine", *words]
    environ = {**os.environ, "HOME": str(harbour.folder), "LANG": "C.UTF-8"}
    return subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + DEADLINE_SECONDS
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.02)


@pytest.mark.parametrize(
    ("method", "part", "step"),
    [
        ("GET", "/blobs/sha256", "Pull and run"),
        ("HEAD", "/manifests/check", "Build and push"),
        ("GET", "/tags/list?n=1000", "API"),
    ],
)
def test_ctrl_c_cleans_up(harbour: Harbour, method: str, part: str, step: str) -> None:
    waiting = Waiting(method, part)
    with before(harbour.host, waiting.overrule) as host:
        process = begun(harbour, host)
        until(lambda: waiting.has_come)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=DEADLINE_SECONDS)
    assert (130, "") == (process.returncode, err)
    assert f"{step} " in next(line for line in out.splitlines() if line.endswith("✕"))
    assert "nothing of it is left" in out
    assert "interrupted: what was made has been cleaned up" in out
    assert [] == tags_of(harbour)


def test_ctrl_c_while_it_cleans_up_does_not_stop_that(harbour: Harbour) -> None:
    waiting = Waiting("DELETE", "/manifests/", 4.0)
    with before(harbour.host, waiting.overrule) as host:
        process = begun(harbour, host)
        until(lambda: waiting.has_come)
        process.send_signal(signal.SIGINT)
        out, _ = process.communicate(timeout=DEADLINE_SECONDS)
    assert 130 == process.returncode
    assert "nothing of it is left" in out
    assert [] == tags_of(harbour)


def test_for_machines_there_is_one_document(harbour: Harbour) -> None:
    waiting = Waiting("GET", "/blobs/sha256")
    with before(harbour.host, waiting.overrule) as host:
        process = begun(harbour, host, "--json")
        until(lambda: waiting.has_come)
        process.send_signal(signal.SIGTERM)
        out, _ = process.communicate(timeout=DEADLINE_SECONDS)
    assert 130 == process.returncode
    assert 1 == len(out.splitlines())
    assert '"interrupted": true' in out
