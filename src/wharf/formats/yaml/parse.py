"""From the text of a YAML file to its documents.

The grammar is libyaml's. What it does not refuse is refused here: aliases that contain themselves, and aliases of
aliases that would grow without bound if anybody followed them all.
"""

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

import yaml

from wharf.errors import MalformedFile
from wharf.formats.span import Span
from wharf.formats.text import Text
from wharf.formats.yaml.aligned import aligned
from wharf.formats.yaml.tree import Entry, List, Map, Node, Scalar, Style

MOST_NODES: Final = 200_000
"""Of one file, with each alias counted as often as it is used."""
DEEPEST: Final = 100
_MERGE: Final = "<<"
_QUOTED: Final = {Style.SINGLE, Style.DOUBLE}
_BLOCKS: Final = {Style.LITERAL, Style.FOLDED}
_STYLES: Final = {None: Style.PLAIN, "": Style.PLAIN} | {style.value: style for style in Style}


def parse_yaml(text: Text) -> tuple[Node, ...]:
    """One node for each document; a document without anything has none."""
    reading = _Reading(text)
    try:
        return tuple(reading.documents())
    except yaml.MarkedYAMLError as problem:
        mark = problem.problem_mark or problem.context_mark
        raise reading.malformed(mark.index if mark else 0, problem.problem or "it is no YAML") from None
    except yaml.reader.ReaderError as problem:
        before = text.flat.encode()[: problem.position].decode(errors="ignore")  # it counts in bytes
        raise reading.malformed(len(before), "there is a character that YAML does not allow") from None


class _Reading:
    """One file's nodes, put together from what the parser says one after the other. An alias is the node it names."""

    def __init__(self, text: Text) -> None:
        self._text = text
        self._events: Iterator[yaml.Event] = yaml.parse(text.flat, yaml.CSafeLoader)
        self._anchored: dict[str, _Sized | None] = {}
        self._depth = 0

    def malformed(self, offset: int, problem: str) -> MalformedFile:
        span = self._text.at(min(offset, len(self._text))) or Span.at("")
        return MalformedFile(span.file, span.line, span.column, problem)

    def documents(self) -> Iterator[Node]:
        for event in self._events:
            if isinstance(event, yaml.DocumentStartEvent):
                self._anchored.clear()
                first = next(self._events)
                node = self._node(first).node
                if not (isinstance(node, Scalar) and _start(first) == _end(first) and node.is_null):
                    yield node

    def _node(self, event: yaml.Event) -> "_Sized":
        if isinstance(event, yaml.AliasEvent):
            return self._aliased(event)
        assert isinstance(event, yaml.ScalarEvent | yaml.SequenceStartEvent | yaml.MappingStartEvent)
        if event.anchor:
            self._anchored[event.anchor] = None
        if isinstance(event, yaml.ScalarEvent):
            made = _Sized(self._scalar(event), 1)
        else:
            self._depth += 1
            if self._depth > DEEPEST:
                raise self.malformed(_start(event), "it is nested too deeply")
            made = self._list(event) if isinstance(event, yaml.SequenceStartEvent) else self._map(event)
            self._depth -= 1
        if event.anchor:
            self._anchored[event.anchor] = made
        return made

    def _aliased(self, event: yaml.AliasEvent) -> "_Sized":
        if event.anchor not in self._anchored:
            raise self.malformed(_start(event), f"there is no anchor &{event.anchor} before this")
        if (node := self._anchored[event.anchor]) is None:
            raise self.malformed(_start(event), "an alias contains itself")
        return node

    def _children(self, opening: yaml.Event) -> "tuple[list[Node], Span, int]":
        """What stands inside, where all of it stands, and how much it is."""
        children: list[Node] = []
        size = 1
        while not isinstance(event := next(self._events), yaml.CollectionEndEvent):
            child = self._node(event)
            children.append(child.node)
            size += child.size
            if size > MOST_NODES:
                raise self.malformed(_start(opening), f"with its aliases it has more than {MOST_NODES} values")
        return children, self._span(_start(opening), _end(event)), size

    def _list(self, event: yaml.SequenceStartEvent) -> "_Sized":
        children, span, size = self._children(event)
        return _Sized(List(tuple(children), span, event.tag or ""), size)

    def _map(self, event: yaml.MappingStartEvent) -> "_Sized":
        children, span, size = self._children(event)
        own: dict[str, Entry] = {}
        merged: list[Map] = []
        repeated: list[Scalar] = []
        for key, value in zip(children[::2], children[1::2], strict=True):
            if not isinstance(key, Scalar):
                raise self.malformed(_start(event), "a key is not a word")
            name = key.text.flat
            if name == _MERGE and key.style is Style.PLAIN:
                merged += _maps(value)
                continue
            if name in own:
                repeated.append(key)
            own[name] = Entry(key, value)
        for entry in (entry for each in merged for entry in each.entries):
            own.setdefault(entry.key.text.flat, entry)
        return _Sized(Map(tuple(own.values()), span, event.tag or "", tuple(repeated)), size)

    def _scalar(self, event: yaml.ScalarEvent) -> Scalar:
        style = _STYLES.get(event.style, Style.PLAIN)
        start, end = _start(event), _end(event)
        whole = self._span(start, end)
        if style in _QUOTED:
            start, end = start + 1, end - 1
        elif style in _BLOCKS:
            start = self._text.flat.find("\n", start, end) + 1 or end
        return Scalar(aligned(event.value, self._text[start:end]), style, whole, event.tag or "")

    def _span(self, start: int, end: int) -> Span:
        """Blank space at the end is not part of it."""
        flat = self._text.flat
        while end > start and flat[end - 1].isspace():
            end -= 1
        first = self._text.at(start) or Span.at("")
        first = Span(first.file, first.line, first.column, first.line, first.column)
        last = self._text.at(end - 1) if end > start else None
        return first.to(last) if last else first


class _Sized(NamedTuple):
    node: Node
    size: int
    """With each alias counted as often as it is used."""


def _maps(value: Node) -> Iterable[Map]:
    return (each for each in (value.items if isinstance(value, List) else (value,)) if isinstance(each, Map))


def _start(event: yaml.Event) -> int:
    return event.start_mark.index if event.start_mark else 0


def _end(event: yaml.Event) -> int:
    return event.end_mark.index if event.end_mark else 0
