"""The registry's processes as the kernel shows them: who there is, how large they are, whether they are alive."""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

from wharf.testing.registry_process import RegistryProcess


def workers(registry: RegistryProcess) -> list[int]:
    """The serving processes; a garbage collection that runs just now is none of them."""
    return [pid for pid in children(registry.pid) if "serve" in command(pid)]


def children(pid: int) -> list[int]:
    with suppress(OSError):
        tasks = list(Path(f"/proc/{pid}/task").iterdir())
        return [int(child) for task in tasks for child in (task / "children").read_text().split()]
    return []


def command(pid: int) -> list[str]:
    with suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_text().split("\0")
    return []


def is_alive(pid: int) -> bool:
    with suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    return False


def resident_mib(registry: RegistryProcess) -> int:
    """Of all the registry's processes together; shared pages are counted once for each that shares them."""
    return sum(_resident(pid) for pid in (registry.pid, *workers(registry))) >> 20


def _resident(pid: int) -> int:
    with suppress(OSError):
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGESIZE")
    return 0


def is_held(file: Path) -> bool:
    """Whether some process has a lock on the file; looking does not disturb it."""
    return f":{file.stat().st_ino} " in Path("/proc/locks").read_text()


def eventually(holds: Callable[[], bool], seconds: float = 120.0) -> bool:
    return any(holds() for _ in _moments(seconds))


def _moments(seconds: float) -> Iterator[None]:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        yield
        time.sleep(0.02)
