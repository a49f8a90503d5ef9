"""Which lines of a log are one message: a terminal that is eighty columns wide makes three lines of one."""

import re
from collections.abc import Sequence
from typing import Final

from wharf.doctor.squeezed import without_colours

_NARROWEST: Final = 38
_MOST_LINES: Final = 30
_begins_a_message = re.compile(
    r"\s*(?:\[?\d{4}-\d\d-\d\d|\d\d:\d\d:\d\d|#\d+ |\[\w+\]|time=|level=|##\[|::"
    r"|error|warn|fatal|panic|failed|\w+ \| |\{\")",
    re.IGNORECASE,
)


def first_line_of(lines: Sequence[str], number: int) -> int:
    """The line on which the message of a line begins."""
    first = number
    while first > 0 and number - first < _MOST_LINES and _goes_on(lines[first - 1], lines[first]):
        first -= 1
    return first


def _goes_on(line: str, following: str) -> bool:
    """A full line goes on in the next, which is not longer, and does not begin as messages do."""
    above, below = without_colours(line).rstrip(), without_colours(following).rstrip()
    is_full = len(above) >= _NARROWEST and len(below) <= len(above) + 1
    return is_full and above[-1] not in ".!?" and not _begins_a_message.match(below)
