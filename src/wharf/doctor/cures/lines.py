"""Lines of files, as somebody reads them who wants to change them."""

from wharf.doctor.checkout import Checkout
from wharf.errors import FileNotThere, UnreadableFile
from wharf.formats.span import Span


def lines_of(checkout: Checkout, file: str) -> list[str]:
    """None, where the file cannot be read."""
    try:
        return checkout.files.read(file).flat.split("\n")
    except (FileNotThere, UnreadableFile):
        return []


def line_at(checkout: Checkout, span: Span) -> str:
    lines = lines_of(checkout, span.file)
    return lines[span.line - 1] if 0 < span.line <= len(lines) else ""


def indent_of(line: str) -> str:
    return line[: len(line) - len(line.lstrip())]


def end_of(span: Span, line: str) -> Span:
    """The place behind the last character of the line."""
    return Span.at(span.file, span.line, len(line.rstrip("\r")) + 1)


def part_of(span: Span, start: int, end: int) -> Span:
    """Characters of the line, counted from zero."""
    return Span(span.file, span.line, start + 1, span.line, end + 1)
