"""From the text of an HCL file to its blocks and attributes.

    body       = *( name "=" expression newline | name *label "{" body "}" )
    expression = operation [ "?" expression ":" expression ]
    term       = text | heredoc | number | true | false | null | name | call | "[" … "]" | "{" … "}" | "(" … ")"

Line ends do not count inside of parentheses and brackets.
"""

import re
from typing import Final, NoReturn

from wharf.errors import MalformedFile
from wharf.formats.bake.expression import (
    Attribute,
    Block,
    Body,
    Call,
    Choice,
    Expression,
    ListOf,
    Literal,
    Member,
    Name,
    ObjectOf,
    Opaque,
    Operation,
    Template,
)
from wharf.formats.span import Span
from wharf.formats.text import Known, Text

DEEPEST: Final = 40
_blank = re.compile(r"(?:[ \t\r]|(?:#|//)[^\n]*|/\*.*?\*/)*", re.DOTALL)
_blank_lines = re.compile(r"(?:\s|(?:#|//)[^\n]*|/\*.*?\*/)*", re.DOTALL)
_name = re.compile(r"[^\W\d][\w-]*")
_figures = re.compile(r"[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_heredoc = re.compile(r"<<(-?)([^\W\d][\w-]*)[ \t]*\r?\n")
_plain = re.compile(r"[^\"\\$%\n]+")
_escape = re.compile(r"\\(?:[nrt\"\\]|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8})")
_sign = re.compile(r"\|\||&&|==|!=|<=|>=|<|>|\+|-|\*|/(?!/)|%")
_STRENGTH: Final = {"||": 1, "&&": 2, "==": 3, "!=": 3, "<": 4, "<=": 4, ">": 4, ">=": 4} | {
    **dict.fromkeys("+-", 5),
    **dict.fromkeys("*/%", 6),
}
_ESCAPES: Final = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}
_CONSTANTS: Final = {"true": True, "false": False, "null": None}


def parse_hcl(text: Text) -> Body:
    return _Reading(text).file()


def parse_template(text: Text) -> Template:
    """A text in which `${…}` may stand, as in bake files of JSON."""
    return _Reading(text).whole_template()


