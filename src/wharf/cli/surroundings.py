"""What a command finds around it, as a value: so that tests hand over another one in place of patching the process."""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from io import StringIO, TextIOWrapper
from pathlib import Path
from typing import Self, TextIO


@dataclass(frozen=True, slots=True)
class Surroundings:
    environ: Mapping[str, str]
    out: TextIO
    err: TextIO
    folder: Path
    typed: TextIO = field(default_factory=StringIO)
    """What a person types, or a pipe brings."""
    home: Path = Path()
    platform: str = sys.platform
    slowness: float = 1.0
    """How many times longer than usual it is waited for what is looked at here."""

    @classmethod
    def here(cls) -> Self:
        if isinstance(sys.stdout, TextIOWrapper):  # a name that the terminal cannot write must not end the command
            sys.stdout.reconfigure(errors="backslashreplace")
        return cls(os.environ, sys.stdout, sys.stderr, Path(), sys.stdin or StringIO(), _home())


def _home() -> Path:
    try:
        return Path.home()
    except RuntimeError:  # a user without a name and without HOME, as in many containers
        return Path()
