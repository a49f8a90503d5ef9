"""Texts as people found them in their logs: texts/SIGNATURE.toml beside this file, one file for each signature.

rows = ["F41"]     which rows of the project's reference it stands for
texts = ['...']    lines, or whole messages, each with what logs put around them or without

What has nothing to do with images stands in unrelated/TRADE.toml: `logs = [...]`.
"""

import tomllib
from pathlib import Path
from typing import Final

_HERE: Final = Path(__file__).parent
_FILES: Final = {
    file.stem: tomllib.loads(file.read_text(encoding="utf-8")) for file in sorted((_HERE / "texts").glob("*.toml"))
}

LINES: Final[tuple[tuple[str, str], ...]] = tuple(
    (signature, text) for signature, file in _FILES.items() for text in file["texts"]
)
ROWS: Final[frozenset[str]] = frozenset(row for file in _FILES.values() for row in file.get("rows", ()))
UNRELATED: Final[tuple[str, ...]] = tuple(
    text.strip("\n")
    for file in sorted((_HERE / "unrelated").glob("*.toml"))
    for text in tomllib.loads(file.read_text(encoding="utf-8"))["logs"]
)
