"""A `.dockerignore`: patterns that leave files out of what is sent to a build, and exceptions from them.

It looks like a `.gitignore` and is none. Patterns stand for paths from the root of the context, comments begin in the
first column only, and a file below a folder that is left out can be taken in again.
"""

import posixpath
from dataclasses import dataclass
from typing import Final

from wharf.formats.dockerfile.go_expression import NotAPattern
from wharf.formats.dockerfile.go_match import check_pattern
from wharf.formats.dockerfile.ignore_glob import Matches, glob
from wharf.formats.span import Span
from wharf.formats.text import Text

BLANKS: Final = "".join(chr(code) for code in range(0x3001) if chr(code).isspace() and not 0x1C <= code <= 0x1F)
"""As Go sees them."""
_LONGEST: Final = 65_535


@dataclass(frozen=True)
class IgnoreLine:
    """One pattern. `pattern` is how Docker understands it: without `!`, without what a path does not need."""

    written: Text
    pattern: str
    is_exception: bool
    span: Span
    matches: Matches
    problem: str = ""
    """Why Docker refuses it, and with it the whole build."""
    is_refused_when_met: bool = False
    """It is refused only when a file is compared with it."""

    @property
    def stars(self) -> int:
        return self.pattern.count("*")


@dataclass(frozen=True)
class IgnoreFile:
    lines: tuple[IgnoreLine, ...] = ()

    @property
    def refused(self) -> tuple[IgnoreLine, ...]:
        """At once, whatever files there are."""
        return tuple(line for line in self.lines if line.problem and not line.is_refused_when_met)


def parse_ignore(text: Text) -> IgnoreFile:
    read = (_line(line) for line in text.lines() if not line.flat.startswith("#"))
    return IgnoreFile(tuple(line for line in read if line))


def _line(line: Text) -> IgnoreLine | None:
    written = line.stripped(BLANKS)
    if not written:
        return None
    span = written.span or Span.at("")
    pattern = cleaned(_as_read(written.flat).strip(BLANKS))
    is_exception, pattern = pattern.startswith("!"), pattern.removeprefix("!")
    if problem := _problem(written, pattern, is_exception=is_exception):
        return IgnoreLine(written, pattern, is_exception, span, _never, problem)
    try:
        return IgnoreLine(written, pattern, is_exception, span, glob(pattern))
    except NotAPattern as reason:
        return IgnoreLine(written, pattern, is_exception, span, _never, str(reason), is_refused_when_met=True)


def _as_read(written: str) -> str:
    mark = "!" if written.startswith("!") else ""
    path = written.removeprefix("!").strip(BLANKS)
    path = cleaned(path) if path else ""
    return mark + (path[1:] if len(path) > 1 and path.startswith("/") else path)


def cleaned(path: str) -> str:
    """As Go's `filepath.Clean`."""
    normal = posixpath.normpath(path)
    return normal[1:] if normal.startswith("//") else normal


def _problem(written: Text, pattern: str, *, is_exception: bool) -> str:
    if is_exception and not pattern:
        return "there is nothing after the !"
    if len(written) > _LONGEST:
        return "the line is too long"
    try:
        check_pattern(pattern)
    except NotAPattern as problem:
        return str(problem)
    return ""


def _never(_: str) -> bool:
    return False
