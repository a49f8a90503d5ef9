"""wharf.toml: the settings that are written down, and in which line each of them stands.

The TOML parser tells values, not lines. The line of a key is found by reading the file once more, statement by
statement, with the same parser: a statement is over when what was gathered of it can be read. So comments, quoted
keys and values over several lines cannot mislead it. It is done only when there is something to complain about.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from wharf.errors import SettingRefused, shown

_AT_LINE: Final = re.compile(r" \(at line ([0-9]+), column ([0-9]+)\)$")
_AT_END: Final = re.compile(r" \(at end of document\)$")


@dataclass(frozen=True, slots=True)
class SettingFile:
    path: Path | None = None
    values: Mapping[str, object] = field(default_factory=dict)
    text: str = ""

    @property
    def folder(self) -> Path:
        return Path() if self.path is None else self.path.parent

    def place(self, key: str) -> str:
        line = next((number for number, found in _keys(self.text) if found == key), None)
        return f"{self.path} line {line}" if line else str(self.path)


def read_setting_file(path: Path, place: str) -> SettingFile:
    """`place` tells who named the file: a flag, the environment, or nobody."""
    try:
        text = path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
    except OSError as error:
        reason = f"the file cannot be read: {error.strerror}"
        raise SettingRefused("config", str(path), place, reason, "name a file that can be read") from error
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        place = f"{path} line {line}"
        raise SettingRefused("config", str(path), place, "the file is not UTF-8", "write it in UTF-8") from error
    try:
        return SettingFile(path, tomllib.loads(text), text)
    except tomllib.TOMLDecodeError as error:
        raise _not_toml(path, text, str(error)) from error


def _not_toml(path: Path, text: str, complaint: str) -> SettingRefused:
    lines = text.rstrip("\n").split("\n")
    at = _AT_LINE.search(complaint)
    number = int(at[1]) if at else len(lines)
    line, place = lines[number - 1], f"{path} line {number}"
    twice = _written_twice("\n".join(lines[:number]))
    if twice is not None:
        key, first = twice
        return SettingRefused(shown(key), line, place, f"it stands in line {first} already", "keep one of the two")
    reason = _AT_END.sub("", _AT_LINE.sub("", complaint))
    return SettingRefused(
        "config", line, place, f"the file is not TOML: {reason}", 'write it like: listen = "127.0.0.1:5000"'
    )


def _written_twice(text: str) -> tuple[str, int] | None:
    """The last key and its first line, where the last key is one that was there before."""
    found = list(_keys(text))
    last = found[-1][1] if found else ""
    first = next((line for line, key in found[:-1] if key == last), None)
    return None if first is None else (last, first)


def _keys(text: str) -> Iterator[tuple[int, str]]:
    """Lines and keys at the top of the file, and the names of its tables; not what stands inside the tables."""
    inside_table = False
    first, gathered = 1, ""
    for number, line in enumerate(text.split("\n"), 1):
        gathered += f"{line}\n"
        statement = _read_alone(gathered)
        if statement is None:
            continue
        opens_table = gathered.lstrip().startswith("[")
        inside_table = inside_table or opens_table
        if opens_table or not inside_table:
            yield from ((first, key) for key in statement)
        first, gathered = number + 1, ""


def _read_alone(text: str) -> Mapping[str, object] | None:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return None
