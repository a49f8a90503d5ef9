"""`!reference [.other, script]`: a value that stands elsewhere in the pipeline, put in where it is named."""

from typing import Final

from wharf.formats.gitlab.flaws import Flaw, Wrong
from wharf.formats.hole import Hole, Reason, Unknown
from wharf.formats.yaml.tree import Entry, List, Map, Node, Scalar

DEEPEST: Final = 10
_MOST_VALUES: Final = 100_000


class References:
    """All of one pipeline. Each value that is put in counts, so that references of references cannot explode."""

    def __init__(self, root: Map) -> None:
        self._root = root
        self._values = 0
        self.flaws: list[Flaw] = []
        self.undecided: list[Hole] = []

    def resolved(self) -> Map:
        found = self._resolved(self._root, ())
        assert isinstance(found, Map)
        return found

    def _resolved(self, node: Node, within: tuple[tuple[str, ...], ...]) -> Node:
        self._values += 1
        if isinstance(node, Scalar):
            return node
        if isinstance(node, List):
            if node.tag == "!reference":
                return self._target(node, within)
            return List(tuple(self._resolved(item, within) for item in node), node.span, node.tag)
        entries = (Entry(entry.key, self._resolved(entry.value, within)) for entry in node)
        return Map(tuple(entries), node.span, node.tag, node.repeated)

    def _target(self, reference: List, within: tuple[tuple[str, ...], ...]) -> Node:
        path = tuple(item.text.flat for item in reference if isinstance(item, Scalar))
        if path in within or len(within) >= DEEPEST:
            self.flaws.append(Flaw(Wrong.CIRCLE, ", ".join(path), reference.span))
            return _nothing(reference)
        if self._values > _MOST_VALUES:
            self._is_too_much(reference)
            return _nothing(reference)
        found: Node | None = self._root
        for name in path:
            found = found.get(name) if isinstance(found, Map) else None
        if found is None or not path:
            self.flaws.append(Flaw(Wrong.UNKNOWN_REFERENCE, ", ".join(path), reference.span))
            return _nothing(reference)
        return self._resolved(found, (*within, path))

    def _is_too_much(self, reference: List) -> None:
        """It is said once."""
        if not self.undecided:
            self.undecided.append(Hole(Reason(Unknown.TOO_MUCH, "!reference"), reference.span))


def _nothing(reference: List) -> Node:
    return List((), reference.span)
