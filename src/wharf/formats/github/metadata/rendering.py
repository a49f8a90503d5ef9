"""Templates filled in: what a template says with the words that it may use, and escaped as for a web page.

A word is a value or a function. A function is called where it is used as a name; where it is only given to another one
it stays a function, as in Handlebars.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from wharf.errors import MalformedFile
from wharf.formats.github.metadata.failing import refusal
from wharf.formats.github.metadata.javascript import written
from wharf.formats.github.metadata.template import (
    Block,
    Call,
    Content,
    Literal,
    Mustache,
    NotComputed,
    Part,
    Path,
    Template,
    Word,
)
from wharf.formats.hole import Unknown
from wharf.formats.text import Known, Text


@dataclass(frozen=True)
class Given:
    """What a function of a template is called with, and where."""

    words: "tuple[Value, ...]"
    named: "Mapping[str, Value]"
    source: Text


@dataclass(frozen=True)
class Function:
    call: Callable[[Given], Text]
    parameters: int = 0


Plain = str | float | bool | tuple[str | int, ...] | Mapping[str, object] | None
Value = Plain | Text | Function
Scope = Mapping[str, Value]

_ESCAPES: Final = str.maketrans(
    {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#x27;", "`": "&#x60;", "=": "&#x3D;"}
)
_OWN_WORDS: Final = {"helperMissing", "blockHelperMissing", "each", "if", "unless", "with", "log", "lookup"}
"""Words that Handlebars has by itself."""
_SILENT: Final = {"helperMissing", "log"}


def rendered(template: Template, scope: Scope) -> Text:
    return Text.joined(_part(part, scope) for part in template)


def _part(part: Part, scope: Scope) -> Text:
    match part:
        case Content(text):
            return text
        case Mustache(call, source, is_escaped):
            said = _said(_called(call, scope, source), source)
            return said.mapped(lambda text: text.translate(_ESCAPES)) if is_escaped else said
        case Block():
            return _block(part, scope)
        case NotComputed(source, hole):
            return Text((hole,)) if hole else _not_computed(source)


def _called(call: Call, scope: Scope, source: Text) -> Value:
    path = call.name
    if path.is_simple and not path.is_data and path.parts[0] in _OWN_WORDS:
        return _own_word(path.parts[0], call, source)
    found = _found(path, scope)
    if isinstance(found, Function):
        return found.call(_given(call, scope, source))
    if not (call.given or call.named):
        return found
    if found:
        raise refusal(source, f"{'.'.join(path.parts)} is not a function")
    raise refusal(source, f'Missing helper: "{".".join(path.parts)}"')


def _own_word(name: str, call: Call, source: Text) -> Value:
    if name in _SILENT or (name == "lookup" and len(call.given) == 2):
        return None if name in _SILENT else _not_computed(source)
    raise refusal(source, f"#{name} is used without a block")


def _given(call: Call, scope: Scope, source: Text) -> Given:
    words = tuple(_word(word, scope, source) for word in call.given)
    return Given(words, {name: _word(word, scope, source) for name, word in call.named}, source)


def _word(word: Word, scope: Scope, source: Text) -> Value:
    match word:
        case Literal(value):
            return value
        case Path():
            return _found(word, scope)
        case Call():
            return _called(word, scope, source)


def _found(path: Path, scope: Scope) -> Value:
    """Names that are not there are nothing; nothing of nothing is nothing."""
    parts = path.parts
    if path.depth:
        return None
    if path.is_data:
        if parts[:1] != ("root",):
            return None
        parts = parts[1:]
    found: Value = scope
    for part in parts:
        found = _member(found, part)
    return found


def _member(value: Value, name: str) -> Value:
    if isinstance(value, Mapping):
        member = value.get(name)
        assert member is None or isinstance(member, str | float | int | bool | Text | Function | tuple | Mapping)
        return member
    if isinstance(value, Function):
        return value.parameters if name == "length" else None
    if isinstance(value, str | tuple):
        if name == "length":
            return len(value)
        return value[int(name)] if name.isdecimal() and str(int(name)) == name and int(name) < len(value) else None
    return None


def _said(value: Value, source: Text) -> Text:
    if isinstance(value, Text):
        return value
    if isinstance(value, Function):
        return _not_computed(source)
    said = _as_text(value)
    return Text((Known(said, source.span),)) if said else Text()


def _as_text(value: Plain) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        return ",".join(map(str, value))
    if isinstance(value, Mapping):
        return "[object Object]"
    return value if isinstance(value, str) else _figure(value)


def _figure(value: float) -> str:
    return written(value) if float(value).is_integer() else repr(value)


def _block(block: Block, scope: Scope) -> Text:
    name = block.call.name
    if not name.is_simple or name.parts[0] not in {"if", "unless"} or len(block.call.given) != 1 or block.is_inverse:
        return _not_computed(block.source)
    value = _word(block.call.given[0], scope, block.source)
    if isinstance(value, Function):
        value = value.call(Given((), {}, block.source))
    if isinstance(value, Text):
        if value.holes:
            return Text((value.holes[0],))
        value = value.flat
    holds = bool(value) != (name.parts[0] == "unless")
    return rendered(block.then if holds else block.otherwise, scope)


def _not_computed(source: Text) -> Text:
    return Text.unknown(Unknown.SYNTAX, source.flat, source.span)


def text_given(given: Given, what: str) -> tuple[str | None, str]:
    """For a function with one text and the name `tz`: the text, if there is one, and the zone."""
    if not given.words:
        raise refusal(given.source, f"Cannot read properties of undefined (reading 'hash') in {what}")
    for name in given.named:
        if name != "tz":
            raise refusal(given.source, f"Unknown {name} attribute")
    zone = given.named.get("tz", "UTC")
    first = given.words[0]
    if not isinstance(zone, str) or not isinstance(first, str | None) or len(given.words) > 1:
        raise _not_texts(given)
    return first, zone


def _not_texts(given: Given) -> MalformedFile:
    return refusal(given.source, "what is given to it is not a text")
