"""A network with nobody else in it: for fixed addresses and ports, which somebody has on a real machine."""

import ctypes
import os
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

CLONE_NEWNET = 0x40000000
ADDRESS = "10.99.0.1"
"""Of this machine in that network. It is no address of loopback for those who look at the number."""


@contextmanager
def own_network() -> Iterator[None]:
    """For the thread that enters, and for the threads and programs that it starts meanwhile."""
    system = ctypes.CDLL(None, use_errno=True)
    before = os.open(Path(f"/proc/self/task/{threading.get_native_id()}/ns/net"), os.O_RDONLY)
    try:
        _expect(system.unshare(CLONE_NEWNET))
        try:
            for words in (["link", "set", "lo", "up"], ["address", "add", f"{ADDRESS}/32", "dev", "lo"]):
                subprocess.run(["ip", *words], check=True)
            yield
        finally:
            _expect(system.setns(before, CLONE_NEWNET))
    finally:
        os.close(before)


def _expect(outcome: int) -> None:
    if outcome != 0:
        problem = ctypes.get_errno()
        raise OSError(problem, os.strerror(problem))
