"""Command lines under test, as a user runs them: from the start of the process to its end, with a home of their own."""

import os
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

from bench.measure import BenchFailed
from bench.process_memory import watched

PATIENCE = 300.0


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
    """The most memory that a run held, looked at ten times a second."""
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, env=clean_environment(home)
    )
    with watched(process.pid) as peak:
        _, said = process.communicate(timeout=PATIENCE)
    if process.returncode != 0:
        raise BenchFailed(f"{command[0]} ended with {process.returncode}: {said.strip()}")
    return peak.megabytes


def clean_environment(home: Path) -> dict[str, str]:
    return {"HOME": str(home), "PATH": os.environ.get("PATH", os.defpath), "LANG": "C.UTF-8"}
