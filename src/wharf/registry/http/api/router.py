"""Which operation a request is meant for, by the segments of its address as they were sent.

A segment that is written in an address of the API counts before one that stands for anything; where that way leads to
nothing, the other one is tried.
"""

import functools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain
from typing import Final
from urllib.parse import unquote_to_bytes

from wharf.errors import MalformedField, NoSuchAddress, NotSupported
from wharf.registry.http.api.operation import Operation

_ANY: Final = "{}"
_MOST_SEGMENTS: Final = 16
_NOWHERE: Final = 200  # as much of an address is told to whom it leads nowhere


@dataclass
class _Node:
    """A segment of an address: what may follow, and what may be done here."""

    below: dict[str, "_Node"] = field(default_factory=dict)
    operations: dict[str, tuple[Operation, tuple[str, ...]]] = field(default_factory=dict)


class Router:
    def __init__(self, operations: Iterable[Operation]) -> None:
        self._root = _Node()
        for operation in operations:
            for path in operation.paths:
                self._add(path, operation)

    def serves(self, path: str) -> bool:
        """By its beginning: what looks like the API's is answered by the API, also where it does not exist."""
        first = path.split("/", 2)[1] if path.startswith("/") else _ANY
        return first in self._root.below if first else path == "/" and "" in self._root.below

    def match(self, raw_path: bytes, method: str) -> tuple[Operation, Mapping[str, str]]:
        """Raises NoSuchAddress or NotSupported."""
        segments = _segments(raw_path)
        is_sane = len(segments) <= _MOST_SEGMENTS and all(map(str.isprintable, segments))
        found = list(_below(self._root, segments, [])) if is_sane else []
        if not found:
            raise NoSuchAddress(raw_path[:_NOWHERE].decode("latin-1"))
        for node, values in found:
            if method in node.operations:
                operation, names = node.operations[method]
                return operation, dict(zip(names, values, strict=True))
        raise NotSupported(method, sorted(set(chain.from_iterable(_methods(node) for node, _ in found))))

    def _add(self, path: str, operation: Operation) -> None:
        words, names = _way(path)
        node = self._root
        for word in words:
            if word not in node.below:
                node.below[word] = _Node()
            node = node.below[word]
        assert operation.method not in node.operations, f"{operation.method} {path} stands twice"
        node.operations[operation.method] = (operation, names)


@functools.cache
def _way(path: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The segments of an address, and the names of those that stand for anything."""
    segments = path.removeprefix("/").removesuffix("/").split("/")
    names = tuple(segment[1:-1] for segment in segments if segment.startswith("{"))
    return tuple(_ANY if segment.startswith("{") else segment for segment in segments), names


def _below(node: _Node, segments: list[str], values: list[str]) -> Iterator[tuple[_Node, list[str]]]:
    """Everything that these segments may mean, what is written before what stands for anything."""
    if not segments:
        if node.operations:
            yield node, values
        return
    first, rest = segments[0], segments[1:]
    if first != _ANY and first in node.below:
        yield from _below(node.below[first], rest, values)
    if first and _ANY in node.below:
        yield from _below(node.below[_ANY], rest, [*values, first])


def _methods(node: _Node) -> set[str]:
    """HEAD asks what GET would answer."""
    return {*node.operations, "HEAD"} if "GET" in node.operations else set(node.operations)


def _segments(raw_path: bytes) -> list[str]:
    """Without the slash at the end, which some write and some do not."""
    sent = raw_path.removeprefix(b"/").removesuffix(b"/")
    try:
        return [unquote_to_bytes(segment).decode() for segment in sent.split(b"/")]
    except UnicodeDecodeError:
        raise MalformedField(repr(raw_path[:_NOWHERE]), "the address is not UTF-8") from None
