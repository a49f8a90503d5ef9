"""A finding: what is wrong, where it stands, what shows it, why it is so, and what mends it."""

from dataclasses import dataclass
from enum import Enum

from wharf.doctor.language import Words
from wharf.formats.span import Span


class Severity(Enum):
    """ERROR: delivery fails. WARNING: it works by luck, or brings something else than meant. NOTE: worth knowing."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Evidence:
    """One thing that shows it; `span`: where it can be seen."""

    words: Words
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Edit:
    """Characters of a file that are replaced. A span without characters is where something is put in."""

    span: Span
    replacement: str


@dataclass(frozen=True, slots=True)
class Fix:
    """What mends it. `is_safe`: it changes nothing but what is wrong, so that it may be done without being asked."""

    words: Words
    edits: tuple[Edit, ...] = ()
    is_safe: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """`severity` is the rule's own, unless it says another one."""

    span: Span
    message: Words
    evidence: tuple[Evidence, ...] = ()
    cause: Words | None = None
    fixes: tuple[Fix, ...] = ()
    """The best one first; each alone is enough."""
    severity: Severity | None = None
