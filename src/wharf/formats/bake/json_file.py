"""Bake files of JSON, as the same blocks and attributes that HCL has. In their texts `${…}` may stand."""

from wharf.errors import MalformedFile
from wharf.formats.bake.expression import Attribute, Block, Body, Expression, ListOf, Literal, ObjectOf, Template
from wharf.formats.bake.hcl import parse_template
from wharf.formats.span import Span
from wharf.formats.text import Text
from wharf.formats.yaml.parse import parse_yaml
from wharf.formats.yaml.tree import List, Map, Node, Scalar, Style

_BLOCKS = ("variable", "target", "group", "function")
_CONSTANTS = {"true": True, "false": False}


def parse_json_file(text: Text) -> Body:
    documents = parse_yaml(text)
    if len(documents) != 1 or not isinstance(whole := documents[0], Map):
        span = text.span or Span.at("")
        raise MalformedFile(span.file, span.line, span.column, "it is no object")
    blocks = [block for kind in _BLOCKS for block in _blocks(kind, whole.map(kind))]
    rest = {entry.key.text.flat: entry for entry in whole if entry.key.text.flat not in _BLOCKS}
    return Body({name: Attribute(each.key.text, _expression(each.value)) for name, each in rest.items()}, tuple(blocks))


def _blocks(kind: str, named: Map | None) -> list[Block]:
    found = []
    for entry in named or ():
        inside = entry.value if isinstance(entry.value, Map) else Map((), entry.key.span)
        attributes = {each.key.text.flat: Attribute(each.key.text, _expression(each.value)) for each in inside}
        found.append(Block(Text.known(kind), entry.key.text, Body(attributes, ())))
    return found


def _expression(node: Node) -> Expression:
    match node:
        case List(items):
            return ListOf(tuple(map(_expression, items)))
        case Map():
            return ObjectOf(tuple((Template((each.key.text,)), _expression(each.value)) for each in node))
        case Scalar():
            return _scalar(node)


def _scalar(scalar: Scalar) -> Expression:
    if scalar.is_null:
        return Literal(None)
    if scalar.style is Style.PLAIN and scalar.text.flat in _CONSTANTS:
        return Literal(_CONSTANTS[scalar.text.flat])
    return parse_template(scalar.text)
