"""The plainest part of TOML, read in a fraction of the time: rows of text and lists of text, one entry on a line.

What is not as plain as that is for a reader that knows all of TOML. The catalogue is read before anything can be
recognised, and most of it are such rows.
"""

import re
from typing import Final

_entry = re.compile(r"""([a-z_]+) = (?:"([^"\\\n]*)"|'([^'\n]*)'|\[([^\]\\'\n]*)\])[ ]*""").fullmatch
_item = re.compile(r'\s*"([^"]*)"\s*').fullmatch
_IGNORED: Final = ("", "#")


def plain_rows(text: str, name: str) -> list[dict[str, object]] | None:
    """The rows under each `[[name]]`, or None if something else is written there."""
    rows: list[dict[str, object]] = []
    for line in text.split("\n"):
        if line == f"[[{name}]]":
            rows.append({})
        elif line[:1] not in _IGNORED and not (rows and _added(rows[-1], line)):
            return None
    return rows


def _added(row: dict[str, object], line: str) -> bool:
    found = _entry(line)
    if found is None or found[1] in row:
        return False
    key, basic, literal, listed = found.groups()
    value = _items(listed) if listed is not None else basic if basic is not None else literal
    row[key] = value
    return value is not None


def _items(listed: str) -> list[str] | None:
    if not listed.strip():
        return []
    items = [_item(part) for part in listed.rstrip().removesuffix(",").split(",")]
    return None if None in items else [item[1] for item in items if item is not None]
