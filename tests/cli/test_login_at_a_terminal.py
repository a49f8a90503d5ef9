"""A real terminal, with the real command in it: nothing of the password appears there."""

import os
import pty
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.client.token_service import Account, House, serving

pytestmark = pytest.mark.slow

SECRET = "open-sesame-7"


def read_until(terminal: int, words: str) -> str:
    seen = ""
    deadline = time.monotonic() + 20
    while words not in seen:
        assert time.monotonic() < deadline, seen
        try:
            piece = os.read(terminal, 4096)
        except OSError:  # the other side has closed it: its command has ended
            return seen
        seen += piece.decode()
    return seen


def test_the_password_is_not_shown(tmp_path: Path) -> None:
    controlling, terminal = pty.openpty()
    environ = {**os.environ, "HOME": str(tmp_path), "TERM": "dumb", "XDG_RUNTIME_DIR": str(tmp_path)}
    environ.pop("DOCKER_CONFIG", None)
    with serving(House({"alice": Account(SECRET)}, hands_out_refresh_tokens=False)) as host:
        command = [sys.executable, "-m", "wharf", "login", host]
        process = subprocess.Popen(command, stdin=terminal, stdout=terminal, stderr=terminal, env=environ,
                                   start_new_session=True)  # fmt: skip
        os.close(terminal)
        seen = read_until(controlling, "User name: ")
        os.write(controlling, b"alice\n")
        seen += read_until(controlling, "Password or token (not shown): ")
        os.write(controlling, f"{SECRET}\n".encode())
        seen += read_until(controlling, "--store helper)")
        code = process.wait(20)
        os.close(controlling)
    assert (0, True, False) == (code, f"logged in to {host} as alice" in seen, SECRET in seen)
