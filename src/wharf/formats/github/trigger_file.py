"""What stands under `on`: one event, a list of events, or events with their filters."""

from collections.abc import Iterator, Mapping

from wharf.formats.github import known_keys
from wharf.formats.github.inputs import asked_in
from wharf.formats.github.node_words import words_in
from wharf.formats.github.workflow import Filter, Flaw, Trigger, Wrong
from wharf.formats.span import Span
from wharf.formats.text import Text
from wharf.formats.yaml.tree import Map, Node, Scalar


def triggers_in(tree: Map, flaws: list[Flaw]) -> tuple[Trigger, ...]:
    found = tuple(_triggers(tree.get("on"), flaws))
    if not found:
        entry = tree.entry("on")
        flaws.append(Flaw(entry.key.span if entry else Span.at(tree.span.file), Wrong.NO_TRIGGER))
    flaws += [
        Flaw(trigger.name.span or trigger.span, Wrong.UNKNOWN_EVENT, trigger.name.flat)
        for trigger in found
        if trigger.name.flat not in known_keys.EVENTS and not trigger.name.holes
    ]
    return found


def _triggers(node: Node | None, flaws: list[Flaw]) -> Iterator[Trigger]:
    if not isinstance(node, Map):
        yield from (Trigger(_small(word), word.span or Span.at("")) for word in words_in(node))
        return
    for entry in node:
        yield _trigger(entry.key, entry.value, flaws)


def _trigger(key: Scalar, node: Node, flaws: list[Flaw]) -> Trigger:
    name, where = _small(key.text), key.span.to(node.span)
    if not isinstance(node, Map):
        return Trigger(name, where)
    return Trigger(
        name=name,
        span=where,
        tree=node,
        branches=_filter(node, "branches", flaws),
        tags=_filter(node, "tags", flaws),
        paths=_filter(node, "paths", flaws),
        types=words_in(node.get("types")) or None,
        inputs=asked_in(node.map("inputs")),
        outputs=_outputs(node.map("outputs")),
        workflows=words_in(node.get("workflows")),
    )


def _filter(node: Map, name: str, flaws: list[Flaw]) -> Filter | None:
    wanted, ignored = node.entry(name), node.entry(f"{name}-ignore")
    if wanted and ignored:
        flaws.append(Flaw(ignored.key.span, Wrong.BOTH_FILTERS, name))
    entry = wanted or ignored
    if entry is None or (isinstance(entry.value, Scalar) and entry.value.is_null):
        return None
    return Filter(words_in(entry.value), entry.key.span.to(entry.value.span), ignores=entry is ignored)


def _outputs(node: Map | None) -> Mapping[str, Text]:
    values = ((entry.key.text.flat, entry.value) for entry in node or ())
    named = ((name, value.text("value")) for name, value in values if isinstance(value, Map))
    return {name: value for name, value in named if value is not None}


def _small(text: Text) -> Text:
    return text.mapped(str.lower)
