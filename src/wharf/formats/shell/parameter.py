"""What `$NAME`, `${NAME:-word}`, `${NAME##pattern}` and all their sisters are."""

from collections.abc import Callable, Sequence
from typing import Final, Protocol

from wharf.formats.hole import Hole, Reason, Unknown
from wharf.formats.shell.ran import Defaulted, Given, Lost
from wharf.formats.shell.syntax import Parameter, Word
from wharf.formats.shell.wildcard import LONGEST, Wildcard, backwards, ends
from wharf.formats.shell.world import UNSET, Leaving, Variable, World
from wharf.formats.span import Span
from wharf.formats.text import HOLE, Known, Text

_ALL: Final = ("@", "*")
_DEFAULTING: Final = frozenset({":-", "-", ":=", "=", ":+", "+", ":?", "?"})
_LONGEST_SEARCHED: Final = 512
_NOWHERE: Final = Span.at("")
_CASES: Final[dict[str, Callable[[str], str]]] = {
    "^^": str.upper, ",,": str.lower, "^": lambda text: text[:1].upper() + text[1:],
    ",": lambda text: text[:1].lower() + text[1:],
}  # fmt: skip


class Words(Protocol):
    """Expands the words that stand in a parameter."""

    def text(self, word: Word, world: World) -> Text: ...

    def pattern(self, word: Word, world: World) -> Wildcard | None: ...

    def number(self, text: Text, world: World) -> int | None: ...


class Parameters:
    def __init__(self, expander: Words) -> None:
        self._expander = expander

    def values(self, parameter: Parameter, world: World) -> Sequence[Text]:
        name = parameter.name
        if parameter.is_indirect:
            return self._indirect(parameter, world)
        index = parameter.index.literal if parameter.index else None
        if name in _ALL or index in _ALL:
            return self._list(parameter, world, is_joined=parameter.is_quoted and "*" in (name, index))
        if parameter.is_length:
            return (_counted(self._value(parameter, name, world), parameter.text),)
        return (self._changed(parameter, name, world),)

    def taken(self, parameter: Parameter, world: World) -> Word | None:
        """The words that stand for the parameter, where quotes in them matter."""
        word, operator, name = parameter.operand, parameter.operator, parameter.name
        if word is None or operator not in (":-", "-", ":+", "+") or name in _ALL or not _has_quotes(word):
            return None
        given = given_of(name, self._value(parameter, name, world), world)
        is_missing = given is Given.UNSET or (given is Given.EMPTY and operator[0] == ":")
        return word if given is not Given.UNKNOWN and is_missing is not (operator[-1] == "+") else None

    def _indirect(self, parameter: Parameter, world: World) -> Sequence[Text]:
        variable = world.variables.get(parameter.name)
        if parameter.index is not None and parameter.index.literal in _ALL:
            elements = variable.elements if variable is not None else None
            return [Text.known(key, parameter.text.span) for key, _ in elements or ()]
        if parameter.operator in ("@", "") and parameter.text.flat.endswith(("*}", "@}")):
            return [Text.known(name) for name in world.variables if name.startswith(parameter.name)]
        named = self._value(parameter, parameter.name, world).value
        if named is None or not named.isidentifier():
            return (Text.unknown(Unknown.ENVIRONMENT, parameter.text.flat[:80], parameter.text.span),)
        return (self._changed(parameter, named, world),)

    def _list(self, parameter: Parameter, world: World, *, is_joined: bool) -> Sequence[Text]:
        values = _elements(parameter, world)
        if values is None:
            return (Text.unknown(Unknown.INPUT, parameter.text.flat[:80], parameter.text.span),)
        if parameter.is_length:
            return (Text.known(str(len(values)), parameter.text.span),)
        if parameter.operator == ":":
            values = self._part_of_list(parameter, values, world)
        elif parameter.operator in _DEFAULTING:
            given = Given.SET if values else Given.UNSET
            values = (self._defaulted(parameter, parameter.name, Text.joined(values, " "), given, world),)
        elif parameter.operator:
            values = [self._edited(parameter, value, world) for value in values]
        return (Text.joined(values, " "),) if is_joined else values

    def _part_of_list(self, parameter: Parameter, values: Sequence[Text], world: World) -> Sequence[Text]:
        start, length = self._numbers(parameter, world)
        if start is None:
            return (Text.unknown(Unknown.RUN, parameter.text.flat[:80], parameter.text.span),)
        begin = max(start - 1, 0) if parameter.name in _ALL and start > 0 else start
        return values[begin:][: length if length is not None else len(values)]

    def _value(self, parameter: Parameter, name: str, world: World) -> Text:
        variable = world.variables.get(name)
        if parameter.index is None or variable is None or variable.elements is None:
            return value_of(name, world, parameter.text.span)
        return self._element(parameter.index, variable, world, parameter.text)

    def _element(self, index: Word, variable: Variable, world: World, written: Text) -> Text:
        key = self._expander.text(index, world)
        elements = dict(variable.elements or ())
        at = self._expander.number(key, world)
        if key.flat in elements:
            return elements[key.flat]
        if at is not None and at < 0:
            at += len(elements)
        if key.value is None:
            return Text.unknown(Unknown.RUN, written.flat[:80], written.span)
        return elements.get(str(at), Text())

    def _changed(self, parameter: Parameter, name: str, world: World) -> Text:
        value = self._value(parameter, name, world)
        _note_lost(parameter, name, world)
        if parameter.operator in _DEFAULTING:
            return self._defaulted(parameter, name, value, given_of(name, value, world), world)
        if "u" in world.options and not parameter.operator and given_of(name, value, world) is Given.UNSET:
            world.leaving = Leaving.FAILED
        return self._edited(parameter, value, world) if parameter.operator else value

    def _defaulted(self, parameter: Parameter, name: str, value: Text, given: Given, world: World) -> Text:
        operator = parameter.operator
        is_missing = given is Given.UNSET or (given is Given.EMPTY and operator[0] == ":")
        is_default_taken = is_missing is not (operator[-1] == "+")
        default = Text()
        if parameter.operand is not None:
            default = self._expander.text(parameter.operand, world if is_default_taken else world.fork())
        world.note(Defaulted(name, default, operator, given, parameter.text.span or _NOWHERE, world.host))
        if given is Given.UNKNOWN and operator[-1] != "+":
            return value
        if given is Given.UNKNOWN:
            return Text.unknown(Unknown.EITHER, parameter.text.flat[:80], parameter.text.span) if default else Text()
        return self._answer(operator[-1], name, value, default, world, is_missing=is_missing)

    def _answer(self, operator: str, name: str, value: Text, default: Text, world: World, *, is_missing: bool) -> Text:
        if operator == "+":
            return Text() if is_missing else default
        if not is_missing:
            return value
        if operator == "?":
            world.leaving = Leaving.FAILED
            return Text()
        if operator == "=" and name.isidentifier():
            world.set(name, default)
        return default

    def _edited(self, parameter: Parameter, value: Text, world: World) -> Text:
        operator, written = parameter.operator, parameter.text
        if operator == ":":
            return _part(value, *self._numbers(parameter, world), written)
        if operator in _CASES:
            return _each_piece(value, _CASES[operator], written)
        if operator == "@":
            change = {"L": str.lower, "U": str.upper}.get(parameter.operand.literal or "" if parameter.operand else "")
            return _each_piece(value, change, written) if change else value
        pattern = self._expander.pattern(parameter.operand or Word(), world)
        if pattern is None or len(value) > LONGEST:
            return _unknown_from(value, written)
        if operator[0] == "/":
            instead = self._expander.text(parameter.second, world) if parameter.second else Text()
            return _replaced(value, pattern, instead, operator, written)
        return _trimmed(value, pattern, operator, written)

    def _numbers(self, parameter: Parameter, world: World) -> tuple[int | None, int | None]:
        start = self._expander.number(self._expander.text(parameter.operand or Word(), world), world)
        if parameter.second is None:
            return start, None
        length = self._expander.number(self._expander.text(parameter.second, world), world)
        return (None, None) if length is None else (start, length)


