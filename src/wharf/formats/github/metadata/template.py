"""Templates of Handlebars, in which the action's expressions are: `{{branch}}`, `{{date 'YYYYMMDD' tz='Asia/Seoul'}}`.

    template  = *( content | "{{" word *word *( name "=" word ) "}}" | "{{{" … "}}}" | "{{!" comment "}}" | block )
    word      = path | "'" … "'" | number | true | false | null | undefined | "(" word *word ")"
    block     = "{{#" … "}}" template [ "{{else}}" template ] "{{/" … "}}"

`~` beside the braces takes blanks away; `\\{{` is no expression. Partials, decorators and raw blocks exist and mean
nothing to the action: whoever writes one gets an error from it, or what we do not compute.
"""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from wharf.errors import MalformedFile
from wharf.formats.github.metadata.failing import refusal
from wharf.formats.github.metadata.javascript import BLANKS
from wharf.formats.hole import Hole
from wharf.formats.text import Text

DEEPEST: Final = 20


class Path(NamedTuple):
    """`branch`, `this.branch`, `../x`, `@root.branch`. `depth` counts how many contexts up."""

    parts: tuple[str, ...]
    depth: int = 0
    is_data: bool = False
    is_scoped: bool = False

    @property
    def is_simple(self) -> bool:
        return len(self.parts) == 1 and not self.is_scoped and not self.depth


class Literal(NamedTuple):
    """`value` is None for null and undefined; `written` is how it stands there, for when it is used as a name."""

    value: str | float | bool | None
    written: str


class Call(NamedTuple):
    """A word that is called, or only looked up, with what is given to it."""

    path: Path | Literal
    given: "tuple[Word, ...]" = ()
    named: "tuple[tuple[str, Word], ...]" = ()

    @property
    def name(self) -> Path:
        return self.path if isinstance(self.path, Path) else Path((self.path.written,))


Word = Path | Literal | Call


class Content(NamedTuple):
    text: Text


class Mustache(NamedTuple):
    call: Call
    source: Text
    is_escaped: bool


class Block(NamedTuple):
    call: Call
    source: Text
    then: "Template"
    otherwise: "Template"
    is_inverse: bool = False


class NotComputed(NamedTuple):
    """A part that has a hole among its words, or one of a kind that the action has no use for."""

    source: Text
    hole: Hole | None = None


Part = Content | Mustache | Block | NotComputed
Template = tuple[Part, ...]

_B: Final = "[" + re.escape(BLANKS) + "]"
_NAME: Final = rf"""[^{re.escape(BLANKS)}!"#%-,./;->@\[-^`{{-~]+(?=[=~}}{re.escape(BLANKS)}/.)|])"""
_ENDS_LITERAL: Final = rf"(?=[~}}{re.escape(BLANKS)})])"
_opening = re.compile(
    rf"""(?P<raw>\{{\{{\{{\{{)|(?P<partial>\{{\{{~?\#?>)|(?P<block>\{{\{{~?\#\*?)|(?P<close>\{{\{{~?/)"""
    rf"""|(?P<else>\{{\{{~?(?:\^{_B}*|{_B}*else{_B}*)~?\}}\}})|(?P<inverse>\{{\{{~?\^)|(?P<chain>\{{\{{~?{_B}*else\b)"""
    rf"""|(?P<three>\{{\{{~?\{{)|(?P<and>\{{\{{~?&)|(?P<comment>\{{\{{~?(?=!--).*?--~?\}}\}}|\{{\{{~?!(?!--).*?\}}\}})"""
    rf"""|(?P<broken>\{{\{{~?!--)|(?P<open>\{{\{{~?\*?)""",
    re.DOTALL,
)
_word = re.compile(
    rf"""(?P<blank>{_B}+)|(?P<endraw>\}}\}}\}}\}})|(?P<sub>\()|(?P<endsub>\))|(?P<equals>=)|(?P<up>\.\.)|(?P<dot>\.(?=[=~}}{re.escape(BLANKS)}/.)|]))"""
    rf"""|(?P<sep>[/.])|(?P<endthree>\}}~?\}}\}})|(?P<end>~?\}}\}})|(?P<string>"(?:\\"|[^"])*"|'(?:\\'|[^'])*')|(?P<data>@)"""
    rf"""|(?P<literal>(?:true|false|undefined|null|-?[0-9]+(?:\.[0-9]+)?){_ENDS_LITERAL})|(?P<as>as{_B}+\|)|(?P<bar>\|)"""
    rf"""|(?P<name>{_NAME})|(?P<bracket>\[(?:\\\]|[^\]])*\])|(?P<invalid>.)""",
    re.DOTALL,
)
_content_after_escape = re.compile(r".{2,}?(?=\{\{|\\\{\{|\\\\\{\{|\Z)", re.DOTALL)
_CONSTANTS: Final = {"true": True, "false": False, "undefined": None, "null": None}


