"""Variables put into the values of a compose file, as Compose does it, which is nearly and not quite as a shell does.

    value    = *( "$$" | "$" name | "${" name [ operator default ] "}" | any character )
    name     = ( letter | "_" ) *( letter | digit | "_" )
    operator = ":-" | "-" | ":?" | "?" | ":+" | "+"

A default holds variables again. It ends at the brace that closes it, and never goes on behind the end of its line. A
`$` that begins none of these stands for itself; a `${` that does is an error of the whole file.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from enum import Enum
from typing import Final

from wharf.formats.compose.project import Problem, Surroundings, Use, Wrong
from wharf.formats.hole import Unknown
from wharf.formats.shell.ran import Given
from wharf.formats.span import Span
from wharf.formats.text import Text
from wharf.formats.yaml.tree import Entry, List, Map, Node, Scalar

DEEPEST: Final = 40
"""Of defaults in defaults."""
MOST_CHARACTERS: Final = 4_000_000
"""That variables may add to one project."""
_token = re.compile(r"\$(?:(?P<escaped>\$)|(?P<named>[_a-zA-Z][_a-zA-Z0-9]*)|(?P<opened>\{))")
_head = re.compile(r"\$\{(?P<name>[_a-zA-Z][_a-zA-Z0-9]*)(?P<operator>:?[-+?])?")
_NOTHING: Final = Text()
_EXCERPT: Final = 60

Found = tuple[Given, Text]


class Interpolating:
    """Values of one project, whose variables are looked up the same way. What was met on the way is kept."""

    def __init__(self, surroundings: Surroundings) -> None:
        self.uses: list[Use] = []
        self.problems: list[Problem] = []
        self._surroundings = surroundings
        self._left = MOST_CHARACTERS
        self._done: dict[int, tuple[Node, Node]] = {}

    def node(self, node: Node) -> Node:
        """With the variables put into all values below it; keys have none."""
        if id(node) not in self._done:
            self._done[id(node)] = (node, self._put_into(node))
        return self._done[id(node)][1]

    def text(self, template: Text) -> Text:
        return self._text(template, 0) if "$" in template.flat else template

    def _put_into(self, node: Node) -> Node:
        if isinstance(node, Scalar):
            return replace(node, text=self.text(node.text)) if "$" in node.text.flat else node
        if isinstance(node, List):
            return replace(node, items=tuple(self.node(item) for item in node.items))
        return Map(
            tuple(Entry(entry.key, self.node(entry.value)) for entry in node.entries),
            node.span,
            node.tag,
            node.repeated,
        )

    def _text(self, template: Text, depth: int) -> Text:
        if depth > DEEPEST:
            return Text.unknown(Unknown.TOO_MUCH, "defaults in defaults", template.span)
        return Text.joined(self._parts(template, depth))

    def _parts(self, template: Text, depth: int) -> Iterator[Text]:
        cursor = 0
        while found := _token.search(template.flat, cursor):
            start, end = found.span()
            yield template[cursor:start]
            cursor = end
            if found["escaped"]:
                yield template[start : start + 1]
            elif name := found["named"]:
                yield self._value(name, "", _NOTHING, _span(template, start, end), depth)
            else:
                closed = _end_of_braced(template.flat, start)
                cursor = closed or template.flat.find("}", start) + 1 or len(template)
                yield (self._braced if closed else self._invalid)(template, start, cursor, depth)
        yield template[cursor:]

    def _braced(self, template: Text, start: int, end: int, depth: int) -> Text:
        found = _head.match(template.flat, start)
        assert found
        default = template[found.end() : end - 1]
        return self._value(found["name"], found["operator"] or "", default, _span(template, start, end), depth)

    def _invalid(self, template: Text, start: int, end: int, _: int) -> Text:
        written, span = template.flat[start : min(end, start + _EXCERPT)], _span(template, start, end)
        self.problems.append(Problem(Wrong.TEMPLATE, written, span))
        return Text.unknown(Unknown.SYNTAX, written, span)

    def _value(self, name: str, operator: str, default: Text, span: Span, depth: int) -> Text:
        given, value = look_up(self._surroundings, name)
        value = value if given is not Given.UNKNOWN or value else Text.unknown(Unknown.ENVIRONMENT, name, span)
        is_named = name in self._surroundings.variables
        taken = _TAKEN[operator].get(given if is_named or given is Given.UNSET else _NOT_NAMED, _Taken.VALUE)
        if taken is _Taken.DEFAULT:
            default = value = self._text(default, depth + 1)
        elif taken is _Taken.EITHER:
            value = Text.unknown(Unknown.EITHER, name, span)
        elif taken is _Taken.NEITHER:
            self.problems.append(Problem(Wrong.REQUIRED, name, span))
            value = Text.unknown(Unknown.ENVIRONMENT, name, span)
        self.uses.append(Use(name, operator, default, given, span))
        return self._afforded(name, value, span)

    def _afforded(self, name: str, value: Text, span: Span) -> Text:
        self._left -= len(value)
        return value if self._left >= 0 else Text.unknown(Unknown.TOO_MUCH, name, span)


def look_up(surroundings: Surroundings, name: str) -> Found:
    """What is known of a variable. A value of which no character is known may be empty."""
    if name not in surroundings.variables:
        return surroundings.others, _NOTHING
    value = surroundings.variables[name]
    if value.holes and len(value.holes) == len(value):
        return Given.UNKNOWN, value
    return (Given.SET if value else Given.EMPTY), value


class _Taken(Enum):
    """Which of the two is put in: the value, or what stands behind the operator."""

    VALUE = "value"
    DEFAULT = "default"
    EITHER = "either"
    NEITHER = "neither"


_NOT_NAMED: Final = None
"""Nothing says that the variable is set, and nothing that it is not."""
_TAKEN: Final[dict[str, dict[Given | None, _Taken]]] = {
    "": {},
    ":-": {Given.EMPTY: _Taken.DEFAULT, Given.UNSET: _Taken.DEFAULT, _NOT_NAMED: _Taken.DEFAULT},
    "-": {Given.UNSET: _Taken.DEFAULT, _NOT_NAMED: _Taken.DEFAULT},
    ":?": {Given.EMPTY: _Taken.NEITHER, Given.UNSET: _Taken.NEITHER},
    "?": {Given.UNSET: _Taken.NEITHER},
    ":+": {Given.SET: _Taken.DEFAULT, Given.UNKNOWN: _Taken.EITHER, _NOT_NAMED: _Taken.EITHER},
    "+": {
        Given.SET: _Taken.DEFAULT,
        Given.EMPTY: _Taken.DEFAULT,
        Given.UNKNOWN: _Taken.DEFAULT,
        _NOT_NAMED: _Taken.EITHER,
    },
}


def _end_of_braced(flat: str, start: int) -> int:
    """Behind the brace that closes what begins here; 0, if it is no variable."""
    head = _head.match(flat, start)
    if not head:
        return 0
    if not head["operator"]:
        return head.end() + 1 if flat.startswith("}", head.end()) else 0
    line_end = flat.find("\n", start)
    last = flat.rfind("}", head.end(), line_end if line_end >= 0 else len(flat)) + 1
    return (_first_closing(flat, start, last) or last) if last else 0


_brace = re.compile(r"[{}]")


def _first_closing(flat: str, start: int, end: int) -> int:
    """Compose counts braces, and never looks at the character behind one that opens."""
    opened, cursor = 0, start
    while found := _brace.search(flat, cursor, end):
        cursor = found.end()
        if found[0] == "{":
            opened, cursor = opened + 1, cursor + 1
        elif (opened := opened - 1) == 0:
            return found.end()
    return 0


def _span(template: Text, start: int, end: int) -> Span:
    return template[start:end].span or template.span or Span.at("")
