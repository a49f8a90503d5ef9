"""Functions that bake files may call, as far as names of images need them. None is said of what is not known."""

import re
from collections.abc import Callable, Mapping
from itertools import chain
from typing import Final

from wharf.formats.bake.values import Value, as_text, is_unknown, truth
from wharf.formats.text import Text

Function = Callable[[list[Value]], Value]
_MOST_TEXT: Final = 10_000
_verb = re.compile(r"%(?:(%)|(0?)([0-9]{0,3})([sdv]))")
_not_for_targets = re.compile(r"[^a-zA-Z0-9_-]+")


def _of_texts(change: Callable[..., str | None]) -> Function:
    """All that is given is text, and known."""

    def call(given: list[Value]) -> Value:
        texts = [as_text(each) for each in given]
        for text in texts:
            if text.holes:
                return Text((text.holes[0],))
        try:
            said = change(*(text.flat for text in texts))
        except (TypeError, ValueError):
            return None
        return None if said is None else Text.known(said[:_MOST_TEXT], texts[0].span if texts else None)

    return call


def _each_piece(change: Callable[[str], str]) -> Function:
    return lambda given: as_text(given[0]).mapped(change) if len(given) == 1 else None


def _substring(text: str, offset: str, length: str) -> str:
    start = int(offset) if int(offset) >= 0 else max(len(text) + int(offset), 0)
    return text[start:] if int(length) < 0 else text[start : start + int(length)]


def _split(given: list[Value]) -> Value:
    if len(given) != 2 or not (separator := as_text(given[0]).value):
        return None
    return tuple(as_text(given[1]).split(separator))


def _join(given: list[Value]) -> Value:
    if len(given) < 2 or is_unknown(given[0]) or not all(isinstance(each, tuple) for each in given[1:]):
        return None
    lists = (each for each in given[1:] if isinstance(each, tuple))
    return Text.joined((as_text(each) for each in chain.from_iterable(lists)), as_text(given[0]).flat)


def _replace(given: list[Value]) -> Value:
    if len(given) != 3:
        return None
    old, new = as_text(given[1]).value, as_text(given[2])
    if not old or old.startswith("/"):
        return None
    return Text.joined(_between(as_text(given[0]).split(old), new))


def _between(parts: list[Text], what: Text) -> list[Text]:
    return [each for at, part in enumerate(parts) for each in ([what, part] if at else [part])]


def _format(given: list[Value]) -> Value:
    form = as_text(given[0]) if given else Text()
    rest = list(given[1:])
    parts, start = [], 0
    for match in _verb.finditer(form.flat):
        parts.append(form[start : match.start()])
        start = match.end()
        if match[1]:
            parts.append(Text.known("%"))
        elif not rest:
            return None
        else:
            said = as_text(rest.pop(0))
            parts.append(_padded(said, match[2], int(match[3] or 0)))
    if rest or "%" in form[start:].flat:
        return None
    return Text.joined([*parts, form[start:]])


def _padded(text: Text, zero: str, width: int) -> Text:
    return Text.known((zero or " ") * max(width - len(text), 0)) + text


def _coalesce(given: list[Value]) -> Value:
    """The first one that is not null; of texts, that is not empty."""
    for each in given:
        if is_unknown(each) or (each is not None and not (isinstance(each, Text) and not each)):
            return each
    return None


def _concat(given: list[Value]) -> Value:
    lists = [each for each in given if isinstance(each, tuple)]
    return tuple(chain.from_iterable(lists)) if len(lists) == len(given) else None


def _flatten(given: list[Value]) -> Value:
    found: list[Value] = []
    for each in given[0] if given and isinstance(given[0], tuple) else ():
        found += each if isinstance(each, tuple) else [each]
    return tuple(found)


def _compact(given: list[Value]) -> Value:
    return tuple(each for each in given[0] if as_text(each)) if given and isinstance(given[0], tuple) else None


def _distinct(given: list[Value]) -> Value:
    if not given or not isinstance(given[0], tuple):
        return None
    found: list[Value] = []
    for each in given[0]:
        found += [] if each in found else [each]
    return tuple(found)


def _length(given: list[Value]) -> Value:
    if len(given) == 1 and isinstance(given[0], tuple | Mapping):
        return float(len(given[0]))
    return None


def _contains(given: list[Value]) -> Value:
    if len(given) != 2 or not isinstance(given[0], tuple) or any(map(is_unknown, (*given[0], given[1]))):
        return None
    return given[1] in given[0]


def _equal(given: list[Value]) -> Value:
    return None if len(given) != 2 or any(map(is_unknown, given)) else given[0] == given[1]


def _not(given: list[Value]) -> Value:
    holds = truth(given[0]) if len(given) == 1 else None
    return None if holds is None else not holds


def _not_equal(given: list[Value]) -> Value:
    return _not([_equal(given)])


def _all(given: list[Value]) -> Value:
    truths = [truth(each) for each in given]
    return False if False in truths else None if None in truths else True


def _any(given: list[Value]) -> Value:
    truths = [truth(each) for each in given]
    return True if True in truths else None if None in truths else False


FUNCTIONS: Final[Mapping[str, Function]] = {
    "lower": _each_piece(str.lower),
    "upper": _each_piece(str.upper),
    "title": _of_texts(lambda text: text.title()),
    "trim": _of_texts(lambda text, characters: text.strip(characters)),
    "trimspace": _of_texts(lambda text: text.strip()),
    "trimprefix": _of_texts(lambda text, start: text.removeprefix(start)),
    "trimsuffix": _of_texts(lambda text, end: text.removesuffix(end)),
    "strlen": _of_texts(lambda text: str(len(text))),
    "substr": _of_texts(_substring),
    "sanitize": _of_texts(lambda text: _not_for_targets.sub("_", text)),
    "split": _split,
    "join": _join,
    "replace": _replace,
    "format": _format,
    "coalesce": _coalesce,
    "concat": _concat,
    "flatten": _flatten,
    "compact": _compact,
    "distinct": _distinct,
    "length": _length,
    "contains": _contains,
    "equal": _equal,
    "notequal": _not_equal,
    "not": _not,
    "and": _all,
    "or": _any,
}
