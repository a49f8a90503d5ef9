"""The crew of the journeys: somebody with HTTP and a command line, and an image that they can tell from all others."""

import http.client
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from examples.push_sample import Repository
from wharf.oci.descriptor import Descriptor
from wharf.oci.media_types import OCI_CONFIG, OCI_LAYER, OCI_MANIFEST
from wharf.testing.registry_process import RegistryProcess, without_settings

PATIENCE_SECONDS = 240


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def told(self) -> str:
        """The message of the error that this is."""
        return str(json.loads(self.body)["errors"][0]["message"])


@dataclass(frozen=True, slots=True)
class Printed:
    code: int
    out: str
    err: str

    @property
    def complaint(self) -> str:
        """What was said on standard error, wherever its lines were broken."""
        return " ".join(self.err.split())


def ask(registry: RegistryProcess, method: str, path: str) -> Answer:
    connection = http.client.HTTPConnection(registry.host, timeout=PATIENCE_SECONDS)
    try:
        connection.request(method, path)
        answer = connection.getresponse()
        return Answer(answer.status, answer.headers, answer.read())
    finally:
        connection.close()


def ask_for_json(registry: RegistryProcess, path: str) -> Any:
    return json.loads(ask(registry, "GET", path).body)


@contextmanager
def repository(registry: RegistryProcess, name: str) -> Iterator[Repository]:
    connection = http.client.HTTPConnection(registry.host, timeout=PATIENCE_SECONDS)
    try:
        yield Repository(connection, name)
    finally:
        connection.close()


def push_image(registry: RegistryProcess, name: str, tag: str, cargo: bytes) -> Descriptor:
    """An image with one layer of exactly these bytes; to a registry a layer is any bytes."""
    with repository(registry, name) as target:
        layer = target.push_blob(cargo, OCI_LAYER)
        config = target.push_blob(json.dumps({"cargo": str(layer.digest)}).encode(), OCI_CONFIG)
        manifest = {
            "schemaVersion": 2,
            "mediaType": OCI_MANIFEST,
            "config": config.to_json(),
            "layers": [layer.to_json()],
        }
        return target.push_manifest(manifest, tag)


def pull_cargo(registry: RegistryProcess, name: str, tag: str) -> bytes:
    """The bytes of the image's layer, as somebody who knows its tag gets them."""
    manifest = ask_for_json(registry, f"/v2/{name}/manifests/{tag}")
    return ask(registry, "GET", f"/v2/{name}/blobs/{manifest['layers'][0]['digest']}").body


def wharf(*arguments: str | Path, folder: Path | None = None, **environ: str) -> Printed:
    """The command line, as a person types it. They speak English, unless `environ` says otherwise."""
    done = subprocess.run(
        [sys.executable, "-m", "wharf", *map(str, arguments)],
        cwd=folder,
        env={**without_settings(os.environ), "LC_ALL": "C.UTF-8", **environ},
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )
    return Printed(done.returncode, done.stdout, done.stderr)
