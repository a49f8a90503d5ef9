"""The root of all errors, and what an error says to a person."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar, Self

_EVIDENCE_LIMIT = 200


@dataclass(frozen=True, slots=True)
class Diagnostics:
    """What an error says to a person."""

    cause: str
    evidence: tuple[str, ...] = ()
    next_step: str = ""


def shown(text: str) -> str:
    """Text from outside, made safe to print and bounded in length."""
    printable = harmless(text[:_EVIDENCE_LIMIT])
    return printable if len(text) <= _EVIDENCE_LIMIT else printable + "…"


def harmless(text: str) -> str:
    """Without anything that moves the cursor; what can be read of it stays as it is."""
    return text if text.isprintable() else "".join(map(_readable, text))


def _readable(character: str) -> str:
    return character if character.isprintable() else character.encode("unicode_escape").decode("ascii")


def with_article(noun: str) -> str:
    """ "an account", "a service"."""
    return f"{'an' if noun[:1] in 'aeiou' else 'a'} {noun}"


def counted(number: int, noun: str) -> str:
    """ "1 tag", "2 tags"."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


class WharfError(Exception):
    """The root. `code` is stable and stands in the documentation."""

    code: ClassVar[str] = "wharf"

    def __init__(self, cause: str, *, evidence: Sequence[str] = (), next_step: str = "") -> None:
        super().__init__(cause)
        self._diagnostics = Diagnostics(cause, tuple(evidence), next_step)

    def diagnostics(self) -> Diagnostics:
        return self._diagnostics

    def seen_at(self, what: str) -> Self:
        """The same error, with one more piece of evidence: what was being done when it came up."""
        self._diagnostics = replace(self._diagnostics, evidence=(*self._diagnostics.evidence, what))
        return self
