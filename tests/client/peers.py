"""Debian's docker-registry, as a registry that knows nothing of wharf."""

import http.client
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from wharf.testing.registry_process import free_port

PROGRAM = Path("/usr/bin/docker-registry")
_LONGEST_START = 120.0
_SETTINGS = """\
version: 0.1
log: {{level: error, accesslog: {{disabled: true}}}}
storage:
  filesystem: {{rootdirectory: {store}}}
  delete: {{enabled: {deletes}}}
  maintenance: {{uploadpurging: {{enabled: false}}}}
http: {{addr: "127.0.0.1:{port}"}}
"""


class DockerRegistry:
    """On one folder and one port, so that it can be shot and started again."""

    def __init__(self, folder: Path, more_settings: str = "", *, deletes: bool = True) -> None:
        """`more_settings`: lines of its configuration file, such as those about accounts."""
        if not PROGRAM.exists():
            pytest.skip("docker-registry is not installed (Debian's package docker-registry)")
        self._folder = folder
        self._more_settings = more_settings
        self._deletes = deletes
        self._port = free_port()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self._port}"

    def start(self) -> None:
        settings = self._folder / "docker-registry.yml"
        own = _SETTINGS.format(store=self._folder / "store", port=self._port, deletes=str(self._deletes).lower())
        settings.write_text(own + self._more_settings)
        with (self._folder / "docker-registry.log").open("ab") as log:
            self._process = subprocess.Popen([PROGRAM, "serve", settings], stdout=log, stderr=log)
        deadline = time.monotonic() + _LONGEST_START
        while not self._answers():
            assert time.monotonic() < deadline, "docker-registry did not start"
            time.sleep(0.05)

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def _answers(self) -> bool:
        connection = http.client.HTTPConnection(self.host, timeout=2)
        try:
            connection.request("GET", "/v2/")
            return connection.getresponse().status in {200, 401}
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()


@contextmanager
def docker_registry(folder: Path, more_settings: str = "", *, deletes: bool = True) -> Iterator[str]:
    registry = DockerRegistry(folder, more_settings, deletes=deletes)
    try:
        registry.start()
        yield registry.host
    finally:
        registry.kill()
