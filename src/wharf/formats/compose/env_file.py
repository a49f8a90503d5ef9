"""The file `.env`, from which Compose takes variables that its environment does not have.

    statement = [ "export " ] name [ SP ] ( "=" | ":" ) [ SP ] value
    value     = "'" characters "'"               as they are
              | '"' characters '"'               with escapes and variables, perhaps over several lines
              | characters [ " #" comment ]      with variables, to the end of the line

A name alone takes its value from the environment.
"""

import re
from collections.abc import Iterator
from typing import Final

from wharf.errors import MalformedFile
from wharf.formats.compose.interpolation import Interpolating
from wharf.formats.compose.project import Surroundings
from wharf.formats.span import Span
from wharf.formats.text import Known, Text

MOST_VARIABLES: Final = 10_000
_SPACE: Final = "\t\v\f\r \x85\xa0"
_exported = re.compile(r"export[\s]+")
_name = re.compile(r"[\w.\-\[\]\t\v\f\r \x85\xa0]*")
_escape = re.compile(r'\\(?:[abcfnrtv$"\\]|0[0-9]{0,3})')
_octal = re.compile(r"\\0([0-3][0-7]{2})").fullmatch
_MEANINGS: Final = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v", '"': '"', "\\": "\\"}


def read_env_file(text: Text, surroundings: Surroundings) -> dict[str, Text]:
    """Its variables. What the surroundings have counts wherever another value asks for it."""
    return _Reading(text, surroundings).variables()


class _Reading:
    def __init__(self, text: Text, surroundings: Surroundings) -> None:
        self._text = text
        self._flat = text.flat
        self._around = surroundings
        self._cursor = 0
        self._known: dict[str, Text] = dict(surroundings.variables)
        self._interpolating = Interpolating(Surroundings(self._known, surroundings.others))

    def variables(self) -> dict[str, Text]:
        found: dict[str, Text] = {}
        while self._at_statement():
            if len(found) > MOST_VARIABLES:
                raise self._malformed(f"there are more than {MOST_VARIABLES} variables")
            for name, value in self._statement():
                found[name] = value
                self._known.setdefault(name, value)
                if name not in self._around.variables:
                    self._known[name] = value
        return found

    def _at_statement(self) -> bool:
        """Over blank space and comments; False at the end."""
        while self._cursor < len(self._flat):
            if self._flat[self._cursor].isspace():
                self._cursor += 1
            elif self._flat[self._cursor] == "#":
                self._cursor = self._flat.find("\n", self._cursor) + 1 or len(self._flat)
            else:
                return True
        return False

    def _statement(self) -> Iterator[tuple[str, Text]]:
        if exported := _exported.match(self._flat, self._cursor):
            self._cursor = exported.end()
        start = self._cursor
        found = _name.match(self._flat, start)
        assert found
        name, end = found[0].rstrip(), found.end()
        if end == len(self._flat):
            self._cursor = end
            return
        if self._flat[end] not in "=:\n":
            raise self._malformed(f"{self._flat[end]!r} cannot be part of the name of a variable", end)
        if " " in name:
            raise self._malformed("the name of a variable cannot have a space", start)
        self._cursor = end + 1
        if self._flat[end] == "\n":
            yield from [(name, self._around.variables[name])] if name in self._around.variables else []
        else:
            yield name, self._value()

    def _value(self) -> Text:
        while self._cursor < len(self._flat) and self._flat[self._cursor] in _SPACE:
            self._cursor += 1
        quote = self._flat[self._cursor : self._cursor + 1]
        if quote == "'":
            return self._quoted(quote)
        if quote == '"':
            return self._interpolating.text(_unescaped(self._quoted(quote)))
        return self._interpolating.text(self._plain())

    def _plain(self) -> Text:
        start = self._cursor
        end = self._flat.find("\n", start)
        end = end if end >= 0 else len(self._flat)
        self._cursor = min(end + 1, len(self._flat))
        comment = self._flat.find(" #", start, end)
        value = self._text[start : comment if comment >= 0 else end]
        return value[: len(value.flat.rstrip())]

    def _quoted(self, quote: str) -> Text:
        """Only a quote loses the backslash before it here."""
        opened = self._cursor
        parts: list[Text] = []
        start = cursor = opened + 1
        ends = re.compile(rf"[\\{quote}]")
        while found := ends.search(self._flat, cursor):
            at = found.start()
            if found[0] == quote:
                self._cursor = at + 1
                return Text.joined([*parts, self._text[start:at]])
            if self._flat.startswith(quote, at + 1):
                parts.append(self._text[start:at])
                start = at + 1
            cursor = at + 2
        raise self._malformed("a quoted value does not end", opened)

    def _malformed(self, problem: str, at: int | None = None) -> MalformedFile:
        span = self._text.at(self._cursor if at is None else at) or Span.at("")
        return MalformedFile(span.file, span.line, span.column, problem)


def _unescaped(text: Text) -> Text:
    """`\\$` becomes `$$`, which stands for a `$` when variables are put in."""
    parts, cursor = [], 0
    for found in _escape.finditer(text.flat):
        parts += [text[cursor : found.start()], _meaning(found[0], text[found.start() : found.end()])]
        cursor = found.end()
    return Text.joined([*parts, text[cursor:]])


def _meaning(escape: str, written: Text) -> Text:
    if escape == r"\$":
        return Text((Known("$$", written.span),))
    if octal := _octal(escape):
        return Text((Known(chr(int(octal[1], 8)), written.span),))
    meaning = _MEANINGS.get(escape[1:], escape)
    return Text((Known(meaning, written.span),)) if meaning != escape else written
