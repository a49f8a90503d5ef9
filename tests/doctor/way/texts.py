"""Command lines as a followed script hands them over, for tests. A word `<x>` is not known."""

import re
import shlex
from datetime import UTC, datetime

from wharf.formats.event import Event
from wharf.formats.hole import Unknown
from wharf.formats.shell.ran import Ran
from wharf.formats.span import Span
from wharf.formats.text import Text

SHA = "453a6545b97fe240727c378291230abeb793d851"
HERE = Span.at("deploy.sh")
_unknown = re.compile(r"<([^<>]*)>")


def text(written: str, kind: Unknown = Unknown.SECRET) -> Text:
    parts = _unknown.split(written)
    pieces = [Text.unknown(kind, part) if at % 2 else Text.known(part) for at, part in enumerate(parts)]
    return Text.joined(piece for piece in pieces if piece)


def command(line: str) -> Ran:
    return Ran(tuple(text(word) for word in shlex.split(line)), HERE)


def event(name: str = "push", ref: str = "refs/heads/main", sha: str = SHA) -> Event:
    return Event(name, ref, sha, "acme/app", "main", datetime(2026, 11, 21, tzinfo=UTC))
