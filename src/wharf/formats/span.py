"""Where something stands in a file: from a first character up to one that no longer belongs to it.

Lines and columns count from one, in characters, as editors show them. A line's end counts as its last column.
"""

from typing import NamedTuple


class Span(NamedTuple):
    file: str
    """Relative to the root of the repository, with slashes."""
    line: int
    column: int
    end_line: int
    end_column: int

    @classmethod
    def at(cls, file: str, line: int = 1, column: int = 1) -> "Span":
        return cls(file, line, column, line, column)

    def to(self, end: "Span") -> "Span":
        """From the beginning of this one to the end of that one; they stand in one file."""
        if end.file != self.file or (end.end_line, end.end_column) < (self.end_line, self.end_column):
            return self
        return Span(self.file, self.line, self.column, end.end_line, end.end_column)

    @property
    def width(self) -> int | None:
        """In characters, where it stands on one line."""
        return self.end_column - self.column if self.line == self.end_line else None

    def part(self, start: int, end: int) -> "Span":
        """Some of its characters, by their offsets in it. It stands on one line."""
        return Span(self.file, self.line, self.column + start, self.line, self.column + end)

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"
