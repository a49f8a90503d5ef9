"""`extends`: a job takes over what others have, later ones over earlier ones, and its own over all of them."""

from typing import Final

from wharf.formats.gitlab.flaws import Flaw, Wrong
from wharf.formats.gitlab.keywords import TOP
from wharf.formats.gitlab.layers import laid_over, without
from wharf.formats.yaml.tree import Entry, List, Map, Node, Scalar

DEEPEST: Final = 11


class Extended:
    """The jobs of one pipeline by their names, with all that they take over."""

    def __init__(self, root: Map) -> None:
        self._root = root
        self._ready: dict[str, Map] = {}
        self.flaws: list[Flaw] = []

    def resolved(self) -> Map:
        entries = (Entry(entry.key, self._value(entry)) for entry in self._root)
        return Map(tuple(entries), self._root.span, self._root.tag)

    def _value(self, entry: Entry) -> Node:
        name = entry.key.text.flat
        return self._job(name, entry.value, ()) if isinstance(entry.value, Map) and name not in TOP else entry.value

    def _job(self, name: str, own: Map, below: tuple[str, ...]) -> Map:
        if name not in self._ready:
            taken = Map((), own.span)
            for parent in _parents(own):
                taken = laid_over(taken, self._parent(parent, (*below, name)))
            self._ready[name] = laid_over(taken, without(own, "extends"))
        return self._ready[name]

    def _parent(self, named: Scalar, below: tuple[str, ...]) -> Map:
        name = named.text.flat
        found = self._root.get(name)
        if name in below or len(below) > DEEPEST:
            self.flaws.append(Flaw(Wrong.CIRCLE, name, named.span))
        elif not isinstance(found, Map):
            self.flaws.append(Flaw(Wrong.UNKNOWN_PARENT, name, named.span))
        else:
            return self._job(name, found, below)
        return Map((), named.span)


def _parents(job: Map) -> list[Scalar]:
    value = job.get("extends")
    named = value.items if isinstance(value, List) else (value,)
    return [each for each in named if isinstance(each, Scalar) and not each.is_null]
