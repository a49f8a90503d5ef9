"""The combinations of a matrix, as GitHub makes them: all of all, without those excluded, with those included."""

from collections.abc import Iterable, Mapping
from itertools import islice, product
from typing import Final

from wharf.formats.github.expressions.coercions import text_of_value
from wharf.formats.github.expressions.compare import equal
from wharf.formats.github.expressions.evaluate import Scope
from wharf.formats.github.expressions.values import Fields, Items, Value
from wharf.formats.github.node_values import value_of_node
from wharf.formats.hole import Hole, Reason, Unknown
from wharf.formats.text import Text
from wharf.formats.yaml.tree import Node

MOST: Final = 256
"""Of combinations, as GitHub has it."""
_MOST_MADE: Final = 2 * MOST
_ASIDE: Final = frozenset({"include", "exclude"})

Combination = Fields


def combinations_of(matrix: Node | None, scope: Scope) -> tuple[Combination, ...]:
    """One without anything, where there is no matrix. Where it is not known, one in which all is open."""
    if matrix is None:
        return (Fields.of({}),)
    value = value_of_node(matrix, scope)
    if isinstance(value, Hole):
        return (_all_open(value),)
    if not isinstance(value, Fields):
        return (Fields.of({}),)
    vectors = {name: _vector(each) for small, (name, each) in value.entries.items() if small not in _ASIDE}
    made = list(islice(product(*vectors.values()), _MOST_MADE + 1)) if vectors else []
    if len(made) > _MOST_MADE:
        return (_all_open(Hole(Reason(Unknown.TOO_MUCH, "matrix"))),)
    excluded, included = value.get("exclude"), value.get("include")
    combined = [dict(zip(vectors, values, strict=True)) for values in made]
    kept = [each for each in combined if not _is_excluded(each, excluded)]
    found = _with_included(kept, frozenset(name.lower() for name in vectors), included)
    if isinstance(included, Hole):
        found.append({})
    others = (lambda _: included) if isinstance(included, Hole) else None
    return tuple(Fields.of(each, others) for each in found[:MOST])


def said_in(combination: Combination) -> Mapping[str, Text]:
    """`{"service": "api"}`; an object of several values is told by its parts, `target.name`."""
    found: dict[str, Text] = {}
    for name, value in combination.entries.values():
        if isinstance(value, Fields):
            found |= {f"{name}.{inner}": text_of_value(each) for inner, each in value.entries.values()}
        else:
            found[name] = text_of_value(value)
    return found


def _all_open(why: Hole) -> Combination:
    return Fields.of({}, lambda _: why)


def _vector(value: Value) -> tuple[Value, ...]:
    return value.values if isinstance(value, Items) else (value,)


def _listed(value: Value) -> Iterable[Fields]:
    return (each for each in value.values if isinstance(each, Fields)) if isinstance(value, Items) else ()


def _is_excluded(combination: Mapping[str, Value], excluded: Value) -> bool:
    whole = Fields.of(combination)
    return any(_agrees(whole, each) for each in _listed(excluded))


def _agrees(whole: Fields, part: Fields) -> bool:
    return all(_same(whole.get(name), value) for name, value in part.entries.values())


def _same(left: Value, right: Value) -> bool:
    """Objects and lists are compared by what is in them here."""
    if isinstance(left, Fields) and isinstance(right, Fields):
        return _agrees(left, right)
    if isinstance(left, Items) and isinstance(right, Items):
        pairs = zip(left.values, right.values, strict=False)
        return len(left.values) == len(right.values) and all(_same(one, other) for one, other in pairs)
    return equal(left, right) is True


def _with_included(kept: list[dict[str, Value]], own: frozenset[str], included: Value) -> list[dict[str, Value]]:
    """An inclusion widens every combination whose own values it leaves alone; where it widens none, it is a new one."""
    alone: list[dict[str, Value]] = []
    wholes = [Fields.of(each) for each in kept]
    for inclusion in islice(_listed(included), MOST):
        shared = Fields({small: entry for small, entry in inclusion.entries.items() if small in own})
        added = dict(inclusion.entries.values())
        widened = [each for each, whole in zip(kept, wholes, strict=True) if _agrees(whole, shared)]
        for each in widened:
            each.update({name: value for name, value in added.items() if name.lower() not in own})
        if not widened:
            alone.append(added)
    return kept + alone
