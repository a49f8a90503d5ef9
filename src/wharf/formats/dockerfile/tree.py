"""What a Dockerfile is made of: directives, instructions with their flags and words, and stages."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from wharf.formats.span import Span
from wharf.formats.text import Text


@dataclass(frozen=True)
class Directive:
    """`# escape=`: a comment at the very beginning that means something."""

    name: str
    """In small letters."""
    value: Text
    span: Span


@dataclass(frozen=True)
class Flag:
    """`--from=build`. `value` is None where there is no `=`."""

    name: str
    value: Text | None
    span: Span


@dataclass(frozen=True)
class Heredoc:
    """Lines that follow an instruction, up to the word that it names."""

    name: str
    content: Text
    expands: bool
    """Variables in it are replaced: the word stands without quotes."""
    span: Span


@dataclass(frozen=True)
class Assignment:
    """One `NAME=value` of ENV, LABEL or ARG, with its quotes. `value` is None for an ARG without default."""

    name: Text
    value: Text | None
    span: Span


@dataclass(frozen=True)
class Instruction:
    """One instruction, its continuation lines put together."""

    keyword: Text
    """As it is written."""
    flags: tuple[Flag, ...]
    rest: Text
    """All that follows the flags."""
    words: tuple[Text, ...]
    """What `rest` is made of: of a JSON list its members, else what blanks separate."""
    span: Span
    """From the keyword to the end of its last line, heredocs among them."""
    is_json: bool = False
    heredocs: tuple[Heredoc, ...] = ()
    assignments: tuple[Assignment, ...] = ()
    is_legacy: bool = False
    """`ENV NAME value` without `=`."""
    trigger: "Instruction | None" = None
    """What ONBUILD is about, or the CMD of a HEALTHCHECK."""

    @property
    def name(self) -> str:
        return self.keyword.flat.upper()

    def flag(self, name: str) -> Flag | None:
        return next((flag for flag in self.flags if flag.name == name), None)

    def flag_value(self, name: str) -> Text | None:
        flag = self.flag(name)
        return flag.value if flag else None


@dataclass(frozen=True)
class Stage:
    """From one FROM up to the next one."""

    index: int
    base: Text
    """As it is written, with its variables."""
    name: Text | None
    opening: Instruction
    instructions: tuple[Instruction, ...]
    """Without the FROM."""

    @property
    def platform(self) -> Text | None:
        return self.opening.flag_value("platform")

    def of(self, *names: str) -> Iterator[Instruction]:
        return (instruction for instruction in self.instructions if instruction.name in names)


@dataclass(frozen=True)
class Dockerfile:
    file: str
    directives: tuple[Directive, ...]
    instructions: tuple[Instruction, ...]
    stages: tuple[Stage, ...]
    empty_continuations: tuple[Span, ...] = ()
    """Lines without anything in the middle of an instruction."""
    late_directives: tuple[Directive, ...] = ()
    """Comments that look like directives, and stand where they are none any more."""

    @cached_property
    def arguments(self) -> tuple[Assignment, ...]:
        """ARGs before the first FROM."""
        before = self.instructions[: self.instructions.index(self.stages[0].opening)] if self.stages else ()
        return tuple(each for instruction in before if instruction.name == "ARG" for each in instruction.assignments)

    @property
    def escape(self) -> str:
        return next((each.value.flat for each in self.directives if each.name == "escape"), "\\")

    @property
    def checks(self) -> str:
        """What `# check=` says."""
        return next((each.value.flat for each in self.directives if each.name == "check"), "")

    def stage(self, name: str) -> Stage | None:
        """The last one of this name, or the one of this number."""
        named = self._by_name.get(name.lower())
        if named:
            return named
        is_number = name.isascii() and name.isdigit() and len(name) < 6
        return self.stages[int(name)] if is_number and int(name) < len(self.stages) else None

    @cached_property
    def _by_name(self) -> dict[str, Stage]:
        return {stage.name.flat.lower(): stage for stage in self.stages if stage.name}
