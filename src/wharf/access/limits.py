"""Limits: the repositories that a fine-grained token is for, as patterns.

    crew/app       this repository
    crew/*         all of crew's; a star stands for anything, slashes too
    */web-?        a question mark stands for one character

No pattern at all is no limit.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from wharf.access.login import Login
from wharf.errors import MalformedPattern
from wharf.oci.reference import RepositoryName

MOST_PATTERNS: Final = 50
_LONGEST: Final = 255
_is_pattern: Final = re.compile(r"[a-z0-9._/*?-]+").fullmatch


@dataclass(frozen=True, slots=True)
class Pattern:
    """A pattern for names of repositories, or of tags."""

    text: str

    def matches(self, name: str) -> bool:
        return _compiled(self.text).fullmatch(name) is not None


@dataclass(frozen=True, slots=True)
class Limits:
    patterns: tuple[Pattern, ...] = ()

    @property
    def are_none(self) -> bool:
        return not self.patterns

    def allow(self, name: RepositoryName) -> bool:
        return not self.patterns or any(pattern.matches(str(name)) for pattern in self.patterns)

    def allow_all_of(self, owner: Login) -> bool:
        """Whether every repository of this owner is within: what concerns the owner as a whole needs that."""
        return not self.patterns or any(pattern.text in {f"{owner}/*", "*"} for pattern in self.patterns)

    def __str__(self) -> str:
        return " ".join(pattern.text for pattern in self.patterns)


NO_LIMITS: Final = Limits()


def parse_limits(patterns: Iterable[str]) -> Limits:
    given = tuple(dict.fromkeys(patterns))
    if len(given) > MOST_PATTERNS:
        raise MalformedPattern(f"{len(given)} patterns", f"a token has at most {MOST_PATTERNS}")
    for text in given:
        if not _is_pattern(text) or len(text) > _LONGEST:
            raise MalformedPattern(text, "it is not a name of a repository with * or ? in it")
    return Limits(tuple(Pattern(text) for text in given))


@lru_cache(maxsize=4096)
def _compiled(pattern: str) -> re.Pattern[str]:
    """Stars that stand together are one: no pattern may take longer the more stars it has."""
    pieces = re.split(r"(\*+|\?)", pattern)
    return re.compile("".join(_piece(piece) for piece in pieces), re.DOTALL)


def _piece(piece: str) -> str:
    if piece.startswith("*"):
        return ".*?"
    return "." if piece == "?" else re.escape(piece)
