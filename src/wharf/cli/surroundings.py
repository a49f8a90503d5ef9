"""What a command finds around it, as a value: so that tests hand over another one in place of patching the process."""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from io import TextIOWrapper
from pathlib import Path
from typing import Self, TextIO


@dataclass(frozen=True, slots=True)
class Surroundings:
    environ: Mapping[str, str]
    out: TextIO
    err: TextIO
    folder: Path

    @classmethod
    def here(cls) -> Self:
        if isinstance(sys.stdout, TextIOWrapper):  # a name that the terminal cannot write must not end the command
            sys.stdout.reconfigure(errors="backslashreplace")
        return cls(os.environ, sys.stdout, sys.stderr, Path())
