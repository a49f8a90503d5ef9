"""The log of requests: one line each, for a person at a terminal or as JSON for a machine.

Lines are gathered and written together a few times a second: writing is a system call, and a pull should not wait
for it. Nothing of a query or an authorisation header is ever written: that is where secrets travel.
"""

import asyncio
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from json.encoder import encode_basestring_ascii as quoted  # json.dumps without its ceremony: a line per request
from typing import TextIO

_FLUSH_SECONDS = 0.2
_MOST_LINES = 500
_LONGEST_METHOD = 20
_LONGEST_PATH = 512  # the longest name with the longest digest, and room for a mistake


@dataclass(frozen=True, slots=True)
class Served:
    """What is worth knowing of a request when it is over."""

    moment: float
    method: str
    path: str
    status: int
    seconds: float
    peer: str
    caller: str | None
    request_id: str


Format = Callable[[Served], str]


def human(served: Served) -> str:
    at = datetime.fromtimestamp(served.moment, UTC).strftime("%H:%M:%S")
    who = f" {served.caller}" if served.caller else ""
    method, path = _start(served.method, _LONGEST_METHOD), _start(served.path, _LONGEST_PATH)
    path = path if path.isprintable() else ascii(path)
    return f"{at} {served.status} {method:6} {path}  {served.seconds * 1000:.1f} ms {served.peer}{who}\n"


def machine(served: Served) -> str:
    caller = quoted(served.caller) if served.caller else "null"
    method, path = _start(served.method, _LONGEST_METHOD), _start(served.path, _LONGEST_PATH)
    return (
        f'{{"time":{served.moment:.3f},"event":"request","method":{quoted(method)},'
        f'"path":{quoted(path)},"status":{served.status},"seconds":{served.seconds:.6f},'
        f'"peer":"{served.peer}","caller":{caller},"id":"{served.request_id}"}}\n'
    )


def _start(text: str, longest: int) -> str:
    """Clients may write long lines, and the log is not theirs to fill."""
    return text if len(text) <= longest else text[:longest] + "…"


class RequestLog:
    def __init__(self, form: Format, stream: TextIO = sys.stderr) -> None:
        self._form = form
        self._stream = stream
        self._lines: list[str] = []

    def add(self, served: Served) -> None:
        if not self._lines:
            asyncio.get_running_loop().call_later(_FLUSH_SECONDS, self.flush)
        self._lines.append(self._form(served))
        if len(self._lines) >= _MOST_LINES:
            self.flush()

    def flush(self) -> None:
        lines, self._lines = self._lines, []
        if lines:
            self._stream.write("".join(lines))
            self._stream.flush()
