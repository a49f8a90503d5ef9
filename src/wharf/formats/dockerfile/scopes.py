"""Which variables an instruction can see: those of ARG and ENV that came before it, each in its own stage.

ARGs before the first FROM are for FROMs alone. A stage sees one of them only after it has named it again.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from wharf.formats.dockerfile.expand import Expanded, expand
from wharf.formats.dockerfile.tree import Assignment, Dockerfile, Instruction, Stage
from wharf.formats.hole import Unknown
from wharf.formats.text import Text

PLATFORM_ARGUMENTS: Final = frozenset(
    f"{side}{part}" for side in ("BUILD", "TARGET") for part in ("PLATFORM", "OS", "ARCH", "VARIANT", "OSVERSION")
) | {"TARGETSTAGE"}
_MOST_VARIABLES: Final = 2_000
_WHOLE_TEXT: Final = frozenset({"STOPSIGNAL", "USER", "WORKDIR"})
_NOTHING: Final[Mapping[str, Text]] = MappingProxyType({})


@dataclass(frozen=True)
class Seen:
    """An instruction, and the variables that are there when it is its turn."""

    stage: Stage
    instruction: Instruction
    variables: Mapping[str, Text]
    unnamed: frozenset[str] = frozenset()
    """ARGs from before the first FROM that the stage has not named again."""
    knows_base: bool = False
    """Whether all variables of the image below are known."""

    def expanded(self, word: Text, escape: str = "\\") -> Expanded:
        return expand(word, self.variables, escape)


@dataclass
class Scopes:
    """`passed`: what `--build-arg` gives, as far as that is known."""

    dockerfile: Dockerfile
    passed: Mapping[str, Text] = field(default_factory=lambda: _NOTHING)

    def __post_init__(self) -> None:
        self.outside = self._outside()
        """What FROMs see."""
        self._bases: list[Expanded] = []
        self._below: list[Stage | None] = []
        named: dict[str, Stage] = {}
        for stage in self.dockerfile.stages:
            base = expand(stage.base, self.outside, self.dockerfile.escape)
            self._bases.append(base)
            self._below.append(named.get((base.text.value or "").lower()))
            if stage.name:
                named[stage.name.flat.lower()] = stage

    def base(self, stage: Stage) -> Expanded:
        return self._bases[stage.index]

    def below(self, stage: Stage) -> Stage | None:
        """The stage that this one begins with, if it is one of the same file."""
        return self._below[stage.index]

    def seen(self) -> Iterator[Seen]:
        left: dict[int, tuple[dict[str, Text], bool]] = {}
        for stage in self.dockerfile.stages:
            below = self.below(stage)
            is_scratch = self.base(stage).text.value == "scratch"
            environment, knows_base = left[below.index] if below else ({}, is_scratch)
            walking = _StageWalk(self, stage, dict(environment), knows_base=knows_base)
            yield from walking.seen()
            left[stage.index] = (walking.environment, knows_base)

    def _outside(self) -> Mapping[str, Text]:
        known: dict[str, Text] = {name: Text.unknown(Unknown.RUN, name) for name in sorted(PLATFORM_ARGUMENTS)}
        for assignment in self.dockerfile.arguments:
            value = self.argument(assignment, known)
            if value is not None:
                known[assignment.name.flat] = value
        return MappingProxyType(known)

    def argument(self, assignment: Assignment, known: Mapping[str, Text]) -> Text | None:
        """None, where nobody gives it a value."""
        name = assignment.name.flat
        if name in self.passed:
            return self.passed[name]
        return None if assignment.value is None else expand(assignment.value, known, self.dockerfile.escape).text


class _StageWalk:
    def __init__(self, scopes: Scopes, stage: Stage, environment: dict[str, Text], *, knows_base: bool) -> None:
        self._scopes = scopes
        self._stage = stage
        self.environment = environment
        self._arguments: dict[str, Text] = {}
        self._unnamed = {each.name.flat for each in scopes.dockerfile.arguments}
        self._knows_base = knows_base

    def seen(self) -> Iterator[Seen]:
        for instruction in self._stage.instructions:
            variables = MappingProxyType({**self._arguments, **self.environment})
            unnamed = frozenset(self._unnamed - variables.keys())
            yield Seen(self._stage, instruction, variables, unnamed, self._knows_base)
            if instruction.name == "ENV":
                self._set(instruction, variables)
            elif instruction.name == "ARG":
                self._name(instruction)

    def _set(self, instruction: Instruction, variables: Mapping[str, Text]) -> None:
        for each in instruction.assignments:
            if each.value is not None and len(self.environment) < _MOST_VARIABLES:
                self.environment[each.name.flat] = expand(each.value, variables, self._scopes.dockerfile.escape).text

    def _name(self, instruction: Instruction) -> None:
        outside = self._scopes.outside
        for each in instruction.assignments:
            name = each.name.flat
            self._unnamed.discard(name)
            value = self._scopes.argument(each, {**self._arguments, **self.environment})
            if value is None:
                value = outside.get(name)
            if value is not None and len(self._arguments) < _MOST_VARIABLES:
                self._arguments[name] = value


def expanded_words(seen: Seen) -> tuple[Text, ...]:
    """The words of it in which BuildKit replaces variables. The shell does that itself in RUN, CMD and ENTRYPOINT."""
    instruction = seen.instruction
    if instruction.name in {"ENV", "LABEL", "ARG"}:
        return tuple(each.value for each in instruction.assignments if each.value is not None)
    if instruction.name in _WHOLE_TEXT | {"COPY", "ADD", "EXPOSE", "VOLUME"}:
        flags = tuple(flag.value for flag in instruction.flags if flag.value is not None)
        return flags + instruction.words
    return ()
