"""Which operation a request is meant for, by the segments of its address as they were sent."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import unquote_to_bytes

from wharf.errors import MalformedField, NoSuchAddress, NotSupported
from wharf.registry.http.api.operation import Operation

_ANY: Final = "{}"


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
        first = path.split("/", 2)[1] if path.startswith("/") else ""
        return first in self._root.below and path != "/"

    def match(self, raw_path: bytes, method: str) -> tuple[Operation, Mapping[str, str]]:
        """Raises NoSuchAddress or NotSupported."""
        values: list[str] = []
        node = self._root
        for segment in _segments(raw_path):
            fixed = node.below.get(segment)
            if fixed is None:
                values.append(segment)
                fixed = node.below.get(_ANY)
            if fixed is None:
                raise NoSuchAddress(raw_path.decode("latin-1"))
            node = fixed
        if not node.operations:
            raise NoSuchAddress(raw_path.decode("latin-1"))
        if method not in node.operations:
            raise NotSupported(method, sorted(node.operations))
        operation, names = node.operations[method]
        return operation, dict(zip(names, values, strict=True))

    def _add(self, path: str, operation: Operation) -> None:
        node, names = self._root, []
        for segment in path.strip("/").split("/"):
            is_parameter = segment.startswith("{")
            if is_parameter:
                names.append(segment[1:-1])
            node = node.below.setdefault(_ANY if is_parameter else segment, _Node())
        assert operation.method not in node.operations, f"{operation.method} {path} stands twice"
        node.operations[operation.method] = (operation, tuple(names))


def _segments(raw_path: bytes) -> list[str]:
    try:
        return [unquote_to_bytes(segment).decode() for segment in raw_path.strip(b"/").split(b"/")]
    except UnicodeDecodeError:
        raise MalformedField(repr(raw_path[:200]), "the address is not UTF-8") from None
