"""The line of a file that something stands on, with a mark under the characters that are meant."""

from typing import Final

from wharf.cli.doctor.drawn import Part
from wharf.cli.output import shortened, width_of
from wharf.errors import harmless
from wharf.formats.span import Span

_WIDTH: Final = 80
_GUTTER: Final = 7
_AROUND: Final = 24
"""Columns that are kept before what is meant, where the line is too long."""


def excerpt(line: str, span: Span, colour: str, *, is_marked: bool = True) -> list[list[Part]]:
    """Nothing for a line that is empty."""
    if not line.strip():
        return []
    before, meant, after = _in_three(line, span)
    room = _WIDTH - _GUTTER - 3
    if width_of(before) + min(width_of(meant), _AROUND) > room:
        before = "…" + before[-_AROUND:]
    meant = shortened(meant, room - width_of(before))
    after = shortened(after, max(room - width_of(before) - width_of(meant), 1)) if after else ""
    number = f"{span.line:>{_GUTTER - 1}} │ "
    shown: list[list[Part]] = [[(number, "dim"), (before, ""), (meant, colour if is_marked else ""), (after, "")]]
    if is_marked:
        marks = "^" * max(width_of(meant), 1)
        shown.append([(" " * (_GUTTER - 1) + " │ ", "dim"), (" " * width_of(before) + marks, colour)])
    return shown


def _in_three(line: str, span: Span) -> tuple[str, str, str]:
    start = span.column - 1
    end = span.end_column - 1 if span.end_line == span.line else len(line)
    indent = min(len(line) - len(line.lstrip()), start)
    return _clean(line[indent:start]), _clean(line[start:end]), _clean(line[max(start, end) :])


def _clean(text: str) -> str:
    return harmless(text.replace("\t", "  "))
