"""Small files and small documents of other programs, read so that nothing strange in them can do harm."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from wharf.errors import MalformedJson
from wharf.oci.strict_json import parse_object

MOST_BYTES: Final = 4 << 20


def read_small(file: Path) -> bytes:
    """Nothing where it is not there, may not be read, or is no plain file."""
    try:
        if not file.is_file():
            return b""
        with file.open("rb") as opened:
            return opened.read(MOST_BYTES)
    except (OSError, ValueError):
        return b""


def text_of(file: Path) -> str:
    return read_small(file).decode("utf-8", "replace")


def object_in(raw: bytes) -> dict[str, object]:
    """The object of JSON that these bytes are; an empty one if they are not."""
    try:
        return dict(parse_object(raw)) if raw.strip() else {}
    except MalformedJson:
        return {}


def objects_of(value: object) -> Mapping[str, object]:
    return {str(name): member for name, member in value.items()} if isinstance(value, dict) else {}


def list_of(value: object) -> tuple[object, ...]:
    return tuple(value) if isinstance(value, list) else ()


def words_of(value: object) -> tuple[str, ...]:
    return tuple(each for each in list_of(value) if isinstance(each, str))


def word(value: object) -> str:
    return value if isinstance(value, str) else ""
