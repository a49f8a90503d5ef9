"""What stands in a template for something: texts, truths, lists, mappings, nothing, and what nobody knows yet."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Union

from wharf.formats.hole import Unknown
from wharf.formats.kubernetes.go_number import is_number, printed
from wharf.formats.text import HOLE, Known, Text
from wharf.formats.yaml.tree import List, Map, Node, Scalar, Style


@dataclass(frozen=True)
class Open:
    """Something that is known only when the chart is installed: `Release.Name`."""

    name: str


Value = Union[Text, bool, None, Open, Sequence["Value"], Mapping[str, "Value"]]  # noqa: UP007 - names itself


def value_of(node: Node | None) -> Value:
    if isinstance(node, Map):
        return {entry.key.text.flat: value_of(entry.value) for entry in node}
    if isinstance(node, List):
        return [value_of(item) for item in node]
    return _scalar(node) if node else None


def laid_over(base: Value, over: Value) -> Value:
    """As Helm lays values over each other: mappings by key, and what is nothing takes away."""
    if not isinstance(base, Mapping) or not isinstance(over, Mapping):
        return over
    keys = dict.fromkeys((*base, *over))
    merged = {key: laid_over(base.get(key), over[key]) if key in over else base[key] for key in keys}
    return {key: value for key, value in merged.items() if not (key in over and value is None)}


def is_true(value: Value) -> bool | None:
    """None, where that is not known."""
    if isinstance(value, Open) or (isinstance(value, Text) and value.flat and not value.flat.strip(HOLE)):
        return None
    return bool(value)


def text_of(value: Value) -> Text:
    """As it is printed."""
    if isinstance(value, Text):
        return value
    if isinstance(value, Open):
        return Text.unknown(Unknown.ENVIRONMENT, value.name)
    if isinstance(value, bool):
        return Text.known("true" if value else "false")
    return Text.unknown(Unknown.SYNTAX, "a list or a mapping") if value is not None else Text()


def field_of(value: Value, name: str) -> Value:
    if isinstance(value, Mapping):
        return value.get(name)
    if isinstance(value, Open):
        return Open(f"{value.name}.{name}")
    return Open(name) if is_true(value) is None else None


def _scalar(scalar: Scalar) -> Value:
    if scalar.is_null:
        return None
    if scalar.style is Style.PLAIN and scalar.text.flat in {"true", "false"}:
        return scalar.text.flat == "true"
    if is_number(scalar) and (made := printed(scalar)) != scalar.text.flat:
        return Text((Known(made, scalar.span),))
    return scalar.text
