"""Podman's socket, which speaks as a Docker Engine does."""

import asyncio
import io
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.clients.clearing import clear_away
from tests.clients.conftest import need
from tests.engine.test_images import APP, V1, V2, into, out_of
from tests.images.places import holding
from wharf.engine.docker import Engine
from wharf.errors import EngineRefused, ImageNotThere
from wharf.oci.reference import Reference
from wharf.testing.random_image import random_image

pytestmark = pytest.mark.slow

START_DEADLINE = 120.0


@pytest.fixture(scope="module")
def environ() -> Iterator[dict[str, str]]:
    need("podman")
    folder = Path(tempfile.mkdtemp(prefix="wharf-", dir="/tmp"))
    socket = folder / "podman.sock"
    storage = [f"--root={folder / 'root'}", f"--runroot={folder / 'run'}", "--storage-driver=vfs"]
    with (folder / "log").open("wb") as log:
        command = ["podman", *storage, "system", "service", "--time=0", f"unix://{socket}"]
        service = subprocess.Popen(command, stdout=log, stderr=log)
    try:
        deadline = time.monotonic() + START_DEADLINE
        while not socket.exists() and time.monotonic() < deadline:
            time.sleep(0.05)
        yield {"DOCKER_HOST": f"unix://{socket}"}
    finally:
        service.terminate()
        service.wait()
        clear_away(folder)


def test_an_image_goes_into_podman_and_comes_out_the_same(environ: dict[str, str]) -> None:
    image = random_image(1)
    asyncio.run(into(environ, holding(image)))
    assert () == asyncio.run(into(environ, holding(image), [V2])).blobs
    with Engine.connect(environ) as engine:
        assert (image.image.config.digest, {V1, V2}) == (
            engine.find(str(APP)).id,
            {name.tag for name in engine.find(str(APP)).names},
        )
    assert image.image.config.digest in asyncio.run(out_of(environ)).contents


def test_what_podman_does_not_have_or_take_is_said_in_the_same_way(environ: dict[str, str]) -> None:
    with Engine.connect(environ) as engine:
        with pytest.raises(ImageNotThere):
            engine.find(str(Reference.parse("registry.example/team/other:v1")))
        with pytest.raises(EngineRefused, match="did not load the image: "):
            engine.load(io.BytesIO(b"no archive"), lambda size: None)
