"""The functions that templates of charts put images together with. Others are not known, nor is what they give."""

import re
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Final

from wharf.formats.kubernetes.template_value import Open, Value, is_true, text_of
from wharf.formats.text import HOLE, Text

Arguments = list[Value]
_MOST_REPLACED: Final = 100_000
_is_index = re.compile(r"[0-9]{1,6}").fullmatch
_verb = re.compile(r"%[-+ #0-9.]*[a-zA-Z%]")


def _unknown_unless(count: int, name: str) -> Callable[[Callable[[Arguments], Value]], Callable[[Arguments], Value]]:
    """With fewer arguments than it needs, nobody knows what comes of it."""

    def wrap(function: Callable[[Arguments], Value]) -> Callable[[Arguments], Value]:
        return lambda arguments: function(arguments) if len(arguments) >= count else Open(name)

    return wrap


@_unknown_unless(2, "default")
def _default(arguments: Arguments) -> Value:
    preset, given = arguments[0], arguments[1]
    return preset if is_true(given) is False else given


def _first_true(arguments: Arguments) -> Value:
    return next((each for each in arguments if is_true(each) is not False), None)


def _and(arguments: Arguments) -> Value:
    return next((each for each in arguments if is_true(each) is not True), arguments[-1] if arguments else None)


def _or(arguments: Arguments) -> Value:
    return next((each for each in arguments if is_true(each) is not False), arguments[-1] if arguments else None)


@_unknown_unless(1, "not")
def _not(arguments: Arguments) -> Value:
    truth = is_true(arguments[0])
    return Open("not") if truth is None else not truth


@_unknown_unless(2, "eq")
def _eq(arguments: Arguments) -> Value:
    """The first one is one of the others."""
    texts = [text_of(each) for each in arguments]
    return Open("eq") if any(text.holes for text in texts) else texts[0] in texts[1:]


def _ne(arguments: Arguments) -> Value:
    same = _eq(arguments)
    return not same if isinstance(same, bool) else same


@_unknown_unless(3, "ternary")
def _ternary(arguments: Arguments) -> Value:
    truth = is_true(arguments[2])
    return Open("ternary") if truth is None else arguments[0 if truth else 1]


@_unknown_unless(1, "printf")
def _printf(arguments: Arguments) -> Value:
    template, rest = text_of(arguments[0]), iter(arguments[1:])
    parts: list[Text] = []
    cursor = 0
    for found in _verb.finditer(template.flat):
        parts.append(template[cursor : found.start()])
        parts.append(Text.known("%") if found[0] == "%%" else text_of(next(rest, None)))
        cursor = found.end()
    return Text.joined([*parts, template[cursor:]])


def _print(arguments: Arguments) -> Value:
    return Text.joined(text_of(each) for each in arguments)


@_unknown_unless(1, "quote")
def _quote(arguments: Arguments) -> Value:
    return Text.known('"') + text_of(arguments[0]) + Text.known('"')


@_unknown_unless(2, "required")
def _required(arguments: Arguments) -> Value:
    return Open("required") if is_true(arguments[1]) is False else arguments[1]


@_unknown_unless(2, "trunc")
def _trunc(arguments: Arguments) -> Value:
    length, text = text_of(arguments[0]).flat, text_of(arguments[1])
    if not re.fullmatch(r"-?[0-9]{1,4}", length) or text.holes:
        return Open("trunc")
    return text[int(length) :] if length.startswith("-") else text[: int(length)]


@_unknown_unless(2, "trimSuffix")
def _trim_suffix(arguments: Arguments) -> Value:
    ending, text = text_of(arguments[0]).flat, text_of(arguments[1])
    return text[: len(text) - len(ending)] if ending and text.flat.endswith(ending) else text


@_unknown_unless(2, "trimPrefix")
def _trim_prefix(arguments: Arguments) -> Value:
    beginning, text = text_of(arguments[0]).flat, text_of(arguments[1])
    return text[len(beginning) :] if beginning and text.flat.startswith(beginning) else text


@_unknown_unless(3, "replace")
def _replace(arguments: Arguments) -> Value:
    old, new, text = (text_of(each) for each in arguments[:3])
    if old and text.flat.count(old.flat) * len(new) > _MOST_REPLACED:
        return Open("replace")
    return text.mapped(lambda part: part.replace(old.flat, new.flat) if old else part)


@_unknown_unless(2, "hasPrefix")
def _has_prefix(arguments: Arguments) -> Value:
    beginning, text = text_of(arguments[0]), text_of(arguments[1])
    return Open("hasPrefix") if HOLE in text.flat + beginning.flat else text.flat.startswith(beginning.flat)


@_unknown_unless(2, "contains")
def _contains(arguments: Arguments) -> Value:
    part, text = text_of(arguments[0]), text_of(arguments[1])
    return Open("contains") if HOLE in text.flat + part.flat else part.flat in text.flat


def _dict(arguments: Arguments) -> Value:
    return {text_of(key).flat: value for key, value in zip(arguments[::2], arguments[1::2], strict=False)}


@_unknown_unless(2, "get")
def _get(arguments: Arguments) -> Value:
    """`get`, and `index` with all of its keys."""
    value = arguments[0]
    for key in arguments[1:]:
        name = text_of(key).flat
        if isinstance(value, Mapping):
            value = value.get(name)
        elif isinstance(value, Sequence) and _is_index(name) and int(name) < len(value):
            value = value[int(name)]
        else:
            return Open("index")
    return value


@_unknown_unless(2, "hasKey")
def _has_key(arguments: Arguments) -> Value:
    return text_of(arguments[1]).flat in arguments[0] if isinstance(arguments[0], Mapping) else Open("hasKey")


def _changed(change: Callable[[str], str]) -> Callable[[Arguments], Value]:
    return lambda arguments: text_of(arguments[-1]).mapped(change) if arguments else Open("text")


def _as_it_is(arguments: Arguments) -> Value:
    return text_of(arguments[-1]) if arguments else Open("text")


def _trimmed(arguments: Arguments) -> Value:
    return text_of(arguments[-1]).stripped() if arguments else Open("trim")


FUNCTIONS: Final[Mapping[str, Callable[[Arguments], Value]]] = MappingProxyType(
    {
        "default": _default,
        "coalesce": _first_true,
        "and": _and,
        "or": _or,
        "not": _not,
        "empty": _not,
        "eq": _eq,
        "ne": _ne,
        "ternary": _ternary,
        "printf": _printf,
        "print": _print,
        "quote": _quote,
        "squote": _quote,
        "required": _required,
        "trunc": _trunc,
        "trimSuffix": _trim_suffix,
        "trimPrefix": _trim_prefix,
        "replace": _replace,
        "hasPrefix": _has_prefix,
        "contains": _contains,
        "dict": _dict,
        "list": list,
        "get": _get,
        "index": _get,
        "hasKey": _has_key,
        "lower": _changed(str.lower),
        "upper": _changed(str.upper),
        "nospace": _changed(lambda part: "".join(part.split())),
        "toString": _as_it_is,
        "indent": _as_it_is,
        "nindent": _as_it_is,
        "trim": _trimmed,
    }
)
