"""What the command line of `wharf doctor` asks for, beside the folder and what happened."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from wharf.doctor.finding import Severity


@dataclass(frozen=True)
class Wishes:
    """`fail_on`: the least severity that the exit code is for, or `never`."""

    as_json: bool
    tags: bool
    fix: bool
    diff: bool
    every_note: bool
    annotations: bool
    fail_on: str
    sarif: Path | None
    junit: Path | None
    picture: Path | None

    def fails(self, found: Iterable[Severity]) -> bool:
        gravest_first = [severity.value for severity in Severity]
        least = gravest_first.index(self.fail_on) if self.fail_on in gravest_first else -1
        return any(gravest_first.index(severity.value) <= least for severity in found)
