"""Nodes of YAML as values of expressions, with the expressions in them filled in."""

from wharf.formats.github.expressions.evaluate import Scope
from wharf.formats.github.expressions.template import filled_value
from wharf.formats.github.expressions.values import Fields, Items, Value
from wharf.formats.github.scalars import typed
from wharf.formats.text import Text
from wharf.formats.yaml.tree import List, Map, Node


def value_of_node(node: Node, scope: Scope) -> Value:
    if isinstance(node, Map):
        return Fields.of({entry.key.text.flat: value_of_node(entry.value, scope) for entry in node})
    if isinstance(node, List):
        return Items(tuple(value_of_node(item, scope) for item in node))
    plain = typed(node)
    return filled_value(plain, scope) if isinstance(plain, Text) else plain
