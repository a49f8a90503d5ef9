"""What the variables of one job say: those of the file over those that GitLab sets, each put into the others.

A variable that neither of them has may be kept in the settings of the project, and then its value is not known.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Final

from wharf.formats.gitlab.pipeline import Variable, Variables
from wharf.formats.hole import Unknown
from wharf.formats.span import Span
from wharf.formats.text import Text

_LONGEST: Final = 20_000
_MOST_PIECES: Final = 100
_DEEPEST: Final = 30
_use = re.compile(r"\$\$|\$(\w+)|\$\{(\w+)\}|%(\w+)%|\$\{([^}\s]{0,200})\}")


class Values:
    def __init__(self, variables: Variables, others: Mapping[str, Text | None]) -> None:
        self._variables = variables
        self._others = others
        self._ready: dict[str, Text] = {}
        self._within: list[str] = []

    def looked(self, name: str) -> Text | None:
        """None, if there certainly is no such variable."""
        if name in self._variables:
            return self._own(name)
        if name in self._others:
            return self._others[name]
        return Text.unknown(Unknown.VARIABLE, name)

    def expanded(self, text: Text) -> Text:
        if "$" not in text.flat and "%" not in text.flat:
            return text
        texts: list[Text] = []
        end = length = pieces = 0
        for found in _use.finditer(text.flat):
            value = self._value(found, text[found.start() : found.end()])
            length += len(value)
            pieces += len(value.pieces)
            if length > _LONGEST or pieces > _MOST_PIECES:
                return Text.unknown(Unknown.TOO_MUCH, text.flat[:40], text.span)
            texts += [text[end : found.start()], value]
            end = found.end()
        return Text.joined([*texts, text[end:]])

    def all(self) -> dict[str, Text]:
        """As the environment of the script. What is not there is empty."""
        names = [*self._others, *self._variables]
        return {name: self.looked(name) or Text() for name in names}

    def written(self) -> Iterable[Variable]:
        """Those of the file."""
        return self._variables.values()

    def with_(self, more: Variables) -> "Values":
        return Values({**self._variables, **more}, self._others) if more else self

    def _own(self, name: str) -> Text:
        if name not in self._ready:
            if name in self._within or len(self._within) > _DEEPEST:
                return Text.unknown(Unknown.VARIABLE, name, self._variables[name].value.span)
            self._within.append(name)
            variable = self._variables[name]
            self._ready[name] = variable.value if variable.is_raw else self.expanded(variable.value)
            self._within.pop()
        return self._ready[name]

    def _value(self, found: re.Match[str], place: Text) -> Text:
        if found[0] == "$$":
            return place[:1]
        if found[4] is not None:
            return Text.unknown(Unknown.SYNTAX, found[0], place.span)
        name = found[1] or found[2] or found[3]
        value = self.looked(name)
        if found[3] and value is not None and value.holes:
            return place  # `100%` and its like; only Windows writes variables so
        return _placed(value, place.span) if value is not None else Text()


def _placed(value: Text, span: Span | None) -> Text:
    """What GitLab sets stands nowhere; it has the place where it is asked for."""
    return Text(tuple(piece if piece.span else piece._replace(span=span) for piece in value.pieces))
