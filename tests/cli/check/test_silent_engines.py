"""Engines that answer nothing, or not to the end: nobody waits for them for long, and the check goes on without."""

import socket
import socketserver
import threading
import time
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from tests.cli.check.checks import checked
from tests.cli.harbour import Harbour

pytestmark = pytest.mark.slow


def test_an_engine_that_is_silent_is_left_alone_soon(harbour: Harbour, tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as silent:
        silent.bind(str(tmp_path / "s"))
        silent.listen()
        begun = time.monotonic()
        found = checked(harbour.folder, f"{harbour.host}/team", engine="", DOCKER_HOST=f"unix://{tmp_path}/s")
    assert time.monotonic() - begun < 55  # it would be silent for longer
    assert found.document["works"]
    assert "no container engine answers" in found.said("environment")


class HalfAnEngine(socketserver.ThreadingUnixStreamServer):
    """It says who it is, and is silent when it is asked how it is."""

    daemon_threads = True
    block_on_close = False

    def handle_error(self, request: object, client_address: object) -> None:
        """Nobody is there any longer to hear the end of it."""


the_end = threading.Event()


class HalfAnswer(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        if self.path.endswith("/info"):
            the_end.wait(60)
        said = b'{"Version": "9", "ApiVersion": "1.41", "Os": "linux", "Arch": "amd64"}'
        self.send_response_only(200)
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def log_message(self, *_parts: object) -> None:
        """Nobody reads along."""


def test_an_engine_that_falls_silent_does_not_keep_anybody_waiting(harbour: Harbour, tmp_path: Path) -> None:
    with HalfAnEngine(str(tmp_path / "s"), HalfAnswer) as engine:
        threading.Thread(target=engine.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        begun = time.monotonic()
        found = checked(harbour.folder, f"{harbour.host}/team", engine="", DOCKER_HOST=f"unix://{tmp_path}/s")
        the_end.set()
        engine.shutdown()
    assert time.monotonic() - begun < 55  # it would be silent for longer
    assert found.document["works"]
    assert "no container engine answers" in found.said("environment")
