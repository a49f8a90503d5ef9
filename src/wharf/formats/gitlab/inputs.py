"""Inputs of a file that others include: `$[[ inputs.tag ]]`, put in before anything else is looked at."""

import re
from collections.abc import Mapping
from typing import Final

from wharf.formats.hole import Unknown
from wharf.formats.text import Text
from wharf.formats.yaml.tree import Entry, List, Map, Node, Scalar

Inputs = Mapping[str, Node]
_MOST_IN_ONE_TEXT: Final = 100
_block = re.compile(r"\$\[\[\s*([a-z]+)\.([A-Za-z0-9_-]+)\s*(\|[^\]$]*)?\]\]")
_truncate = re.compile(r"truncate\(\s*(\d{1,4})\s*,\s*(\d{1,4})\s*\)")


def known_inputs(header: Node | None, given: Map | None) -> Inputs:
    """What is given, and for the rest what `spec` says it is then."""
    declared = header.map("spec") if isinstance(header, Map) else None
    inputs = declared.map("inputs") if declared else None
    known: dict[str, Node] = {}
    for entry in inputs or ():
        default = entry.value.get("default") if isinstance(entry.value, Map) else None
        if default is not None:
            known[entry.key.text.flat] = default
    for entry in given or ():
        known[entry.key.text.flat] = entry.value
    return known


def with_inputs(node: Node, inputs: Inputs) -> Node:
    if isinstance(node, List):
        return List(tuple(with_inputs(item, inputs) for item in node), node.span, node.tag)
    if isinstance(node, Map):
        entries = (Entry(_put_into(entry.key, inputs), with_inputs(entry.value, inputs)) for entry in node)
        return Map(tuple(entries), node.span, node.tag, node.repeated)
    whole = _block.fullmatch(node.text.flat)
    if whole and whole[1] == "inputs" and isinstance(found := inputs.get(whole[2]), List | Map):
        return found
    return _put_into(node, inputs)


def _put_into(scalar: Scalar, inputs: Inputs) -> Scalar:
    if "$[[" not in scalar.text.flat:
        return scalar
    texts: list[Text] = []
    end = 0
    for at, found in enumerate(_block.finditer(scalar.text.flat)):
        if at >= _MOST_IN_ONE_TEXT:
            break
        texts += [scalar.text[end : found.start()], _value(found, scalar.text[found.start() : found.end()], inputs)]
        end = found.end()
    return Scalar(Text.joined([*texts, scalar.text[end:]]), scalar.style, scalar.span, scalar.tag)


def _value(found: re.Match[str], place: Text, inputs: Inputs) -> Text:
    value = inputs.get(found[2]) if found[1] == "inputs" else None
    if not isinstance(value, Scalar):
        return Text.unknown(Unknown.INPUT, found[2], place.span)
    text = value.text
    for function in (found[3] or "").split("|")[1:]:
        text = _changed(text, function.strip(), place)
    return text


def _changed(text: Text, function: str, place: Text) -> Text:
    if function in {"expand_vars", ""}:
        return text
    if (cut := _truncate.fullmatch(function)) and text.value is not None:
        return text[int(cut[1]) : int(cut[1]) + int(cut[2])]
    return Text.unknown(Unknown.SYNTAX, function, place.span)
