"""A real terminal, with the real command in it: nothing of the password appears there."""

import os
import pty
import subprocess
import sys
import termios
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.client.token_service import Account, House, serving

pytestmark = pytest.mark.slow

SECRET = "open-sesame-7"
PROMPT = "Password or token (not shown): "


class Terminal:
    """Somebody sits at it and types; what appears is kept."""

    def __init__(self, folder: Path, *words: str) -> None:
        self._ours, self._theirs = pty.openpty()
        environ = {**os.environ, "HOME": str(folder), "TERM": "dumb", "XDG_RUNTIME_DIR": str(folder)}
        environ.pop("DOCKER_CONFIG", None)
        command = ["setsid", "--ctty", "--wait", sys.executable, "-m", "wharf", *words]
        self._process = subprocess.Popen(
            command, stdin=self._theirs, stdout=self._theirs, stderr=self._theirs, env=environ
        )
        self.seen = ""

    def answer(self, prompt: str, text: str) -> None:
        deadline = time.monotonic() + 120
        while prompt not in self.seen:
            assert time.monotonic() < deadline, self.seen
            self.seen += os.read(self._ours, 4096).decode()
        while prompt == PROMPT and self.shows_what_is_typed:  # the prompt is written a moment before
            assert time.monotonic() < deadline, self.seen
            time.sleep(0.01)
        os.write(self._ours, text.encode())

    def end(self) -> None:
        self._process.terminate()

    def code(self) -> int:
        code = self._process.wait(120)
        os.set_blocking(self._ours, False)
        while piece := self._rest():
            self.seen += piece
        return code

    @property
    def shows_what_is_typed(self) -> bool:
        return bool(termios.tcgetattr(self._theirs)[3] & termios.ECHO)

    def close(self) -> None:
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()
        os.close(self._ours)
        os.close(self._theirs)

    def _rest(self) -> str:
        try:
            return os.read(self._ours, 65536).decode()
        except BlockingIOError:
            return ""


@pytest.fixture
def host() -> Iterator[str]:
    with serving(House({"alice": Account(SECRET)}, hands_out_refresh_tokens=False)) as address:
        yield address


@pytest.fixture
def terminal(tmp_path: Path, host: str) -> Iterator[Terminal]:
    terminal = Terminal(tmp_path, "login", host)
    yield terminal
    terminal.close()


def test_the_password_is_not_shown(terminal: Terminal, host: str) -> None:
    terminal.answer("User name: ", "alice\n")
    terminal.answer(PROMPT, f"{SECRET}\n")
    assert 0 == terminal.code()
    assert (True, False) == (f"logged in to {host} as alice" in terminal.seen, SECRET in terminal.seen)


def test_whoever_leaves_at_the_prompt_has_the_terminal_as_before(terminal: Terminal) -> None:
    terminal.answer("User name: ", "alice\n")
    terminal.answer(PROMPT, "\x03")
    assert 130 == terminal.code()
    assert terminal.shows_what_is_typed


def test_whoever_is_ended_at_the_prompt_leaves_the_terminal_as_before(terminal: Terminal) -> None:
    terminal.answer("User name: ", "alice\n")
    terminal.answer(PROMPT, "")
    terminal.end()
    assert 130 == terminal.code()
    assert terminal.shows_what_is_typed
