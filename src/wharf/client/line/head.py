"""The head of a response: its status, its header fields, and whether the connection lives on after it.

    head        = status-line *( field-line ) CRLF
    status-line = "HTTP/1." ( "0" | "1" ) SP 3DIGIT [ SP reason ] CRLF
    field-line  = name ":" value CRLF

Before it any number of heads with a status 1xx may come, which only promise it. What does not follow the grammar is
refused, and so is what has no end. (Python's `http.client` reads heads too; it believes what it cannot read to be the
body, and to load it takes ten milliseconds of each start.)
"""

import io
import re
from typing import Final, NamedTuple

from wharf.client.message import Headers
from wharf.errors import RemoteMisbehaved, shown

LARGEST_HEAD: Final = 128 * 1024
MOST_FIELDS: Final = 200
_SWITCHED: Final = 101
_status_line = re.compile(r"HTTP/1\.([01]) ([1-9][0-9]{2})(?: .*)?").fullmatch
_field_line = re.compile(r"([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*(.*)", re.DOTALL).fullmatch


class Head(NamedTuple):
    status: int
    headers: Headers
    keeps_connection: bool


def read_head(reader: io.BufferedIOBase, registry: str) -> Head:
    """Raises EOFError if the peer hung up before its end, and RemoteMisbehaved."""
    lines = _Lines(reader, registry)
    while True:
        head = _read_one(lines, registry)
        if head.status == _SWITCHED:
            raise RemoteMisbehaved(registry, "it speaks another protocol all at once")
        if head.status >= 200:
            return head


def _read_one(lines: "_Lines", registry: str) -> Head:
    first = lines.next()
    found = _status_line(first)
    if found is None:
        raise RemoteMisbehaved(registry, "what it answers is not HTTP", [shown(first)])
    headers = Headers(_fields(lines, registry))
    return Head(int(found[2]), headers, _keeps_connection(headers, is_old=found[1] == "0"))


def _fields(lines: "_Lines", registry: str) -> list[tuple[str, str]]:
    fields: list[tuple[str, str]] = []
    while line := lines.next():
        if line[0] in " \t" and fields:  # a field of several lines, as they were allowed once
            fields[-1] = (fields[-1][0], f"{fields[-1][1]} {line.strip()}".strip())
            continue
        found = _field_line(line)
        if found is None or "\0" in line or "\r" in line:
            raise RemoteMisbehaved(registry, "a header of its answer cannot be read", [shown(line)])
        if len(fields) >= MOST_FIELDS:
            raise RemoteMisbehaved(registry, f"its answer has more than {MOST_FIELDS} headers")
        fields.append((found[1], found[2].rstrip(" \t")))
    return fields


def _keeps_connection(headers: Headers, *, is_old: bool) -> bool:
    wishes = {word.strip().lower() for header in headers.all("connection") for word in header.split(",")}
    return "keep-alive" in wishes if is_old else "close" not in wishes


class _Lines:
    """One after the other, and not without end."""

    def __init__(self, reader: io.BufferedIOBase, registry: str) -> None:
        self._reader = reader
        self._registry = registry
        self._left = LARGEST_HEAD

    def next(self) -> str:
        """Without its end of line; the empty one ends a head."""
        line = self._reader.readline(self._left + 1)
        self._left -= len(line)
        if self._left < 0:
            raise RemoteMisbehaved(self._registry, f"the head of its answer is larger than {LARGEST_HEAD} bytes")
        if not line.endswith(b"\n"):
            raise EOFError("in the head of an answer")
        return line.removesuffix(b"\n").removesuffix(b"\r").decode("latin-1")
