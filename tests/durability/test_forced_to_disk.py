"""What is forced to disk before a push is acknowledged, as the kernel is asked for it: seen with strace."""

import re
import secrets
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.durability.cargo import image_of
from tests.durability.client import Client
from tests.durability.processes import eventually, workers
from tests.durability.strace import need_strace, strace
from wharf.oci.digest import Digest
from wharf.testing.registry_process import RegistryProcess

pytestmark = pytest.mark.slow

CALLS = "trace=fsync,fdatasync,rename,renameat,renameat2,mkdir,mkdirat,write,writev,sendto,sendmsg"
_FORCED = re.compile(r"f(?:data)?sync\(\d+<([^>]*)>")
_RENAMED = re.compile(r'rename\w*\(.*"([^"]*)"')
_BLOB = re.compile(r"blobs/sha256/../[0-9a-f]{64}\.[0-9a-f]{16}")
_UNFINISHED = re.compile(r"^(\d+) +(.*) <unfinished \.\.\.>")
_RESUMED = re.compile(r"^(\d+) +<\.\.\. \w+ resumed>")


@pytest.fixture
def registry(tmp_path: Path) -> Iterator[RegistryProcess]:
    need_strace()
    with RegistryProcess(tmp_path / "data", "--workers", "1") as registry:
        yield registry


@pytest.mark.parametrize("size", [1000, (3 << 20) + 5])
def test_a_blob_and_its_name_are_forced_to_disk_before_its_201(
    registry: RegistryProcess, tmp_path: Path, size: int
) -> None:
    cargo = secrets.token_bytes(size)
    with Client(registry) as client:
        assert 201 == client.push("crew/app", b"SQLite makes its log with the first change").status
        with traced(registry, tmp_path) as trace:
            assert 201 == client.push("crew/app", cargo).status
    shard = f"blobs/sha256/{Digest.of(cargo).hex[:2]}"
    assert [
        f"renamed into {shard}",
        f"forced a blob in {shard}",
        f"forced {shard}",
        "forced wharf.db-wal",
        "said 201",
    ] == named(trace, registry.data)


def test_a_manifest_is_forced_to_disk_before_its_201(registry: RegistryProcess, tmp_path: Path) -> None:
    image = image_of()
    with Client(registry) as client:
        assert 201 == client.push("crew/app", image.config).status
        with traced(registry, tmp_path) as trace:
            assert 201 == client.put_manifest("crew/app", "v1", image.raw).status
    assert ["forced wharf.db-wal", "said 201"] == named(trace, registry.data)


def test_a_deletion_is_forced_to_disk_before_its_202(registry: RegistryProcess, tmp_path: Path) -> None:
    image = image_of()
    with Client(registry) as client:
        assert 201 == client.push("crew/app", image.config).status
        assert 201 == client.put_manifest("crew/app", "v1", image.raw).status
        with traced(registry, tmp_path) as trace:
            assert 202 == client.ask("DELETE", "/v2/crew/app/manifests/v1").status
    assert ["forced wharf.db-wal", "said 202"] == named(trace, registry.data)


@contextmanager
def traced(registry: RegistryProcess, folder: Path) -> Iterator[list[str]]:
    """The system calls of the worker, in the order in which they were over; filled when the block is left."""
    (worker,) = workers(registry)
    file, lines = folder / "trace", list[str]()
    with strace(worker, "-y", "-s", "80", "-e", CALLS, "-o", str(file)) as watcher:
        yield lines
        assert eventually(lambda: "HTTP/1.1 20" in file.read_text())
        watcher.send_signal(signal.SIGINT)
        watcher.wait()
    lines += finished(file.read_text().splitlines())


def finished(lines: list[str]) -> Iterator[str]:
    """Each call where it was over; what was said to a client where it was begun."""
    begun: dict[str, str] = {}
    for line in lines:
        if interrupted := _UNFINISHED.match(line):
            begun[interrupted[1]] = interrupted[2]
            if "HTTP/1.1" in line:
                yield line
        elif resumed := _RESUMED.match(line):
            call = begun.pop(resumed[1], "")
            if "HTTP/1.1" not in call:
                yield call + " = 0" if line.endswith("= 0") else call
        else:
            yield line


def named(trace: list[str], data: Path) -> list[str]:
    return [step for line in trace if (step := step_of(line, data))]


def step_of(line: str, data: Path) -> str:
    if said := re.search(r'"HTTP/1\.1 (\d+)', line):
        return f"said {said[1]}"
    if "mkdir" in line:
        return "made a folder"
    if not line.endswith("= 0"):
        return ""
    if renamed := _RENAMED.search(line):
        return f"renamed into {Path(renamed[1]).parent.relative_to(data)}"
    if (forced := _FORCED.search(line)) and forced[1].startswith(str(data)):
        path = forced[1].removeprefix(str(data)).strip("/")
        return f"forced a blob in {Path(path).parent}" if _BLOB.fullmatch(path) else f"forced {path}"
    return ""
