"""Lines of a Dockerfile put together to instructions: continuations, comments between them, and heredocs after them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from wharf.errors import MalformedFile
from wharf.formats.dockerfile.tree import Directive, Heredoc
from wharf.formats.dockerfile.words import word_places
from wharf.formats.span import Span
from wharf.formats.text import Text

_directive = re.compile(r"#[^\S\n]*([a-zA-Z][a-zA-Z0-9]*)[^\S\n]*=[^\S\n]*(\S(?:[^\n]*\S)?)")
_DIRECTIVES: Final = frozenset({"escape", "syntax", "check"})
_continued = {
    escape: re.compile(rf"(?:(?<=[^{re.escape(escape)}])|^){re.escape(escape)}[ \t]*$") for escape in ("\\", "`")
}
_heredoc = re.compile(r"""[0-9]*<<(-?)("[^"<\s]+"|'[^'<\s]+'|[^"'<\s|&;()]+)$""")
_json_beginning = re.compile(r"\S+\s+(?:--\S+\s+)*\[")
_with_heredocs = re.compile(r"(?:onbuild\s+)?(?:add|copy|run)\s", re.IGNORECASE)
_LONGEST: Final = 65_535


@dataclass(frozen=True)
class LogicalLine:
    text: Text
    span: Span
    heredocs: tuple[Heredoc, ...] = ()


@dataclass
class Lines:
    """One pass over a file. What was found beside instructions is here after it."""

    text: Text
    directives: list[Directive] = field(default_factory=list)
    late_directives: list[Directive] = field(default_factory=list)
    empty_continuations: list[Span] = field(default_factory=list)
    _escape: str = "\\"

    def __post_init__(self) -> None:
        self._lines = [line[: len(line.flat.rstrip("\r"))] for line in self.text.lines()]
        self._at = 0
        self._takes_directives = True

    def __iter__(self) -> Iterator[LogicalLine]:
        while self._at < len(self._lines):
            line = _without_indent(self._lines[self._at])
            if line.flat.startswith("#"):
                self._comment(line)
                self._at += 1
            elif not line:
                self._takes_directives = False
                self._at += 1
            else:
                self._takes_directives = False
                yield self._instruction()

    def malformed(self, at: int, problem: str) -> MalformedFile:
        span = self._lines[at].span or Span.at("", at + 1)
        return MalformedFile(span.file, span.line, span.column, problem)

    def _comment(self, line: Text) -> None:
        found = _directive.fullmatch(line.flat)
        name = found[1].lower() if found else ""
        if not found or name not in _DIRECTIVES or not line.span:
            self._takes_directives = False
            return
        directive = Directive(name, line[found.start(2) : found.end(2)], line.span)
        if not self._takes_directives:
            self.late_directives.append(directive)
            return
        if any(known.name == name for known in self.directives):
            raise self.malformed(self._at, f"the directive {name} is there twice")
        self.directives.append(directive)
        if name == "escape":
            self._set_escape(directive.value.flat)

    def _set_escape(self, escape: str) -> None:
        if escape not in _continued:
            raise self.malformed(self._at, f"the escape character can be \\ or `, not {escape}")
        self._escape = escape

    def _instruction(self) -> LogicalLine:
        start = self._at
        parts: list[Text] = []
        goes_on = True
        while goes_on and self._at < len(self._lines):
            line = self._lines[self._at]
            self._at += 1
            blank = line.flat.strip()
            if parts and (not blank or blank.startswith("#")):
                if not blank:
                    self._note_empty(parts)
                continue
            if len(line) > _LONGEST:
                raise self.malformed(self._at - 1, "the line is too long")
            line = line if parts else _without_indent(line)
            found = _continued[self._escape].search(line.flat)
            goes_on = found is not None
            parts.append(line[: found.start()] if found else line)
        text = Text.joined(parts)
        heredocs = tuple(self._heredocs(text, start))
        first, last = self._lines[start].stripped().span or Span.at(""), self._lines[self._at - 1].span
        return LogicalLine(text, first.to(last) if last else first, heredocs)

    def _note_empty(self, parts: list[Text]) -> None:
        if before := parts[-1].span:
            self.empty_continuations.append(Span.at(before.file, self._at))

    def _heredocs(self, text: Text, first: int) -> Iterator[Heredoc]:
        if "<<" not in text.flat or not _with_heredocs.match(text.flat) or _json_beginning.match(text.flat):
            return
        for word in (text.flat[start:end] for start, end in word_places(text.flat, self._escape)):
            if found := _heredoc.fullmatch(word):
                yield self._heredoc(found, first)

    def _heredoc(self, found: re.Match[str], start: int) -> Heredoc:
        name = found[2].strip("\"'")
        first = self._at
        for at in range(first, len(self._lines)):
            line = self._lines[at].flat
            if (line.lstrip("\t") if found[1] else line) == name:
                self._at = at + 1
                content = Text.joined(self._lines[first:at], "\n")
                span = (self._lines[first].span or Span.at("")).to(self._lines[at].span or Span.at(""))
                return Heredoc(name, content, found[2] == name, span)
        raise self.malformed(start, f"the lines up to {name} have no end")


def _without_indent(line: Text) -> Text:
    return line[len(line.flat) - len(line.flat.lstrip()) :]
