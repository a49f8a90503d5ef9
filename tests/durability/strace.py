"""strace, which shows what a process asks of the kernel, and can make the kernel fail or kill it at a chosen call."""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

PROGRAM = "strace"


def need_strace() -> None:
    if shutil.which(PROGRAM) is None:
        pytest.skip(f"not installed: {PROGRAM}")


@contextmanager
def strace(pid: int, *flags: str) -> Iterator[subprocess.Popen[str]]:
    """Attached to a process and all its threads. It is shot in the end: it may wait for a thread that never ends."""
    need_strace()
    watcher = subprocess.Popen([PROGRAM, "-f", *flags, "-p", str(pid)], stderr=subprocess.PIPE, text=True)
    try:
        assert watcher.stderr is not None
        if "attached" not in watcher.stderr.readline():
            pytest.skip(f"{PROGRAM} may not look at other processes here")
        yield watcher
    finally:
        watcher.kill()
        watcher.communicate()
