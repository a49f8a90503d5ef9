"""From the text of a TOML file to its settings, each under its full name and with its place."""

import re
import tomllib
from dataclasses import dataclass
from typing import Final

from wharf.errors import MalformedFile
from wharf.formats.span import Span
from wharf.formats.text import Text
from wharf.formats.toml.statements import NoStatement, Statement, statements

Path = tuple[str | int, ...]
"""Names, and for `[[runners]]` which of them it is: `("runners", 0, "docker", "privileged")`."""
_MOST_STATEMENTS: Final = 5_000
_LONGEST: Final = 200_000
_TOO_LARGE: Final = "a number in it has too many digits"
_place = re.compile(r"\(at line (\d+), column (\d+)\)|\(at end of document\)")


@dataclass(frozen=True)
class Setting:
    path: Path
    value: object
    """As `tomllib` has it."""
    span: Span
    value_span: Span

    @property
    def name(self) -> str:
        return str(self.path[-1])


@dataclass(frozen=True)
class Table:
    path: Path
    span: Span


@dataclass(frozen=True)
class Repeated:
    """What stands there twice, which TOML forbids."""

    first: Setting | Table
    second: Setting | Table


@dataclass(frozen=True)
class Toml:
    settings: tuple[Setting, ...] = ()
    tables: tuple[Table, ...] = ()
    repeated: tuple[Repeated, ...] = ()

    def setting(self, *path: str | int) -> Setting | None:
        return next((setting for setting in self.settings if setting.path == path), None)


def parse_toml(text: Text) -> Toml:
    """MalformedFile. What only stands there twice is no reason for it: that is told of."""
    reading = _Reading(text)
    if len(text) > _LONGEST:
        raise reading.malformed(0, f"it has more than {_LONGEST} characters")
    try:
        for number, statement in enumerate(statements(text.flat)):
            if number >= _MOST_STATEMENTS:
                raise reading.malformed(statement.start, f"it has more than {_MOST_STATEMENTS} settings")
            reading.take(statement)
    except NoStatement as problem:
        raise reading.malformed(problem.offset, "this is no TOML") from None
    found = Toml(tuple(reading.settings.values()), tuple(reading.tables.values()), tuple(reading.repeated))
    if not found.repeated:
        reading.check_whole()
    return found


class _Reading:
    def __init__(self, text: Text) -> None:
        self._text = text
        self._within: Path = ()
        self._counts: dict[Path, int] = {}
        self.settings: dict[Path, Setting] = {}
        self.tables: dict[Path, Table] = {}
        self.repeated: list[Repeated] = []

    def malformed(self, offset: int, problem: str) -> MalformedFile:
        span = self._text.at(min(offset, len(self._text))) or self._start
        return MalformedFile(span.file, span.line, span.column, problem)

    def take(self, statement: Statement) -> None:
        span = self._text[statement.start : statement.end].span or self._start
        if not statement.is_header:
            self._take_setting(statement, span)
            return
        self._within = self._located(statement.names)
        if statement.is_one_of_many:
            number = self._counts.get(self._within, 0)
            self._counts[self._within] = number + 1
            self._within = (*self._within, number)
        table = Table(self._within, span)
        if table.path in self.tables:
            self.repeated.append(Repeated(self.tables[table.path], table))
        self.tables[table.path] = table

    def check_whole(self) -> None:
        """Whatever else the language forbids."""
        try:
            tomllib.loads(self._text.flat)
        except tomllib.TOMLDecodeError as problem:
            found = _place.search(str(problem))
            line, column = (int(found[1]), int(found[2])) if found and found[1] else (1, 1)
            raise MalformedFile(self._start.file, line, column, _place.sub("", str(problem)).strip()) from None
        except RecursionError:
            raise self.malformed(0, "it is nested too deeply") from None
        except ValueError:
            raise self.malformed(0, _TOO_LARGE) from None

    def _take_setting(self, statement: Statement, span: Span) -> None:
        value = self._text[statement.value_start : statement.value_end]
        path = (*self._within, *statement.names)
        setting = Setting(path, self._value(value, statement.value_start), span, value.span or span)
        if setting.path in self.settings:
            self.repeated.append(Repeated(self.settings[setting.path], setting))
        self.settings[setting.path] = setting

    def _value(self, value: Text, offset: int) -> object:
        try:
            return tomllib.loads(f"value = {value.flat}")["value"]
        except (tomllib.TOMLDecodeError, KeyError):
            raise self.malformed(offset, "this is no value of TOML") from None
        except RecursionError:
            raise self.malformed(0, "it is nested too deeply") from None
        except ValueError:
            raise self.malformed(offset, _TOO_LARGE) from None

    def _located(self, names: tuple[str, ...]) -> Path:
        """Below `[[runners]]`, `[runners.docker]` belongs to the last of them."""
        path: Path = ()
        for name in names[:-1]:
            path = (*path, name)
            if path in self._counts:
                path = (*path, self._counts[path] - 1)
        return (*path, names[-1])

    @property
    def _start(self) -> Span:
        return Span.at(span.file) if (span := self._text.span) else Span.at("")