def _has_quotes(word: Word) -> bool:
    return any(
        part.is_quoted or (isinstance(part, Parameter) and part.operand is not None and _has_quotes(part.operand))
        for part in word.parts
    )


def _note_lost(parameter: Parameter, name: str, world: World) -> None:
    found = (world.dropped or {}).get(name)
    if found is not None and parameter.operator not in ("+", ":+") and world.given(name) is Given.UNSET:
        world.note(Lost(name, parameter.text.span or _NOWHERE, *found, world.host))


def value_of(name: str, world: World, span: Span | None) -> Text:
    if name == "#":
        counted = None if world.arguments is None else str(len(world.arguments))
        return Text.unknown(Unknown.INPUT, "$#", span) if counted is None else Text.known(counted, span)
    if name == "?":
        return Text.unknown(Unknown.RUN, "$?", span) if world.status is None else Text.known(str(int(not world.status)))
    if name in ("$", "!", "-"):
        return Text.unknown(Unknown.RUN, f"${name}", span)
    if name.isdigit():
        return _argument(int(name[:9]), world, span)
    if name == "BASH_SOURCE" and name not in world.variables:
        return world.name
    if name == "PWD" and name not in world.variables:
        return here(world, span)
    return world.value(name, span)


def _argument(at: int, world: World, span: Span | None) -> Text:
    if at == 0:
        return world.name
    if world.arguments is None:
        return Text.unknown(Unknown.INPUT, f"${at}", span)
    return world.arguments[at - 1] if at <= len(world.arguments) else Text()


