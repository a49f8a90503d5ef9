"""Lines of the inputs `images`, `tags`, `flavor`, `labels`, without comments, and the fields of a line."""

from dataclasses import dataclass

from wharf.formats.github.metadata.csv_rows import Comments, Quotes, rows
from wharf.formats.github.metadata.failing import refusal
from wharf.formats.github.metadata.javascript import trimmed
from wharf.formats.text import Text


@dataclass(frozen=True)
class Field:
    """`key=value`, or a value alone; then the key is None."""

    key: str | None
    value: Text


def input_lines(text: Text, comments: Comments) -> list[Text]:
    found = [Text.joined(row, ",") for row in rows(trimmed(text), comments, Quotes.RELAXED)]
    return [trimmed(line) for line in found if line]


def cells(line: Text) -> list[Text]:
    """The values with commas between them."""
    found = rows(line)
    if not found:
        raise refusal(line, "fields is not iterable")
    return found[0]


def field_of_tag(cell: Text) -> Field:
    """At the first `=` that has something before it."""
    at = cell.flat.find("=")
    if at <= 0:
        return Field(None, trimmed(cell))
    return Field(trimmed(cell[:at]).flat.lower(), trimmed(cell[at + 1 :]))


def field(cell: Text) -> Field:
    """Up to a second `=`: what comes after it is lost."""
    parts = cell.split("=")
    if len(parts) == 1:
        return Field(None, trimmed(cell))
    return Field(trimmed(parts[0]).flat.lower(), trimmed(parts[1]))
