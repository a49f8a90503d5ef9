"""Which lines of a log are one message: a terminal that is eighty columns wide makes three lines of one."""

import re
from collections.abc import Sequence
from typing import Final

from wharf.doctor.squeezed import without_colours

_NARROWEST: Final = 38
_MOST_LINES: Final = 30
_USUAL_WIDTHS: Final = frozenset({40, 60, 72, 78, 79, 80, 100, 120, 132})
_begins_a_message = re.compile(
    r"\s*(?:\[?\d{4}-\d\d-\d\d|\d\d:\d\d:\d\d|#\d+ |\[\w+\]|time=|level=|##\[|::"
    r"|error|warn|fatal|panic|failed|\w+ \| |\{\")",
    re.IGNORECASE,
)


def first_line_of(lines: Sequence[str], number: int) -> int:
    """The line on which the message of a line begins."""
    first = number
    while first > 0 and number - first < _MOST_LINES and _goes_on(lines, first - 1):
        first -= 1
    return first


def messages_in(lines: Sequence[str]) -> int:
    """How many messages these lines are, of which the first one may be cut."""
    whole = sum(1 for number in range(1, len(lines) - 1) if not _goes_on(lines, number))
    return 1 + whole


def _goes_on(lines: Sequence[str], number: int) -> bool:
    """A full line goes on in the next, which is not longer, and does not begin as messages do."""
    width, following = _width(lines[number]), _width(lines[number + 1])
    return following <= width and _is_full(lines, number, width) and not _begins_a_message.match(lines[number + 1])


def _is_full(lines: Sequence[str], number: int, width: int) -> bool:
    """As long as a terminal is wide, or as the line before or after it."""
    beside = {_width(line) for line in (*lines[max(number - 1, 0) : number], *lines[number + 1 : number + 2])}
    return width >= _NARROWEST and (width in _USUAL_WIDTHS or width in beside)


def _width(line: str) -> int:
    return len(without_colours(line).rstrip("\r"))
