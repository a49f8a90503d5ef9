"""Lines as people found them in their logs, by the signature that each is about: log_lines.toml beside this file."""

import tomllib
from pathlib import Path
from typing import Final

_DATA: Final = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))

LINES: Final[tuple[tuple[str, str], ...]] = tuple(
    (signature, line) for signature, lines in _DATA["lines"].items() for line in lines
)
UNRELATED: Final[tuple[str, ...]] = tuple(_DATA["unrelated"])
