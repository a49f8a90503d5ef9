"""A failure that was recognised in a text: which one, on which line, and what can be read from it."""

from dataclasses import dataclass, field
from types import MappingProxyType

from wharf.doctor.pattern import Captured, Pattern, Weight
from wharf.doctor.signature import Signature


@dataclass(frozen=True, slots=True)
class Match:
    """A signature that was recognised. A silent one has no pattern, and no line."""

    signature: Signature
    pattern: Pattern | None = None
    line_number: int = 0
    line: str = ""
    captured: Captured = field(default_factory=lambda: MappingProxyType({}), hash=False)

    @property
    def weight(self) -> Weight:
        return self.pattern.weight if self.pattern else self.signature.weight


@dataclass(frozen=True, slots=True)
class Sighting:
    """Where a text first says something, some lines around it without colours, and the last line that says it.

    `message`: the line on which the message begins, which is an earlier one where a terminal wrapped it. `is_an_echo`:
    a script's own `echo` may have said it.
    """

    match: Match
    log: str = ""
    last_line: int = 0
    message: int = 0
    is_an_echo: bool = False
