"""A signature: one way in which delivery fails, as it is known. How it shows, what may be behind it, what helps.

Most show by a text in a log. Some are silent: nothing is said, or something that says nothing, and they show by a
state of the machine.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import NewType

from wharf.doctor.facts import Condition
from wharf.doctor.language import Words
from wharf.doctor.pattern import Capture, Pattern, Weight
from wharf.doctor.probe import Probe
from wharf.errors import SettingRefused

SignatureId = NewType("SignatureId", str)
CauseId = NewType("CauseId", str)
_is_thread = re.compile(r"[\w.-]+/[\w.-]+#[0-9]+").fullmatch


class System(Enum):
    LINUX = "linux"
    MACOS = "darwin"
    WINDOWS = "windows"


@dataclass(frozen=True, slots=True)
class Source:
    """Where it was read: a thread as `owner/repository#number`, an address, or words."""

    text: str

    @property
    def url(self) -> str | None:
        if _is_thread(self.text):
            return f"https://github.com/{self.text.replace('#', '/issues/')}"
        return self.text if self.text.startswith("https://") else None


@dataclass(frozen=True, slots=True)
class Command:
    """What to type. `systems`: where; none named means everywhere."""

    text: str
    systems: frozenset[System] = frozenset()

    def is_for(self, system: System) -> bool:
        return not self.systems or system in self.systems


@dataclass(frozen=True, slots=True)
class Patch:
    """What to write into which file: lines as they stand there, the same in every language."""

    file: str
    text: str


@dataclass(frozen=True, slots=True)
class Fix:
    words: Words
    commands: tuple[Command, ...] = ()
    patches: tuple[Patch, ...] = ()


@dataclass(frozen=True, slots=True)
class Cause:
    """What may be behind a failure, the probe that decides whether it is, and what helps if it is."""

    id: CauseId
    words: Words
    probe: Probe
    when: Condition
    fix: Fix


@dataclass(frozen=True, slots=True)
class Signature:
    """Causes stand in the order of their likelihood. `outranks` names those that say less about the same text.

    `follows` names those whose consequence this one is, where both are in one log. `errors` are the codes of wharf's
    own errors that are this failure, whatever their words. `host` is the registry that alone says so; `systems` are
    those on which alone it happens.
    """

    id: SignatureId
    title: Words
    weight: Weight
    patterns: tuple[Pattern, ...]
    state: Condition | None
    outranks: frozenset[SignatureId]
    follows: frozenset[SignatureId]
    errors: frozenset[str]
    causes: Sequence[Cause]
    sources: tuple[Source, ...]
    host: str = ""
    systems: frozenset[System] = frozenset()

    def __post_init__(self) -> None:
        if not self.patterns and self.state is None:
            raise self._refused("patterns", "", "without a pattern or a state it can never be recognised")

    def happens_on(self, system: System) -> bool:
        return not self.systems or system in self.systems

    @property
    def is_silent(self) -> bool:
        return not self.patterns

    def captures(self) -> frozenset[Capture]:
        return frozenset(capture for pattern in self.patterns for capture in pattern.captures)

    def _refused(self, name: str, value: str, reason: str) -> SettingRefused:
        return SettingRefused(name, value, f"{self.id}.toml", reason)


def system_of(platform: str) -> System:
    """The system behind `sys.platform`; what is neither Windows nor macOS is treated as Linux."""
    if platform.startswith(("win", "cygwin", "msys")):
        return System.WINDOWS
    return System.MACOS if platform == "darwin" else System.LINUX
