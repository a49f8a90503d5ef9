"""Lines of a log that nobody said: a script's own lines, shown before they run, and listings of a Dockerfile.

An `echo "denied: denied"` that a log shows is not a registry that said so.
"""

import re
from collections.abc import Sequence
from typing import Final

from wharf.doctor.squeezed import without_colours

_FRAMES: Final = " \t\ufeff│┃║╷╵╭╰─"
_AS_FAR_BACK: Final = 300
_prefix = re.compile(
    r"(?:\ufeff?\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d[.,\d]*(?:Z|[+-]\d\d:?\d\d)?[ \t]+(?:\d\d[OE][+ ]?)?"
    r"|\[\d\d?:\d\d:\d\d[.\d]*\][ \t]*|\#\d+ (?:\d+\.\d+ )?|[\w.-]{1,60}[ \t]+\|[ \t]|\d\d:\d\d:\d\d[ \t])*"
)
_traced = re.compile(r"\++ (?=[a-z_./\[$'\"A-Z][^\s:]*(?:\s|=|$))")
_prompted = re.compile(r"(?:\$|PS [A-Z]:\\[^>]{0,200}>) \S")
_comment = re.compile(r"# +\S|#!/|//+ \S|REM ", re.IGNORECASE)
_says = re.compile(r"(?:echo|printf|grep|e?grep -\w+|sed|awk|Write-Host|Write-Output|Write-Error|printf)\b")
_listed = re.compile(r"\d{1,4} \| (?:>>> )?")
_asserted = re.compile(
    r"(?:E\s+)?(?:AssertionError\b|assert\s)|FAILED \S+::|\s*(?:Expected|Received|Actual):\s", re.IGNORECASE
)
_build_step = re.compile(r"\[[^\]]{0,80}\d+/\d+\] (?:RUN|COPY|ADD) |Step \d+/\d+ : |=> (?:CACHED |ERROR )?\[")
_echoes = re.compile(r"\b(?:echo|printf|Write-(?:Host|Output|Error|Warning))\b", re.IGNORECASE)
_tries_on = re.compile(r"level=info msg=\\?\"Error logging in to endpoint, trying next endpoint").search
"""docker says so of TLS before it speaks plain HTTP; what it fails with, if it does, it says after that."""
_SHORTEST_ECHO: Final = 12
_group_begins = re.compile(r"##\[group\](?:Run |run )")
_GROUP: Final = "##[group]"
_group_ends: Final = "##[endgroup]"
_COMMAND_COLOURS: Final = ("\x1b[36;1m", "\x1b[32;1m$")
"""In which GitHub shows a step's script, and GitLab a job's."""


def is_shown(lines: Sequence[str], number: int) -> bool:
    """Whether the line of that number, counted from nought, is text that is shown and not said."""
    line = lines[number]
    if any(colour in line and not without_prefix(line.partition(colour)[0]) for colour in _COMMAND_COLOURS):
        return True
    said = without_prefix(line)
    forms = (_traced, _prompted, _comment, _listed, _says, _asserted, _build_step)
    return (
        any(form.match(said) for form in forms)
        or _group_begins.search(line) is not None
        or _tries_on(line) is not None
        or _is_in_a_group(lines, number)
    )


def is_an_echo(lines: Sequence[str], number: int) -> bool:
    """Whether an `echo` may have said it whose own line the log shows before."""
    said = without_prefix(lines[number]).strip()
    if len(said) < _SHORTEST_ECHO:
        return False
    before = (line for line in lines[max(number - _AS_FAR_BACK, 0) : number] if said in line)
    return any(_echoes.search(line.partition(said)[0]) for line in before)


def without_prefix(line: str) -> str:
    """Without times, the names of containers and the numbers of build steps in front of it."""
    plain = without_colours(line).lstrip(_FRAMES)
    found = _prefix.match(plain)
    return plain[found.end() :] if found else plain


def _is_in_a_group(lines: Sequence[str], number: int) -> bool:
    """GitHub shows what a step runs, and with which inputs, in a group of its own."""
    for line in reversed(lines[max(number - _AS_FAR_BACK, 0) : number]):
        if _group_ends in line:
            return False
        if _GROUP in line and _group_begins.search(line):
            return True
    return False