class _Reading:
    def __init__(self, text: Text) -> None:
        self._text = text
        self._flat = text.flat
        self._at = 0
        self._depth = 0
        self._in_brackets = 0

    def file(self) -> Body:
        body = self._body()
        if self._at < len(self._flat):
            self._refuse("a name was expected")
        return body

    def whole_template(self) -> Template:
        return Template(tuple(self._template_parts(len(self._flat), escapes=False)))

    def _refuse(self, problem: str) -> NoReturn:
        span = self._text.at(min(self._at, len(self._flat))) or Span.at("")
        raise MalformedFile(span.file, span.line, span.column, problem)

    def _deeper(self) -> None:
        self._depth += 1
        if self._depth > DEEPEST:
            self._refuse("it is nested too deeply")

    def _skip(self, *, lines: bool = False) -> None:
        blank = _blank_lines if lines or self._in_brackets else _blank
        match = blank.match(self._flat, self._at)
        self._at = match.end() if match else self._at

    def _take(self, wanted: str) -> bool:
        if self._flat.startswith(wanted, self._at):
            self._at += len(wanted)
            return True
        return False

    def _word(self) -> Text:
        match = _name.match(self._flat, self._at)
        if match is None:
            self._refuse("a name was expected")
        self._at = match.end()
        return self._text[match.start() : match.end()]

    def _body(self) -> Body:
        self._deeper()
        attributes: dict[str, Attribute] = {}
        blocks: list[Block] = []
        self._skip(lines=True)
        while _name.match(self._flat, self._at):
            word = self._word()
            self._skip()
            if self._flat.startswith("=", self._at) and not self._flat.startswith("==", self._at):
                self._at += 1
                attributes[word.flat] = Attribute(word, self._expression())
                self._end_of_line()
            else:
                blocks.append(self._block(word))
            self._skip(lines=True)
        self._depth -= 1
        return Body(attributes, tuple(blocks))

    def _end_of_line(self) -> None:
        self._skip()
        if self._at < len(self._flat) and self._flat[self._at] not in "\n}":
            self._refuse("the end of the line was expected")

    def _block(self, kind: Text) -> Block:
        label = Text()
        while not self._flat.startswith("{", self._at):
            label = self._label()
            self._skip()
        self._at += 1
        outer, self._in_brackets = self._in_brackets, 0
        body = self._body()
        self._in_brackets = outer
        if not self._take("}"):
            self._refuse("a } is missing")
        return Block(kind, label, body)

    def _label(self) -> Text:
        if not self._take('"'):
            return self._word()
        end = self._flat.find('"', self._at)
        if end < 0:
            self._refuse("a quote is missing")
        label, self._at = self._text[self._at : end], end + 1
        return label

    def _expression(self) -> Expression:
        self._deeper()
        self._skip()
        expression = self._operation(1)
        self._skip()
        if self._take("?"):
            then = self._expression()
            self._skip()
            if not self._take(":"):
                self._refuse("a : is missing")
            expression = Choice(expression, then, self._expression())
        self._depth -= 1
        return expression

    def _operation(self, strength: int) -> Expression:
        left = self._sided()
        while True:
            self._skip()
            match = _sign.match(self._flat, self._at)
            if match is None or _STRENGTH[match[0]] < strength:
                return left
            self._at = match.end()
            left = Operation(match[0], (left, self._operation(_STRENGTH[match[0]] + 1)))

    def _sided(self) -> Expression:
        self._skip()
        if self._flat[self._at : self._at + 1] in {"!", "-"} and self._at < len(self._flat):
            sign = self._flat[self._at]
            self._deeper()
            self._at += 1
            inside = self._sided()
            self._depth -= 1
            return Operation(sign, (inside,))
        return self._followed(self._term())

    def _followed(self, term: Expression) -> Expression:
        """With the members that are asked of it."""
        while self._at < len(self._flat):
            start = self._at
            if self._take("[*]") or self._take(".*"):
                term = Opaque(self._text[start : self._at])
                continue
            if self._take("["):
                key = self._inside("]")
            elif self._flat[self._at] == "." and _name.match(self._flat, self._at + 1):
                self._at += 1
                key = Template((self._word(),))
            else:
                return term
            term = Member(term, key)
        return term

    def _inside(self, closing: str) -> Expression:
        self._in_brackets += 1
        inside = self._expression()
        self._skip()
        if not self._take(closing):
            self._refuse(f"a {closing} is missing")
        self._in_brackets -= 1
        return inside

    def _term(self) -> Expression:
        rest = self._flat[self._at : self._at + 1]
        if self._take('"'):
            parts = self._template_parts(None, escapes=True)
            return Template(tuple(parts))
        if (match := _heredoc.match(self._flat, self._at)) is not None:
            return self._heredoc(match)
        if (match := _figures.match(self._flat, self._at)) is not None:
            self._at = match.end()
            return Literal(float(match[0]))
        if self._take("("):
            return self._inside(")")
        if rest and rest in "[{":
            return self._collection()
        return self._named()

    def _named(self) -> Expression:
        start = self._at
        word = self._word()
        if word.flat in _CONSTANTS:
            return Literal(_CONSTANTS[word.flat])
        if not self._take("("):
            return Name(word)
        items, spreads = self._items(")")
        return Call(word.flat, tuple(items), self._text[start : self._at], spreads)

    def _items(self, closing: str) -> tuple[list[Expression], bool]:
        self._in_brackets += 1
        items: list[Expression] = []
        spreads = False
        self._skip()
        while not self._take(closing):
            items.append(self._expression())
            self._skip()
            spreads = self._take("...") or spreads
            self._skip()
            if not self._take(",") and not self._flat.startswith(closing, self._at):
                self._refuse(f"a comma or {closing} is missing")
            self._skip()
        self._in_brackets -= 1
        return items, spreads

    def _collection(self) -> Expression:
        start, is_list = self._at, self._flat[self._at] == "["
        self._at += 1
        self._skip(lines=True)
        if re.compile(r"for\b(?!\s*=)").match(self._flat, self._at):
            return self._comprehension(start)
        return ListOf(tuple(self._items("]")[0])) if is_list else ObjectOf(tuple(self._members()))

    def _comprehension(self, start: int) -> Opaque:
        depth = 1
        while depth and self._at < len(self._flat):
            depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(self._flat[self._at], 0)
            self._at += 1
        if depth:
            self._refuse("a ] is missing")
        return Opaque(self._text[start : self._at])

    def _members(self) -> list[tuple[Expression, Expression]]:
        self._in_brackets += 1
        members: list[tuple[Expression, Expression]] = []
        self._skip()
        while not self._take("}"):
            key = self._expression()
            self._skip()
            if not (self._take("=") or self._take(":")):
                self._refuse("a = is missing")
            members.append((Template((key.source,)) if isinstance(key, Name) else key, self._value_of_member()))
            self._skip()
            self._take(",")
            self._skip()
        self._in_brackets -= 1
        return members

    def _value_of_member(self) -> Expression:
        """Up to the end of the line or a comma."""
        outer, self._in_brackets = self._in_brackets, 0
        value = self._expression()
        self._in_brackets = outer
        return value

    def _template_parts(self, end: int | None, *, escapes: bool) -> "list[Text | Expression]":
        """Up to `end`, or else up to the quote that closes it."""
        parts: list[Text | Expression] = []
        while end is None or self._at < end:
            if end is None and self._take('"'):
                break
            if self._at >= len(self._flat) or (end is None and self._flat[self._at] == "\n"):
                self._refuse("a quote is missing")
            parts.append(self._template_part(escapes=escapes))
        return parts

    def _template_part(self, *, escapes: bool) -> "Text | Expression":
        start = self._at
        if self._take("$${") or self._take("%%{"):
            return self._text[start + 1 : self._at]
        if self._take("${"):
            self._take("~")
            return self._inside_template()
        if self._take("%{"):
            self._at = self._flat.find("}", self._at) + 1 or len(self._flat)
            return Opaque(self._text[start : self._at])
        if escapes and (match := _escape.match(self._flat, start)) is not None:
            self._at = match.end()
            code = match[0][1:]
            said = _ESCAPES[code] if code in _ESCAPES else _character(code)
            return Text((Known(said, self._text[start : self._at].span),))
        match = _plain.match(self._flat, start)
        self._at = match.end() if match else start + 1
        return self._text[start : self._at]

    def _inside_template(self) -> Expression:
        self._in_brackets += 1
        inside = self._expression()
        self._skip()
        self._take("~")
        if not self._take("}"):
            self._refuse("a } is missing")
        self._in_brackets -= 1
        return inside

    def _heredoc(self, match: re.Match[str]) -> Template:
        ending = re.compile(rf"[ \t]*{re.escape(match[2])}[ \t]*\r?(?=\n|\Z)", re.MULTILINE)
        at = match.end()
        while at < len(self._flat):
            if (found := ending.match(self._flat, at)) is not None:
                break
            at = self._flat.find("\n", at) + 1 or len(self._flat)
        else:
            self._refuse(f"the heredoc {match[2]} does not end")
        self._at = match.end()
        parts = self._template_parts(at, escapes=False)
        self._at = found.end()
        return Template(tuple(parts))


def _character(code: str) -> str:
    value = int(code[1:], 16)
    return chr(value) if value <= 0x10FFFF else "\N{REPLACEMENT CHARACTER}"