WORKSPACE: Final = "GITHUB_WORKSPACE"


def here(world: World, span: Span | None) -> Text:
    """The folder that the script is in. Where the repository lies is not known."""
    root = Text.unknown(Unknown.RUN, "PWD" if world.is_elsewhere else WORKSPACE, span)
    return root + Text.known("/" + world.folder, span) if world.folder else root


def given_of(name: str, value: Text, world: World) -> Given:
    if name.isidentifier() and name not in ("BASH_SOURCE", "PWD"):
        return world.given(name)
    if name.isdigit() and world.arguments is not None and int(name[:9]) > len(world.arguments):
        return Given.UNSET
    if not value:
        return Given.EMPTY
    return Given.UNKNOWN if len(value.holes) == len(value) else Given.SET


def _elements(parameter: Parameter, world: World) -> Sequence[Text] | None:
    if parameter.name in _ALL:
        return world.arguments
    variable = world.variables.get(parameter.name)
    if variable is None:
        return () if world.given(parameter.name) is Given.UNSET else None
    return variable.values if variable is not UNSET and variable.is_set else ()


def _counted(value: Text, written: Text) -> Text:
    return _unknown_from(value, written) if value.value is None else Text.known(str(len(value)), written.span)


def _unknown_from(value: Text, written: Text) -> Text:
    kind = value.holes[0].reason.kind if value.holes else Unknown.RUN
    return Text.unknown(kind, written.flat[:80], written.span)


def _each_piece(value: Text, change: Callable[[str], str], written: Text) -> Text:
    """Holes are changed as well, which their reasons say."""
    pieces = (
        Known(change(piece.text), piece.span)
        if isinstance(piece, Known)
        else Hole(Reason(piece.reason.kind, written.flat[:80]), piece.span)
        for piece in value.pieces
    )
    return Text(tuple(pieces))


def _part(value: Text, start: int | None, length: int | None, written: Text) -> Text:
    if start is None:
        return _unknown_from(value, written)
    known = len(value.flat) if value.value is not None else value.flat.index(HOLE)
    if value.value is None and (start < 0 or length is None or length < 0 or start + length > known):
        return _unknown_from(value, written)
    begin = start + len(value) if start < 0 else start
    if begin < 0:
        return Text()
    if length is None:
        return value[begin:]
    return value[begin : begin + length] if length >= 0 else value[begin : len(value) + length]


def _trimmed(value: Text, pattern: Wildcard, operator: str, written: Text) -> Text:
    is_front = operator[0] == "#"
    flat = value.flat if is_front else value.flat[::-1]
    found = list(ends(pattern if is_front else backwards(pattern), flat))
    if value.value is None:
        length = len(pattern)
        hole = flat.index(HOLE)
        if any(piece.is_many for piece in pattern) or (hole < length and not _differs(pattern, flat[:hole], is_front)):
            return _unknown_from(value, written)
    if not found:
        return value
    cut = found[-1] if len(operator) == 2 else found[0]
    return value[cut:] if is_front else value[: len(value) - cut]


def _differs(pattern: Wildcard, beginning: str, is_front: bool) -> bool:  # noqa: FBT001 - which end it is
    pieces = pattern if is_front else backwards(pattern)
    return any(not piece.accepts(letter) for piece, letter in zip(pieces, beginning, strict=False))


def _replaced(value: Text, pattern: Wildcard, instead: Text, operator: str, written: Text) -> Text:
    if value.value is None and (len(operator) == 1 or any(piece.is_many for piece in pattern)):
        return _unknown_from(value, written)
    if any(piece.is_many for piece in pattern) and len(value) > _LONGEST_SEARCHED:
        return _unknown_from(value, written)
    if operator in ("/#", "/%"):
        return _replaced_at_end(value, pattern, instead, is_front=operator == "/#")
    if not pattern:
        return value
    pieces, start, at, flat = [], 0, 0, value.flat
    while at < len(flat):
        end = _longest(pattern, flat, at)
        if end is None or end == at:
            at += 1
            continue
        pieces += [value[start:at], instead]
        start = at = end
        if operator == "/":
            break
    changed = Text.joined([*pieces, value[start:]])
    return _each_piece(changed, str, written) if changed.holes else changed


def _longest(pattern: Wildcard, flat: str, at: int) -> int | None:
    if not pattern[0].accepts(flat[at]):
        return None
    found = None
    for end in ends(pattern, flat[at:]):
        found = at + end
    return found


def _replaced_at_end(value: Text, pattern: Wildcard, instead: Text, *, is_front: bool) -> Text:
    flat = value.flat if is_front else value.flat[::-1]
    found = list(ends(pattern if is_front else backwards(pattern), flat))
    if not found:
        return value
    return instead + value[found[-1] :] if is_front else value[: len(value) - found[-1]] + instead
