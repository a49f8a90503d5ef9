"""What GitLab refuses in the files of a pipeline, or takes otherwise than it looks."""

from dataclasses import dataclass
from enum import Enum

from wharf.formats.span import Span


class Wrong(Enum):
    """`subject` of a flaw is what is named in angle brackets."""

    REPEATED_KEY = "repeated key"
    """<key> stands there twice."""
    STRAY_KEYWORD = "stray keyword"
    """<key> belongs into a job, and stands at the top."""
    NO_SCRIPT = "no script"
    """The job <name> has nothing to do."""
    UNKNOWN_STAGE = "unknown stage"
    """<stage> is not among `stages`."""
    UNKNOWN_NEED = "unknown need"
    """There is no job <name> that could be waited for."""
    LATER_NEED = "later need"
    """The job <name> that is waited for stands in a later stage."""
    UNKNOWN_PARENT = "unknown parent"
    """`extends` names <name>, which is not there."""
    CIRCLE = "circle"
    """<what> contains itself."""
    MISSING_FILE = "missing file"
    """An include names <path>, which is not there."""
    UNKNOWN_REFERENCE = "unknown reference"
    """`!reference` leads to <path>, which is not there."""
    MIXED_CONDITIONS = "mixed conditions"
    """The job <name> has `rules` together with `only` or `except`."""
    BAD_EXPRESSION = "bad expression"
    """<expression> cannot be read."""


@dataclass(frozen=True, slots=True)
class Flaw:
    kind: Wrong
    subject: str
    span: Span
