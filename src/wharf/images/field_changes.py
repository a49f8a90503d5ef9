"""What differs between two JSON documents, member by member, with the path that leads to each."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from wharf.oci.strict_json import JsonValue


@dataclass(frozen=True, slots=True)
class FieldChange:
    """None: the member is not there."""

    where: str
    before: JsonValue
    after: JsonValue


def changed_fields(
    before: dict[str, JsonValue], after: dict[str, JsonValue], leaving_out: Iterable[str] = ()
) -> tuple[FieldChange, ...]:
    """In the order of their paths. `leaving_out`: paths that are looked at elsewhere, with all below them."""
    left, right, without = dict(_leaves(before, "")), dict(_leaves(after, "")), tuple(leaving_out)
    return tuple(
        FieldChange(where, left.get(where), right.get(where))
        for where in sorted({*left, *right})
        if left.get(where) != right.get(where) and not _is_within(where, without)
    )


def _leaves(value: JsonValue, where: str) -> Iterator[tuple[str, JsonValue]]:
    """Lists count as one value, except the environment, which is a mapping that is written as a list."""
    if isinstance(value, dict) and (value or not where):
        for name, inner in value.items():
            yield from _leaves(inner, f"{where}.{name}" if where else name)
    elif where.rpartition(".")[2] == "Env" and isinstance(value, list):
        for entry in value:
            name, _, content = str(entry).partition("=")
            yield f"{where}.{name}", content
    else:
        yield where, value


def _is_within(where: str, paths: tuple[str, ...]) -> bool:
    return any(where == path or where.startswith(f"{path}.") for path in paths)
