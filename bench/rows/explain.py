"""From an error text to what it says, without looking at the machine: a whole log of a job, and one pasted line."""

import itertools
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from bench.commands import seconds_of
from bench.conditions import Conditions
from bench.measure import Bench, Figure, at_most

ROUNDS: Final = 5
LOG_BYTES: Final = 50 * 1000 * 1000
LINE: Final = 'Error response from daemon: Head "https://ghcr.io/v2/team/app/manifests/1.4": denied: denied'
_SAID: Final = (
    "[stage-1 {step}/9] RUN npm ci added {number} packages in {step}s",
    "resolved https://packages.example.org/-/package-{number}.tgz integrity {digest}",
    "Compiling crate-{number} v0.{step}.1 (/srv/app/crates/crate-{number})",
    "{digest}: Pull complete",
    "transferring context: {number}.2kB done",
    "GET /health/{digest} 200 {step}ms",
    "PASS src/tests/case_{number}.test.ts ({step}.{step} s)",
)


def run_log(conditions: Conditions) -> Iterator[Figure]:
    if conditions.wharf_command is None:
        return
    with conditions.folder("explain") as folder:
        log = folder / "job.log"
        write_log(log)
        explaining = (*conditions.wharf_command, "explain", "--offline", "-f", str(log))
        for _ in range(ROUNDS):
            yield Figure("s", seconds_of(explaining, folder))


def run_text(conditions: Conditions) -> Iterator[Figure]:
    if conditions.wharf_command is None:
        return
    with conditions.folder("explain") as folder:
        for _ in range(ROUNDS):
            yield Figure("s", seconds_of((*conditions.wharf_command, "explain", "--offline", LINE), folder))


def write_log(path: Path) -> None:
    """No two lines are alike, and the failure stands at nine tenths of it."""
    chance, written, failed = random.Random(7), 0, False
    with path.open("w", encoding="utf-8") as log:
        for number in itertools.count():
            said = LINE if written > LOG_BYTES * 9 // 10 and not failed else _line(number, chance)
            failed = failed or said == LINE
            written += log.write(f"2026-03-01T09:{number // 60 % 60:02}:{number % 60:02}.1234567Z {said}\n")
            if written >= LOG_BYTES:
                return


def _line(number: int, chance: random.Random) -> str:
    said = _SAID[number % len(_SAID)]
    return f"#{number % 40} " + said.format(number=number, step=number % 9, digest=f"{chance.getrandbits(96):024x}")


BENCHES = (
    Bench("explain-log", "wharf explain, a log of 50 MB", "", "one whole command, offline", at_most(5.0, "s"), run_log),
    Bench("explain", "wharf explain, one line", "", "one whole command, offline", at_most(0.5, "s"), run_text),
)
