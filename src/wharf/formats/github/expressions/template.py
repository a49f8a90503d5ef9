"""Texts with `${{ … }}` in them: where the expressions are, and what the text is when they are filled in."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Final, NamedTuple

from wharf.formats.github.expressions.coercions import text_of_value, truth_of
from wharf.formats.github.expressions.evaluate import (
    Scope,
    asks_for_status,
    placed,
    truth_of_expression,
    value_of,
)
from wharf.formats.github.expressions.values import Value
from wharf.formats.hole import Unknown
from wharf.formats.text import Piece, Text

_OPENING: Final = "${{"
LONGEST: Final = 250_000
"""In characters."""
_MOST_PIECES: Final = 200_000


class Inserted(NamedTuple):
    """One expression: offsets of `${{` and behind `}}`, and what stands between them."""

    start: int
    end: int
    inner: Text
    is_closed: bool


def inserted_in(text: Text) -> tuple[Inserted, ...]:
    return _inserted(text.pieces) if _OPENING in text.flat else ()


@lru_cache(maxsize=4096)
def _inserted(pieces: tuple[Piece, ...]) -> tuple[Inserted, ...]:
    """The same text is filled for each event, and for each combination of a matrix."""
    return tuple(_each_inserted(Text(pieces)))


def _each_inserted(text: Text) -> Iterator[Inserted]:
    at = 0
    while (start := text.flat.find(_OPENING, at)) >= 0:
        closing = _closing(text.flat, start + len(_OPENING))
        inner_end = len(text) if closing < 0 else closing
        at = len(text) if closing < 0 else closing + 2
        yield Inserted(start, at, text[start + len(_OPENING) : inner_end], closing >= 0)


def _closing(flat: str, at: int) -> int:
    """Where `}}` stands outside of quotes."""
    closing = flat.find("}}", at)
    while closing >= 0 and (quote := flat.find("'", at, closing)) >= 0:
        if not (at := flat.find("'", quote + 1) + 1):
            return -1
        if closing < at:
            closing = flat.find("}}", at)
    return closing


def filled(text: Text, scope: Scope) -> Text:
    if _OPENING not in text.flat:
        return text
    made = Text.joined(_filled(text, scope))
    if len(made) > LONGEST or len(made.pieces) > _MOST_PIECES:
        return Text.unknown(Unknown.TOO_MUCH, text.flat[:80], text.span)
    return made


def _filled(text: Text, scope: Scope) -> Iterator[Text]:
    at = 0
    for each in inserted_in(text):
        yield text[at : each.start]
        where = text[each.start : each.end]
        yield placed(text_of_value(value_of(each.inner, scope)), where)
        at = each.end
    yield text[at:]


def filled_value(text: Text, scope: Scope) -> Value:
    """With its type, where the text is one expression and nothing else."""
    whole = text.stripped()
    only = next(iter(inserted_in(whole)), None)
    if only is None or (only.start, only.end) != (0, len(whole)):
        return filled(text, scope)
    value = value_of(only.inner, scope)
    return placed(value, whole) if isinstance(value, Text) else value


def holds(condition: Text | None, scope: Scope) -> bool | None:
    """Of an `if`. Around one expression `${{ }}` may be left out; text beside it makes a text of all, which is true."""
    if condition is None or not condition.flat.strip():
        return scope.has_succeeded
    whole = condition.stripped()
    found = inserted_in(whole)
    if found and (found[0].start, found[0].end) != (0, len(whole)):
        status = any(asks_for_status(each.inner) for each in found)
        return _both(truth_of(filled(whole, scope)), True if status else scope.has_succeeded)
    inner = found[0].inner if found else whole
    return _both(truth_of_expression(inner, scope), True if asks_for_status(inner) else scope.has_succeeded)


def _both(first: bool | None, second: bool | None) -> bool | None:  # noqa: FBT001 - they are values
    return False if False in {first, second} else None if None in {first, second} else True
