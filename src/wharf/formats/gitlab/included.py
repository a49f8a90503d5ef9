"""The files of a pipeline become one: what is included lies below what includes it.

Files of other projects, templates and components are not here; each is a hole with its address.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from wharf.errors import FileNotThere, MalformedFile, UnreadableFile
from wharf.formats.files import Files
from wharf.formats.gitlab.flaws import Flaw, Wrong
from wharf.formats.gitlab.glob import matching
from wharf.formats.gitlab.inputs import known_inputs, with_inputs
from wharf.formats.gitlab.layers import laid_over, without
from wharf.formats.hole import Hole, Reason, Unknown
from wharf.formats.span import Span
from wharf.formats.text import Text
from wharf.formats.yaml.parse import parse_yaml
from wharf.formats.yaml.tree import List, Map, Node, Scalar

MOST_INCLUDES: Final = 150
_ELSEWHERE: Final = ("remote", "template", "project", "component", "artifact")


@dataclass
class Gathered:
    """What was met on the way through the files."""

    flaws: list[Flaw] = field(default_factory=list)
    undecided: list[Hole] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    conditional: set[str] = field(default_factory=set)
    problems: list[MalformedFile | UnreadableFile] = field(default_factory=list)

    def is_unknown(self, kind: Unknown, subject: str, span: Span) -> None:
        self.undecided.append(Hole(Reason(kind, subject), span))


def gathered_root(files: Files, path: str) -> tuple[Map, Gathered]:
    """FileNotThere, MalformedFile or UnreadableFile for the first file; of the others it is told."""
    gathering = _Gathering(files)
    return gathering.file(path, None, ()), gathering.found


class _Gathering:
    def __init__(self, files: Files) -> None:
        self._files = files
        self.found = Gathered()
        self._included = 0

    def file(self, path: str, given: Map | None, above: tuple[str, ...]) -> Map:
        documents = parse_yaml(self._files.read(path))
        header = documents[0] if len(documents) > 1 and _is_header(documents[0]) else None
        content = documents[1] if header else documents[0] if documents else None
        if content is not None and not isinstance(content, Map):
            raise MalformedFile(path, content.span.line, content.span.column, "a pipeline is a mapping of names")
        root = content or Map((), Span.at(path))
        if path not in self.found.files:
            self.found.files.append(path)
            self.found.flaws += _repeated_keys(root)
        if header or given:
            root = _as_map(with_inputs(root, known_inputs(header, given)), root)
        return self._with_includes(root, (*above, path))

    def _with_includes(self, root: Map, above: tuple[str, ...]) -> Map:
        below = Map((), root.span)
        for include in _items(root.get("include")):
            for included in self._included_by(include, above):
                below = laid_over(below, included)
        return laid_over(below, without(root, "include"))

    def _included_by(self, include: Node, above: tuple[str, ...]) -> Iterator[Map]:
        local = _local(include)
        if local is None:
            self.found.is_unknown(Unknown.REMOTE, _address(include), include.span)
            return
        if local.value is None or "$" in local.flat:
            self.found.is_unknown(Unknown.VARIABLE, local.shown, include.span)
            return
        is_certain = self._is_certain(include)
        if is_certain is False:
            return
        given = include.map("inputs") if isinstance(include, Map) else None
        for path in self._paths(local, include):
            if is_certain is None:
                self.found.conditional.add(path)
            yield from self._one(path, given, above, include.span)

    def _one(self, path: str, given: Map | None, above: tuple[str, ...], span: Span) -> Iterator[Map]:
        if path in above:
            self.found.flaws.append(Flaw(Wrong.CIRCLE, path, span))
            return
        self._included += 1
        if self._included > MOST_INCLUDES:
            self.found.is_unknown(Unknown.TOO_MUCH, "include", span)
            return
        try:
            yield self.file(path, given, above)
        except FileNotThere:
            self.found.flaws.append(Flaw(Wrong.MISSING_FILE, path, span))
        except (MalformedFile, UnreadableFile) as problem:
            self.found.problems.append(problem)

    def _paths(self, local: Text, include: Node) -> Iterable[str]:
        path = local.flat.strip().lstrip("/")
        if "*" not in path:
            return [path]
        found = matching(path, self._files.paths())
        if not found:
            self.found.flaws.append(Flaw(Wrong.MISSING_FILE, path, include.span))
        return sorted(found)

    def _is_certain(self, include: Node) -> bool | None:
        """None, if the event decides it."""
        rules = include.list("rules") if isinstance(include, Map) else None
        if rules is None:
            return True
        for rule in rules:
            if not isinstance(rule, Map) or {"if", "changes"} & {entry.key.text.flat for entry in rule}:
                return None
            patterns = [text.flat.lstrip("/") for text in _texts(rule.get("exists"))]
            if not patterns or any(matching(pattern, self._files.paths()) for pattern in patterns):
                return (rule.text("when") or Text()).flat != "never"
        return False


def _is_header(node: Node) -> bool:
    return isinstance(node, Map) and "spec" in node


def _as_map(node: Node, otherwise: Map) -> Map:
    return node if isinstance(node, Map) else otherwise


def _items(node: Node | None) -> tuple[Node, ...]:
    if node is None or (isinstance(node, Scalar) and node.is_null):
        return ()
    return node.items if isinstance(node, List) else (node,)


def _texts(node: Node | None) -> list[Text]:
    return [item.text for item in _items(node) if isinstance(item, Scalar)]


def _local(include: Node) -> Text | None:
    if isinstance(include, Scalar):
        return None if include.text.flat.startswith(("http://", "https://")) else include.text
    return include.text("local") if isinstance(include, Map) else None


def _address(include: Node) -> str:
    if isinstance(include, Map):
        for kind in _ELSEWHERE:
            if (text := include.text(kind)) is not None:
                return f"{kind} {text.shown}"
    return include.text.shown if isinstance(include, Scalar) else "include"


def _repeated_keys(root: Map) -> list[Flaw]:
    found: dict[Span, Flaw] = {}
    waiting: list[Node] = [root]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Map):
            found |= {key.span: Flaw(Wrong.REPEATED_KEY, key.text.flat, key.span) for key in node.repeated}
            waiting += [entry.value for entry in node]
        elif isinstance(node, List):
            waiting += node.items
    return sorted(found.values(), key=lambda flaw: flaw.span)
