"""From the text of a Dockerfile to its instructions and stages."""

import re
from typing import Final

from wharf.errors import MalformedFile
from wharf.formats.dockerfile.logical_lines import Lines, LogicalLine
from wharf.formats.dockerfile.tree import Assignment, Dockerfile, Flag, Heredoc, Instruction, Stage
from wharf.formats.dockerfile.words import blank_separated, json_words, quoted_words, unquoted, word_places
from wharf.formats.span import Span
from wharf.formats.text import Text

_WITH_JSON: Final = frozenset({"ADD", "CMD", "COPY", "ENTRYPOINT", "RUN", "SHELL", "VOLUME"})
_WITH_NAMES: Final = frozenset({"ARG", "ENV", "LABEL"})
_WHOLE: Final = frozenset({"MAINTAINER", "STOPSIGNAL", "USER", "WORKDIR"})
_OTHERS: Final = frozenset({"EXPOSE", "FROM", "HEALTHCHECK", "ONBUILD"})
INSTRUCTIONS: Final = _WITH_JSON | _WITH_NAMES | _WHOLE | _OTHERS
_keyword = re.compile(r"\S+")
_MOST_INSTRUCTIONS: Final = 5_000
_MOST_STAGES: Final = 300


def parse_dockerfile(text: Text) -> Dockerfile:
    """MalformedFile is raised where BuildKit refuses the file before it builds anything."""
    lines = Lines(text)
    reading = _Reading(text, lines)
    instructions = tuple(reading.instruction(line) for line in lines)
    if not instructions:
        raise reading.malformed(Span.at(_file(text)), "there is no instruction in it")
    return Dockerfile(
        _file(text),
        tuple(lines.directives),
        instructions,
        reading.stages(instructions),
        tuple(lines.empty_continuations),
        tuple(lines.late_directives),
    )


def _file(text: Text) -> str:
    return text.span.file if text.span else ""


