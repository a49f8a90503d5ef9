"""Compose files laid over each other: services that extend others, files that include others, and overrides."""

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from wharf.errors import FileNotThere
from wharf.formats.compose.env_file import read_env_file
from wharf.formats.compose.interpolation import Interpolating
from wharf.formats.compose.place import Place
from wharf.formats.compose.project import Problem, Project, Surroundings, Wrong
from wharf.formats.compose.read_service import read_service
from wharf.formats.compose.service import Service
from wharf.formats.files import Files
from wharf.formats.span import Span
from wharf.formats.text import Text
from wharf.formats.yaml.parse import parse_yaml
from wharf.formats.yaml.repeated import repeated_keys
from wharf.formats.yaml.tree import List, Map, Node, Scalar

DEEPEST: Final = 30
"""Of services that extend others, and of files that include others."""
MOST_FILES: Final = 50
_RESET: Final = "!reset"
_KINDS: Final = ("networks", "volumes", "secrets", "configs")


@dataclass(frozen=True)
class _Document:
    """One document of a file, with its variables put in, and the folder that its paths start from."""

    path: str
    folder: str
    node: Map

    @property
    def services(self) -> Map | None:
        return self.node.map("services")


@dataclass
class Effort:
    """How many files may still be read, for a project and all that it includes, and those that were read."""

    files_left: int = MOST_FILES
    parsed: dict[str, tuple[Node, ...]] = field(default_factory=dict)


