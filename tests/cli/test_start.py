"""What a command loads and asks before its work is done: the time that everybody waits for, held without a clock."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from wharf.oci.media_types import OCI_MANIFEST
from wharf.testing.hostile_registry import HostileRegistry
from wharf.testing.random_image import random_image

NAME = "team/app"
PATIENCE_SECONDS = 120
HEAVY = {
    "botocore", "difflib", "docker", "email", "encodings.idna", "granian", "http.client", "isal", "lzma", "random",
    "requests", "rich", "secrets", "sqlite3", "tarfile", "tempfile", "tomllib", "unicodedata",
    "urllib.request", "uvloop", "zlib", "zoneinfo", "zstandard",
}  # fmt: skip
ONLY_TO_SEND = {
    "wharf.client.blobs.delivery", "wharf.client.blobs.push", "wharf.images.compress", "wharf.images.loading",
    "wharf.images.packing", "wharf.images.squeezing",
}  # fmt: skip
ONLY_TO_READ_BLOBS = {"wharf.client.blobs.pull", "wharf.oci.config", "wharf.protocol.ranges"}
ONLY_WHERE_ASKED = {
    "wharf.client.login.passport", "wharf.credentials.chain", "wharf.credentials.keychain", "wharf.doctor",
    "wharf.engine", "wharf.images.docker_archive", "wharf.images.layout", "wharf.images.statements",
    "wharf.protocol.challenge", "wharf.protocol.routes", "wharf.protocol.token_flow", "wharf.registry",
}  # fmt: skip
ONLY_TO_REFUSE = {"wharf.client.refusals", "wharf.client.line.tls_refusal"}


@pytest.fixture
def registry() -> Iterator[HostileRegistry]:
    """It behaves well, and holds one image."""
    with HostileRegistry() as registry:
        image = random_image(1, layers=1, layer_size=500)
        for content in image.blobs.values():
            registry.shelf.put_blob(content)
        registry.shelf.put_manifest(NAME, image.manifest.raw, OCI_MANIFEST, "1.0")
        yield registry


def ended(home: Path, *words: str) -> str:
    """What a process of Python with these words said on standard error."""
    done = subprocess.run(
        [sys.executable, *words],
        env={"HOME": str(home), "PATH": ""},
        capture_output=True,
        text=True,
        check=True,
        timeout=PATIENCE_SECONDS,
    )
    return done.stderr


def loaded(home: Path, *words: str) -> set[str]:
    """The modules that one command imports."""
    lines = ended(home, "-X", "importtime", "-m", "wharf", *words).splitlines()
    return {line.rpartition("|")[2].strip() for line in lines if line.startswith("import time:")}


def again(registry: HostileRegistry) -> tuple[str, ...]:
    """The words of a copy to where the image is already."""
    return "copy", "--quiet", f"{registry.host}/{NAME}:1.0", f"{registry.host}/{NAME}:1.0"


def test_a_version_is_told_without_what_speaks_to_others(tmp_path: Path) -> None:
    modules = loaded(tmp_path, "--version")
    assert modules & (HEAVY | {"asyncio", "socket", "ssl", "wharf.client", "wharf.images"}) == set()


def test_a_copy_of_what_is_there_loads_nothing_that_sends(tmp_path: Path, registry: HostileRegistry) -> None:
    modules = loaded(tmp_path, *again(registry))
    assert "wharf.images.copying" in modules
    assert modules & (HEAVY | ONLY_TO_SEND | ONLY_TO_READ_BLOBS | ONLY_WHERE_ASKED | ONLY_TO_REFUSE) == set()


def test_tags_are_listed_without_what_copies(tmp_path: Path, registry: HostileRegistry) -> None:
    modules = loaded(tmp_path, "tags", f"{registry.host}/{NAME}")
    assert "wharf.client.pages" in modules
    assert modules & (HEAVY | ONLY_TO_SEND | ONLY_WHERE_ASKED | {"wharf.images.copy"}) == set()


def test_a_copy_of_what_is_there_asks_three_times(tmp_path: Path, registry: HostileRegistry) -> None:
    ended(tmp_path, "-m", "wharf", *again(registry))
    digest = random_image(1, layers=1, layer_size=500).digest
    assert registry.asked() == [
        f"GET /v2/{NAME}/manifests/1.0",
        f"HEAD /v2/{NAME}/manifests/{digest}",
        f"HEAD /v2/{NAME}/manifests/1.0",
    ]


def test_rubbish_is_not_looked_for_while_a_command_runs(tmp_path: Path) -> None:
    assert ended(tmp_path, "-c", _TELLS_OF_RUBBISH, "tags", "--help").split()[-1] == "0"


def test_nothing_is_taken_apart_at_the_end(tmp_path: Path) -> None:
    assert "never" not in ended(tmp_path, "-c", _WOULD_TELL_OF_AN_END, "--version")


@pytest.mark.parametrize("flags", [(), ("-u",)], ids=["in one piece", "at once"])
def test_a_command_whose_words_cannot_be_written_has_failed(tmp_path: Path, flags: tuple[str, ...]) -> None:
    environment = {"HOME": str(tmp_path), "PATH": ""}
    with Path("/dev/full").open("wb") as full:
        command = [sys.executable, *flags, "-m", "wharf", "--version"]
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, env=environment, check=False, text=True)
    assert (1, True) == (done.returncode, "no space left on device" in done.stderr)
    assert "Traceback" not in done.stderr


_TELLS_OF_RUBBISH = """
import gc, sys
from wharf import __main__ as process

def looks():
    return sum(generation["collections"] for generation in gc.get_stats())

gc.collect()
before = looks()
process.os._exit = lambda code: print(looks() - before, file=sys.stderr)
process.begin()
"""
_WOULD_TELL_OF_AN_END = """
import atexit, sys
from wharf.__main__ import begin
atexit.register(print, "never", file=sys.stderr)
begin()
"""