class _Reading:
    def __init__(self, text: Text, lines: Lines) -> None:
        self._text = text
        self._lines = lines
        self._count = 0

    def malformed(self, span: Span | None, problem: str) -> MalformedFile:
        span = span or Span.at(_file(self._text))
        return MalformedFile(span.file, span.line, span.column, problem)

    @property
    def _escape(self) -> str:
        return next((each.value.flat for each in self._lines.directives if each.name == "escape"), "\\")

    def instruction(self, line: LogicalLine) -> Instruction:
        self._count += 1
        if self._count > _MOST_INSTRUCTIONS:
            raise self.malformed(line.span, f"it has more than {_MOST_INSTRUCTIONS} instructions")
        return self._read(line.text.stripped(), line.span, line.heredocs)

    def _read(
        self, text: Text, span: Span, heredocs: tuple[Heredoc, ...] = (), *, is_trigger: bool = False
    ) -> Instruction:
        found = _keyword.match(text.flat)
        keyword = text[: found.end()] if found else Text()
        name = keyword.flat.upper()
        if name not in INSTRUCTIONS:
            raise self.malformed(span, f"there is no instruction {keyword.flat}")
        flags, rest = self._flags(text[len(keyword) :].stripped())
        if name == "ONBUILD" and not is_trigger:
            trigger = self._read(rest, span, heredocs, is_trigger=True)
            return Instruction(keyword, flags, rest, (rest,), span, heredocs=heredocs, trigger=trigger)
        if name == "HEALTHCHECK":
            return self._healthcheck(keyword, flags, rest, span)
        if name in _WITH_NAMES:
            return self._assigning(keyword, flags, rest, span)
        words = json_words(rest) if name in _WITH_JSON else None
        is_json = words is not None
        if words is None:
            words = (rest,) if name in _WHOLE else blank_separated(rest)
        self._refuse_nothing(name, words, span, heredocs, is_json=is_json)
        return Instruction(keyword, flags, rest, words, span, is_json, heredocs)

    def _refuse_nothing(
        self, name: str, words: tuple[Text, ...], span: Span, heredocs: tuple[Heredoc, ...], *, is_json: bool
    ) -> None:
        if name in {"COPY", "ADD"} and len(words) + bool(heredocs) < 2:
            raise self.malformed(span, f"{name} needs a source and a target")
        if name == "SHELL" and not is_json:
            raise self.malformed(span, "SHELL needs a list in JSON")
        may_be_empty = is_json and name in {"CMD", "ENTRYPOINT", "RUN", "VOLUME"}
        if not may_be_empty and not (words and words[0]):
            raise self.malformed(span, f"{name} says nothing")

    def _flags(self, text: Text) -> tuple[tuple[Flag, ...], Text]:
        flags: list[Flag] = []
        for start, end in word_places(text.flat, "\\"):
            word = text[start:end]
            if not word.flat.startswith("--"):
                return tuple(flags), text[start:]
            if word.flat == "--":
                return tuple(flags), text[end:].stripped()
            name, equals, _ = word.flat[2:].partition("=")
            value = unquoted(word[len(name) + 3 :]) if equals else None
            flags.append(Flag(name, value, word.span or Span.at(_file(self._text))))
        return tuple(flags), Text()

    def _healthcheck(self, keyword: Text, flags: tuple[Flag, ...], rest: Text, span: Span) -> Instruction:
        kind = _keyword.match(rest.flat)
        if not kind or kind[0].upper() not in {"CMD", "NONE"}:
            raise self.malformed(span, "HEALTHCHECK is followed by CMD or NONE")
        command = rest[kind.end() :].stripped()
        words = json_words(command)
        trigger = Instruction(
            rest[: kind.end()], (), command, words or blank_separated(command), span, words is not None
        )
        return Instruction(keyword, flags, rest, (rest,), span, trigger=trigger)

    def _assigning(self, keyword: Text, flags: tuple[Flag, ...], rest: Text, span: Span) -> Instruction:
        name = keyword.flat.upper()
        words = tuple(quoted_words(rest, self._escape))
        if not words:
            raise self.malformed(span, f"{name} says nothing")
        if name != "ARG" and "=" not in words[0].flat:
            return self._legacy(keyword, flags, rest, words, span)
        assignments = []
        for word in words:
            key, equals, _ = word.flat.partition("=")
            if not key or (name != "ARG" and not equals):
                raise self.malformed(word.span or span, f"{name} needs name=value, and this is {word.flat}")
            value = word[len(key) + 1 :] if equals else None
            assignments.append(Assignment(unquoted(word[: len(key)]), value, word.span or span))
        return Instruction(keyword, flags, rest, words, span, assignments=tuple(assignments))

    def _legacy(
        self, keyword: Text, flags: tuple[Flag, ...], rest: Text, words: tuple[Text, ...], span: Span
    ) -> Instruction:
        found = re.match(r"(\S+)\s+(?=\S)", rest.flat)
        if not found:
            raise self.malformed(span, f"{keyword.flat.upper()} needs a name and a value")
        value = rest[found.end() :]
        assignment = Assignment(rest[: found.end(1)], value, rest.span or span)
        return Instruction(keyword, flags, rest, words, span, assignments=(assignment,), is_legacy=True)

    def stages(self, instructions: tuple[Instruction, ...]) -> tuple[Stage, ...]:
        starts = [at for at, instruction in enumerate(instructions) if instruction.name == "FROM"]
        for early in instructions[: starts[0] if starts else None]:
            if early.name != "ARG":
                raise self.malformed(early.span, f"{early.name} stands before the first FROM")
        if not starts:
            raise self.malformed(instructions[0].span, "there is no FROM in it")
        if len(starts) > _MOST_STAGES:
            raise self.malformed(instructions[starts[_MOST_STAGES]].span, f"it has more than {_MOST_STAGES} stages")
        ends = [*starts[1:], len(instructions)]
        return tuple(
            self._stage(index, instructions[start], instructions[start + 1 : end])
            for index, (start, end) in enumerate(zip(starts, ends, strict=True))
        )

    def _stage(self, index: int, opening: Instruction, instructions: tuple[Instruction, ...]) -> Stage:
        words = opening.words
        if len(words) not in {1, 3} or (len(words) == 3 and words[1].flat.upper() != "AS"):
            raise self.malformed(opening.span, "FROM has the form: FROM image, or: FROM image AS name")
        name = words[2] if len(words) == 3 else None
        if name and not re.fullmatch(r"[a-zA-Z][a-zA-Z0-9._-]*", name.flat) and not name.holes:
            raise self.malformed(name.span, f"{name.flat} is no name for a stage")
        return Stage(index, words[0], name, opening, instructions)
