"""Where a reference is put together, of whose pieces each may have been written somewhere else."""

from wharf.formats.span import Span
from wharf.formats.text import Text


def place_of(reference: Text, user: Span) -> Span:
    """In the file of whoever uses it, behind where that begins; the user's own place, if it has none there."""
    spans = [piece.span for piece in reference.pieces if piece.span is not None]
    near = [span for span in spans if span.file == user.file and span.line >= user.line]
    if not near:
        return user
    line = _line_of_tag(reference, near)
    on_it = [span for span in near if span.line == line]
    return on_it[0].to(on_it[-1])


def _line_of_tag(reference: Text, near: list[Span]) -> int:
    """The line of the colon before the tag, if it stands there; else the one that most of it stands on."""
    colon = reference.flat.rfind(":")
    span = reference.at(colon) if colon > 0 else None
    lines = [each.line for each in near]
    return span.line if span is not None and span in near else max(lines, key=lines.count)
