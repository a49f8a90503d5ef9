"""What a real program says in a world: its own words, which the doctor is then asked about."""

import http.server
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus

import pytest

from tests.clients.programs import missing
from tests.doctor.worlds.world import World

DEADLINE = 120


def said(world: World, *command: str, given: str = "") -> str:
    """By a program that is installed here; else the test is skipped, and says for which one."""
    if absent := missing(command[0]):
        pytest.skip(f"not installed: {', '.join(absent)}")
    ended = subprocess.run(
        command,
        input=given.encode(),
        env=dict(world.scene.environ),
        cwd=world.scene.folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=DEADLINE,
        check=False,
    )
    return ended.stdout.decode("utf-8", "replace")


def docker(world: World, *arguments: str, given: str = "") -> str:
    """The docker command without any daemon: it logs in by itself then."""
    return said(world, "docker", "-H", "unix:///nowhere/docker.sock", *arguments, given=given)


def docker_login(world: World, registry: str) -> str:
    """Without what it tells of its first try, over TLS, which is no failure."""
    told = docker(world, "login", "-u", "someone", "--password-stdin", registry, given="a-password\n")
    return "\n".join(line for line in told.splitlines() if "level=info" not in line)


@contextmanager
def registry_with_password() -> Iterator[str]:
    """Its host and port: any name and password will do, and without them nobody gets in."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Door)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield f"127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Door(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        is_known = "Authorization" in self.headers
        self.send_response(HTTPStatus.OK if is_known else HTTPStatus.UNAUTHORIZED)
        if not is_known:
            self.send_header("WWW-Authenticate", 'Basic realm="a door"')
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 - the name is not ours
        """Nothing of it belongs into the output of a test."""