class Assembling:
    """`above`: the files that include this one, the outermost first."""

    def __init__(
        self, files: Files, surroundings: Surroundings, above: tuple[str, ...] = (), effort: Effort | None = None
    ) -> None:
        self.above = above
        self._files = files
        self._around = surroundings
        self._effort = effort or Effort()
        self._interpolating = Interpolating(surroundings)
        self._services: dict[str, Service] = {}
        self._read: dict[tuple[str, str], tuple[_Document, ...]] = {}
        self._declared: dict[str, dict[str, None]] = {kind: {} for kind in _KINDS}
        self._problems: list[Problem] = []
        self._included: frozenset[str] = frozenset()
        self._unknown = False
        self._version: Span | None = None
        self._repeated: list[Scalar] = []
        self._name: Text | None = None

    def lay(self, path: str, folder: str) -> None:
        """One more file over those before."""
        for document in self._documents(path, folder):
            self._include(document)
            self._lay_services(document)
            self._note_the_rest(document)

    def project(self, paths: tuple[str, ...], folder: str) -> Project:
        problems = dict.fromkeys((*self._problems, *self._interpolating.problems))
        declared = {kind: frozenset(names) for kind, names in self._declared.items()}
        return Project(
            paths,
            folder,
            self._name,
            tuple(self._services.values()),
            tuple(dict.fromkeys(self._interpolating.uses)),
            self._version,
            **declared,
            problems=tuple(problems),
            repeated=tuple(self._repeated),
            parts=frozenset(path for path, _ in self._read) | self._included,
            is_partly_unknown=self._unknown,
        )

    def _documents(self, path: str, folder: str) -> tuple[_Document, ...]:
        if (path, folder) not in self._read:
            self._effort.files_left -= 1
            self._read[path, folder] = tuple(self._checked(self._nodes(path), path, folder))
        return self._read[path, folder]

    def _nodes(self, path: str) -> tuple[Node, ...]:
        if path not in self._effort.parsed:
            self._effort.parsed[path] = parse_yaml(self._files.read(path))
            self._repeated += (key for node in self._effort.parsed[path] for key in repeated_keys(node))
        return self._effort.parsed[path]

    def _checked(self, nodes: tuple[Node, ...], path: str, folder: str) -> Iterator[_Document]:
        for node in nodes:
            put_in = self._interpolating.node(node)
            if isinstance(put_in, Map):
                yield _Document(path, folder, put_in)
            else:
                self._wrong(Wrong.NOT_A_MAP, path, node.span)

    def _lay_services(self, document: _Document) -> None:
        services = document.services
        if services is None and (node := document.node.get("services")) and not _is_nothing(node):
            self._wrong(Wrong.NOT_A_MAP, "services", node.span)
        for entry in services or ():
            name = entry.key.text.flat
            if entry.value.tag == _RESET:
                self._services.pop(name, None)
            elif service := self._service(document, name, ()):
                below = self._services.get(name)
                self._services[name] = service.over(below) if below else service

    def _service(self, document: _Document, name: str, chain: tuple[tuple[str, str], ...]) -> Service | None:
        entry = document.services.entry(name) if document.services else None
        if entry is None:
            return None
        if not isinstance(entry.value, Map):
            if not _is_nothing(entry.value):
                self._wrong(Wrong.NOT_A_MAP, name, entry.key.span)
            return Service(name, entry.key.span)
        service = read_service(entry.key, entry.value, document.folder)
        extended = self._extended(document, entry.value.get("extends"), (*chain, (document.path, name)))
        return service.over(extended) if extended else service

    def _extended(self, document: _Document, node: Node | None, chain: tuple[tuple[str, str], ...]) -> Service | None:
        named = _named(node)
        if named is None:
            return None
        file, name = named
        target = self._extended_document(document, file, name.text.flat) if file else document
        if target is None:
            return None
        if (target.path, name.text.flat) in chain:
            self._wrong(Wrong.EXTENDS_IN_A_CIRCLE, name.text.flat, name.span)
        elif len(chain) > DEEPEST:
            self._wrong(Wrong.TOO_DEEP, name.text.flat, name.span)
        elif target.services is None or name.text.flat not in target.services:
            self._wrong(Wrong.EXTENDED_SERVICE_NOT_THERE, name.text.flat, name.span)
        else:
            return self._service(target, name.text.flat, chain)
        return None

    def _extended_document(self, document: _Document, file: Scalar, name: str) -> _Document | None:
        """Paths of a service in another file start from the folder of that file."""
        path = Place(file.text, document.folder).path
        if path is None or self._effort.files_left <= 0:
            self._unknown = True
            return None
        try:
            found = self._documents(path, posixpath.dirname(path))
        except FileNotThere:
            self._wrong(Wrong.EXTENDED_FILE_NOT_THERE, file.text.flat, file.span)
            return None
        having = (each for each in found if each.services is not None and name in each.services)
        return next(having, found[0] if found else None)

    def _include(self, document: _Document) -> None:
        for each in document.node.list("include") or ():
            paths = list(_paths(each.get("path") if isinstance(each, Map) else each))
            if paths:
                self._include_together(document, paths, each if isinstance(each, Map) else None)

    def _include_together(self, document: _Document, paths: list[Scalar], entry: Map | None) -> None:
        """Several paths of one entry are one project. Paths in it start from the folder of the first one."""
        places = [Place(path.text, document.folder).path for path in paths]
        known = [place for place in places if place is not None]
        if len(known) < len(places) or self._effort.files_left <= 0:
            self._unknown = True
            return
        folder = posixpath.dirname(known[0])
        if entry and (named := entry.text("project_directory")):
            folder = Place(named, document.folder).path or folder
        around = self._around_included(entry, document, folder)
        inner = Assembling(self._files, around, (*self.above, document.path), self._effort)
        for path, scalar in zip(known, paths, strict=True):
            self._lay_included(inner, path, folder, scalar)
        self._take_over(inner.project(tuple(known), folder))

    def _lay_included(self, inner: "Assembling", path: str, folder: str, scalar: Scalar) -> None:
        if path in inner.above or len(inner.above) > DEEPEST:
            self._wrong(Wrong.INCLUDES_IN_A_CIRCLE, scalar.text.flat, scalar.span)
            return
        try:
            inner.lay(path, folder)
        except FileNotThere:
            self._wrong(Wrong.INCLUDED_FILE_NOT_THERE, scalar.text.flat, scalar.span)

    def _around_included(self, entry: Map | None, document: _Document, folder: str) -> Surroundings:
        """With its own `.env` under what is known outside."""
        named = [Place(path.text, document.folder).path for path in _paths(entry.get("env_file") if entry else None)]
        found: dict[str, Text] = {}
        for path in named or [posixpath.join(folder, ".env")]:
            try:
                found |= read_env_file(self._files.read(path or ""), self._around)
            except FileNotThere:
                continue
        return Surroundings({**found, **self._around.variables}, self._around.others)

    def _take_over(self, included: Project) -> None:
        for service in included.services:
            self._services.setdefault(service.name, service)
        for kind in _KINDS:
            self._declared[kind] |= dict.fromkeys(getattr(included, kind))
        self._problems += included.problems
        self._interpolating.uses += included.uses
        self._repeated += included.repeated
        self._included |= included.parts
        self._unknown |= included.is_partly_unknown

    def _note_the_rest(self, document: _Document) -> None:
        if (version := document.node.entry("version")) and self._version is None:
            self._version = version.key.span.to(version.value.span)
        self._name = document.node.text("name") or self._name
        for kind in _KINDS:
            self._declared[kind] |= {entry.key.text.flat: None for entry in document.node.map(kind) or ()}

    def _wrong(self, wrong: Wrong, subject: str, span: Span) -> None:
        self._problems.append(Problem(wrong, subject, span))


def _named(node: Node | None) -> tuple[Scalar | None, Scalar] | None:
    """The file, if it is another one, and the service that is extended."""
    if isinstance(node, Scalar) and node.text:
        return None, node
    service = node.scalar("service") if isinstance(node, Map) else None
    return (node.scalar("file"), service) if isinstance(node, Map) and service else None


def _paths(node: Node | None) -> Iterator[Scalar]:
    for each in node.items if isinstance(node, List) else (node,):
        if isinstance(each, Scalar) and each.text:
            yield each


def _is_nothing(node: Node) -> bool:
    return isinstance(node, Scalar) and node.is_null
