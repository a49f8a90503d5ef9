"""What an expression asks for: `steps.build.outputs.digest` is a path of four names; and which functions it calls."""

from collections.abc import Iterator
from dataclasses import dataclass

from wharf.formats.github.expressions.tree import Call, Expression, Index, Member, Name, Quoted, parts_of


@dataclass(frozen=True, slots=True)
class Path:
    """As far as its names are written out. In small letters, as names do not differ by their capitals here."""

    names: tuple[str, ...]
    start: int
    end: int


def paths_in(expression: Expression, source: str) -> Iterator[Path]:
    """The longest ones only: not `steps.build` as well."""
    waiting = [expression]
    while waiting:
        current = waiting.pop()
        path = _path(current, source)
        if path is not None:
            yield path
        elif isinstance(current, Index) and (inner := _path(current.of, source)):
            yield inner
            waiting.append(current.index)
        else:
            waiting += parts_of(current)


def calls_in(expression: Expression) -> Iterator[Call]:
    waiting = [expression]
    while waiting:
        current = waiting.pop()
        if isinstance(current, Call):
            yield current
        waiting += parts_of(current)


def _path(expression: Expression, source: str) -> Path | None:
    match expression:
        case Name():
            return Path((expression.name.lower(),), expression.start, expression.end)
        case Member():
            return _longer(_path(expression.of, source), expression.name, expression)
        case Index(index=Quoted(start=start, end=end)):
            return _longer(_path(expression.of, source), source[start + 1 : end - 1], expression)
        case _:
            return None


def _longer(path: Path | None, name: str, whole: Expression) -> Path | None:
    return Path((*path.names, name.lower()), path.start, whole.end) if path else None
