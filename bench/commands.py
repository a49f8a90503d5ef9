"""Command lines under test, as a user runs them: from the start of the process to its end, with a home of their own."""

import os
import resource
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

from bench.measure import BenchFailed

PATIENCE = 300.0
KILOBYTE = 1024
MEGABYTE = 1e6


def seconds_of(command: Sequence[str], home: Path) -> float:
    """What one run took; a command that fails fails the row."""
    began = time.monotonic()
    run(command, home)
    return time.monotonic() - began


def run(command: Sequence[str], home: Path) -> str:
    """Its standard output."""
    done = subprocess.run(
        command, check=False, capture_output=True, text=True, timeout=PATIENCE, env=clean_environment(home)
    )
    if done.returncode != 0:
        raise BenchFailed(f"{command[0]} ended with {done.returncode}: {done.stderr.strip()}")
    return done.stdout


def peak_megabytes(command: Sequence[str], home: Path) -> float:
    """The most memory that a run held (RSS)."""
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, env=clean_environment(home)
    )
    assert process.stderr is not None
    with process.stderr as err:
        said = err.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise BenchFailed(f"{command[0]} ended with {process.returncode}: {said.strip()}")
    return megabytes_of(usage)


def megabytes_of(usage: resource.struct_rusage) -> float:
    return usage.ru_maxrss * KILOBYTE / MEGABYTE


def clean_environment(home: Path) -> dict[str, str]:
    return {"HOME": str(home), "PATH": os.environ.get("PATH", os.defpath), "LANG": "C.UTF-8"}