def parse_template(text: Text) -> Template:
    """Parse errors are refusals: the step fails."""
    return _Reading(text).template()


class _Token(NamedTuple):
    kind: str
    start: int
    end: int


class _Reading:
    def __init__(self, text: Text) -> None:
        self._text = text
        self._flat = text.flat
        self._at = 0
        self._depth = 0
        self._strips_next = False

    def template(self) -> Template:
        parts, ended = self._parts(None)
        if ended is not None:
            raise self._refused(ended.start)
        return parts

    def _refused(self, at: int) -> MalformedFile:
        return refusal(self._text[at:], f"Parse error in {self._flat!r}")

    def _parts(self, inside: str | None) -> "tuple[Template, _Token | None]":
        """Up to the end, or up to an `{{else}}` or `{{/…` that is not one of its own."""
        parts: list[Part] = []
        self._depth += 1
        if self._depth > DEEPEST:
            raise refusal(self._text, "its blocks are nested too deeply")
        while self._at < len(self._flat):
            parts += self._content()
            if self._at >= len(self._flat):
                break
            token = self._opened()
            if self._flat.startswith("{{~", token.start):
                _strip_end(parts)
            if token.kind in {"else", "close", "chain"} or (token.kind == "inverse" and inside is not None):
                self._depth -= 1
                return tuple(parts), token
            parts += self._statement(token)
        if inside is not None:
            raise self._refused(len(self._flat))
        self._depth -= 1
        return tuple(parts), None

    def _opened(self) -> _Token:
        match = _opening.match(self._flat, self._at)
        assert match is not None
        assert match.lastgroup is not None
        if match.lastgroup == "broken":
            raise self._refused(match.start())
        self._at = match.end()
        return _Token(match.lastgroup, match.start(), match.end())

    def _content(self) -> Iterator[Content]:
        """What stands before the next expression; `\\{{` begins none."""
        while self._at < len(self._flat):
            start, opens = self._at, self._flat.find("{{", self._at)
            self._at = end = opens if opens >= 0 else len(self._flat)
            is_escape = opens >= 0 and self._flat[start:end].endswith("\\")
            escapes_itself = is_escape and self._flat[start:end].endswith("\\\\")
            yield from self._stripped(start, end - 1 if is_escape else end)
            if not is_escape or escapes_itself:
                return
            match = _content_after_escape.match(self._flat, self._at)
            if match is None:
                raise self._refused(self._at)
            self._at = match.end()
            yield from self._stripped(match.start(), match.end())

    def _stripped(self, start: int, end: int) -> Iterator[Content]:
        text = self._text[start:end]
        if self._strips_next:
            text = text[len(text.flat) - len(text.flat.lstrip(BLANKS)) :]
        if start < end:
            self._strips_next = False
        if text:
            yield Content(text)

    def _statement(self, token: _Token) -> Iterator[Part]:
        if token.kind == "comment":
            self._strips_next = self._flat[token.start : self._at].endswith("~}}")
            return
        if token.kind in {"raw", "partial"} or self._flat[token.start : token.end].endswith("*"):
            self._at = len(self._flat)
            yield NotComputed(self._text[token.start :])
            return
        if token.kind in {"block", "inverse"}:
            yield self._block(token)
            return
        call = self._call("endthree" if token.kind == "three" else "end")
        source = self._text[token.start : self._at]
        hole = next(iter(source.holes), None)
        yield NotComputed(source, hole) if hole else Mustache(call, source, token.kind == "open")

    def _block(self, token: _Token) -> Part:
        call = self._call("end")
        head = self._text[token.start : self._at]
        then, ended = self._parts("block")
        otherwise: Template = ()
        if ended is not None and ended.kind != "close":
            otherwise, ended = self._otherwise(ended)
        if ended is None or ended.kind != "close":
            raise self._refused(ended.start if ended else len(self._flat))
        self._closed(call)
        hole = next(iter(head.holes), None)
        if hole:
            return NotComputed(head, hole)
        return Block(call, head, then, otherwise, token.kind == "inverse")

    def _otherwise(self, token: _Token) -> "tuple[Template, _Token | None]":
        if token.kind == "else":
            self._strips_next = self._flat[token.start : self._at].endswith("~}}")
            return self._parts("else")
        call = self._call("end")
        head = self._text[token.start : self._at]
        then, ended = self._parts("block")
        otherwise: Template = ()
        if ended is not None and ended.kind != "close":
            otherwise, ended = self._otherwise(ended)
        return (Block(call, head, then, otherwise),), ended

    def _closed(self, opened: Call) -> None:
        start = self._at
        if self._call("end").name != opened.name:
            raise self._refused(start)

    def _call(self, end: str) -> Call:
        call = self._words(end)
        self._strips_next = self._flat.endswith("~}}", 0, self._at)
        return call

    def _words(self, end: str) -> Call:
        self._depth += 1
        if self._depth > DEEPEST:
            raise refusal(self._text, "its words are nested too deeply")
        token = self._next()
        path = self._word(token)
        if isinstance(path, Call):
            raise self._refused(token.start)
        given: list[Word] = []
        named: list[tuple[str, Word]] = []
        while (token := self._next()).kind != end:
            if (name := self._named(token)) is not None:
                named.append((name, self._word(self._next())))
            elif named:
                raise self._refused(token.start)
            else:
                given.append(self._word(token))
        self._depth -= 1
        return Call(path, tuple(given), tuple(named))

    def _named(self, token: _Token) -> str | None:
        if token.kind not in {"name", "bracket", "up", "dot"}:
            return None
        start = self._at
        if self._next_kind() == "equals":
            self._next()
            return _said(self._flat[token.start : token.end])
        self._at = start
        return None

    def _next(self) -> _Token:
        """The next word, blanks left out."""
        match = _word.match(self._flat, self._at)
        if match is not None and match.lastgroup == "blank":
            match = _word.match(self._flat, match.end())
        if match is None or match.lastgroup is None:
            raise self._refused(self._at)
        self._at = match.end()
        return _Token(match.lastgroup, match.start(), match.end())

    def _next_kind(self) -> str:
        start = self._at
        kind = self._next().kind if start < len(self._flat) else ""
        self._at = start
        return kind

    def _word(self, token: _Token) -> Word:
        said = self._flat[token.start : token.end]
        if token.kind == "sub":
            return self._words("endsub")
        if token.kind == "string":
            text = said[1:-1].replace("\\" + said[0], said[0])
            return Literal(text, text)
        if token.kind == "literal":
            return Literal(_CONSTANTS[said], said) if said in _CONSTANTS else Literal(float(said), _shortest(said))
        if token.kind == "data":
            return self._path(self._next())._replace(is_data=True)
        return self._path(token)

    def _path(self, token: _Token) -> Path:
        parts: list[str] = []
        depth, start = 0, token.start
        while True:
            if token.kind not in {"name", "bracket", "up", "dot"}:
                raise self._refused(token.start)
            said = self._flat[token.start : token.end]
            if said in {"..", ".", "this"}:
                if parts:
                    raise refusal(self._text, f"Invalid path: {self._flat[start : token.end]}")
                depth += said == ".."
            else:
                parts.append(_said(said))
            if self._next_kind() != "sep":
                break
            self._next()
            token = self._next()
        original = self._flat[start : token.end]
        return Path(tuple(parts), depth, is_scoped=_is_scoped(original))


def _is_scoped(original: str) -> bool:
    return original.startswith(".") or re.search(r"this\b", original, re.ASCII) is not None


def _said(name: str) -> str:
    return re.sub(r"\\([\\\]])", r"\1", name)[1:-1] if name.startswith("[") else name


def _shortest(figure: str) -> str:
    value = float(figure)
    return str(int(value)) if value.is_integer() else str(value)


def _strip_end(parts: list[Part]) -> None:
    if parts and isinstance(last := parts[-1], Content):
        text = last.text[: len(last.text.flat.rstrip(BLANKS))]
        parts[-1:] = [Content(text)] if text else []
