"""Words of a script become texts: variables, what commands print, numbers, and falling apart at spaces."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Final

from wharf.formats.hole import Hole, Reason, Unknown
from wharf.formats.shell.arithmetic import number
from wharf.formats.shell.parameter import Parameters
from wharf.formats.shell.syntax import Arithmetic, Channel, Literal, Parameter, Part, Script, Substitution, Word
from wharf.formats.shell.wildcard import Wildcard, literal, wildcard
from wharf.formats.shell.world import World
from wharf.formats.text import Text

LONGEST: Final = 64 * 1024
_MOST_BRACED: Final = 64
_MOST_FIELDS: Final = 4_000
_INDENT: Final = " \t\n"
_between: Final = re.compile(r"[ \t\n]+")
_listed: Final = re.compile(r"\{(?:([^{}\s]*,[^{}\s]*)|(-?\d{1,6})\.\.(-?\d{1,6})|([a-z])\.\.([a-z]))\}")
Substitute = Callable[[Script, Text, World], Text]


@dataclass
class _Row:
    """Words while they are put together."""

    done: list[Text] = field(default_factory=list)
    open: list[Text] = field(default_factory=list)
    is_open: bool = False

    def add(self, text: Text) -> None:
        self.open.append(text)
        self.is_open = True

    def end(self) -> None:
        if self.is_open:
            self.done.append(Text.joined(self.open))
        self.open, self.is_open = [], False


class Expander:
    """`substitute` follows commands and gives what they print."""

    def __init__(self, substitute: Substitute) -> None:
        self._substitute = substitute
        self._parameters = Parameters(self)

    def fields(self, words: Iterable[Word], world: World) -> list[Text]:
        """As many as the words fall apart into."""
        found: list[Text] = []
        for word in words:
            if (plain := _plain(word)) is not None:
                found.append(plain)
                continue
            for braced in _unbraced(word):
                found += self._fields_of(braced, world)
            if len(found) > _MOST_FIELDS:
                return [Text.unknown(Unknown.TOO_MUCH, "words")]
        return found

    def text(self, word: Word, world: World) -> Text:
        """One text, whatever is in it."""
        if len(word.parts) == 1:
            return bounded(self._joined(word.parts[0], world))
        return bounded(Text.joined(self._joined(part, world) for part in word.parts))

    def pattern(self, word: Word, world: World) -> Wildcard | None:
        """None, where it is not known."""
        pieces: list[Wildcard] = []
        for part in word.parts:
            text = self._joined(part, world)
            if text.value is None:
                return None
            pieces.append(literal(text.flat) if part.is_quoted else wildcard(text.flat))
        return tuple(piece for some in pieces for piece in some)

    def number(self, text: Text, world: World) -> int | None:
        return None if text.value is None else number(text.flat, self._reading(world), self._storing(world))

    def _fields_of(self, word: Word, world: World) -> list[Text]:
        row = _Row()
        separators = _separators(world)
        for part in self._with_defaults(word.parts, world):
            values = self._values(part, world)
            if part.is_quoted or isinstance(part, Literal):
                _add_as_they_are(row, values, is_quoted=part.is_quoted)
            else:
                for at, value in enumerate(values):
                    if at:
                        row.end()
                    _add_split(row, value, separators)
        row.end()
        return [bounded(text) for text in row.done]

    def _with_defaults(self, parts: Iterable[Part], world: World) -> list[Part]:
        """What is quoted in `${NAME:-"a b"}` does not fall apart."""
        found: list[Part] = []
        for part in parts:
            word = self._parameters.taken(part, world) if isinstance(part, Parameter) and not part.is_quoted else None
            if word is None:
                found.append(part)
            else:
                self._values(part, world)
                found += self._with_defaults(word.parts, world)
        return found

    def _joined(self, part: Part, world: World) -> Text:
        values = self._values(part, world)
        return values[0] if len(values) == 1 else Text.joined(values, " ")

    def _values(self, part: Part, world: World) -> Sequence[Text]:
        """More or less than one for `$@` and its like alone."""
        if isinstance(part, Literal):
            return (part.text,)
        if isinstance(part, Parameter):
            return self._parameters.values(part, world)
        if isinstance(part, Substitution):
            chosen = (world.chosen or {}).get(id(part))
            return (chosen if chosen is not None else self._substitute(part.body, part.text, world),)
        if isinstance(part, Arithmetic):
            return (self._sum(part, world),)
        return (self._channel(part, world),)

    def _sum(self, part: Arithmetic, world: World) -> Text:
        text = self.text(part.body, world)
        value = self.number(text, world)
        if value is None:
            return derived(text, part.text)
        return Text.known(str(value), part.text.span)

    def _channel(self, part: Channel, world: World) -> Text:
        self._substitute(part.body, part.text, world)
        return Text.unknown(Unknown.RUN, part.text.flat[:80], part.text.span)

    def _reading(self, world: World) -> Callable[[str], int | None]:
        def read(name: str, depth: int = 0) -> int | None:
            value = world.value(name, None).value
            if value is None or depth > 4:
                return None
            return number(value, lambda inner: read(inner, depth + 1))

        return read

    def _storing(self, world: World) -> Callable[[str, int | None], None]:
        def store(name: str, value: int | None) -> None:
            world.set(name, Text.unknown(Unknown.RUN, name) if value is None else Text.known(str(value)))

        return store


def _plain(word: Word) -> Text | None:
    """Most words are as they are written."""
    if len(word.parts) != 1 or not isinstance(word.parts[0], Literal):
        return None
    part = word.parts[0]
    return part.text if part.is_quoted or (part.text and "{" not in part.text.flat) else None


def _add_as_they_are(row: _Row, values: Sequence[Text], *, is_quoted: bool) -> None:
    for at, value in enumerate(values):
        if at:
            row.end()
        if value or is_quoted:
            row.add(value)


def _add_split(row: _Row, value: Text, separators: re.Pattern[str]) -> None:
    start = 0
    for gap in separators.finditer(value.flat):
        if gap.start() > start:
            row.add(value[start : gap.start()])
        row.end()
        start = gap.end()
    if start < len(value):
        row.add(value[start:] if start else value)


def _separators(world: World) -> re.Pattern[str]:
    chosen = world.variables.get("IFS")
    characters = chosen.value.value if chosen is not None and chosen.is_set else None
    if characters is None or characters == _INDENT:
        return _between
    return re.compile(f"[{re.escape(characters)}]+" if characters else r"(?!)")


def bounded(text: Text) -> Text:
    if len(text) <= LONGEST:
        return text
    return Text.unknown(Unknown.TOO_MUCH, "text", text[:1].span)


def derived(text: Text, written: Text) -> Text:
    """Something made of a text with holes: itself a hole, for the reason of the first one."""
    kind = text.holes[0].reason.kind if text.holes else Unknown.RUN
    return Text((Hole(Reason(kind, written.flat[:80]), written.span),))


def _unbraced(word: Word) -> list[Word]:
    """`a{b,c}` is two words."""
    ways: list[list[Part]] = []
    for part in word.parts:
        if isinstance(part, Literal) and not part.is_quoted and "{" in part.text.flat:
            ways.append([Literal(text, is_quoted=False) for text in _unbraced_texts(part.text)])
        else:
            ways.append([part])
    if all(len(way) == 1 for way in ways):
        return [word]
    return [Word(parts) for parts, _ in zip(product(*ways), range(_MOST_BRACED), strict=False)]


def _unbraced_texts(text: Text) -> list[Text]:
    whole = [text]
    for _ in range(4):
        parted = [part for one in whole for part in _unbraced_once(one)]
        if len(parted) == len(whole) or len(parted) > _MOST_BRACED:
            break
        whole = parted
    return whole[:_MOST_BRACED]


def _unbraced_once(text: Text) -> list[Text]:
    found = _listed.search(text.flat)
    if found is None:
        return [text]
    before, after = text[: found.start()], text[found.end() :]
    if found.group(1) is not None:
        return [before + item + after for item in text[found.start(1) : found.end(1)].split(",")]
    first, last = (
        (int(found[2]), int(found[3])) if found[2] is not None else (ord(found[4]), ord(found[5]))
    )  # fmt: skip
    if abs(last - first) >= _MOST_BRACED:
        return [text]
    step = 1 if first <= last else -1
    span = text[found.start() : found.end()].span
    names = [str(at) if found[2] is not None else chr(at) for at in range(first, last + step, step)]
    return [before + Text.known(name, span) + after for name in names]
