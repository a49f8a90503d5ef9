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
from wharf.errors import MalformedPattern, shown
from wharf.oci.reference import RepositoryName

MOST_PATTERNS: Final = 50
LONGEST_PATTERN: Final = 255
PATTERN: Final = r"[a-z0-9._/*?-]+"
"""The form of one, as a regular expression."""
_is_pattern: Final = re.compile(PATTERN).fullmatch


@dataclass(frozen=True, slots=True)
class Pattern:
    """A pattern for names of repositories, or of tags."""

    text: str

    def matches(self, name: str) -> bool:
        return _compiled(self.text).fullmatch(name) is not None

    def may_begin(self, front: str) -> bool:
        """Whether something that begins like this may match, by what is written before the first sign."""
        written = re.split(r"[*?]", self.text, maxsplit=1)[0]
        return written.startswith(front) or (len(written) < len(self.text) and front.startswith(written))

    def includes(self, other: "Pattern") -> bool:
        """Whether this one matches all that the other does. Its stars and question marks are read as characters, of
        which only a star here takes a star: that is never too generous."""
        return self.matches(other.text)


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

    def concern(self, owner: Login) -> bool:
        """Whether any repository of this owner may be within: a token for others knows nothing of this one."""
        return not self.patterns or any(pattern.may_begin(f"{owner}/") for pattern in self.patterns)

    def include(self, other: "Limits") -> bool:
        """Whether whoever is held to the other ones stays within these."""
        if self.are_none or other.are_none:
            return self.are_none
        return all(any(mine.includes(pattern) for mine in self.patterns) for pattern in other.patterns)

    @property
    def words(self) -> list[str]:
        return [pattern.text for pattern in self.patterns]

    def __str__(self) -> str:
        return " ".join(self.words)


NO_LIMITS: Final = Limits()


def parse_limits(patterns: Iterable[str]) -> Limits:
    given = tuple(dict.fromkeys(patterns))
    if len(given) > MOST_PATTERNS:
        raise MalformedPattern(f"{len(given)} patterns", f"a token has at most {MOST_PATTERNS}")
    for text in given:
        if not _is_pattern(text) or len(text) > LONGEST_PATTERN:
            step = "write it in small letters, as crew/app; crew/* is all of crew"
            raise MalformedPattern(text, f"{shown(text)} is no name of a repository, nor a pattern", next_step=step)
    return Limits(tuple(Pattern(text) for text in given))


@lru_cache(maxsize=4096)
def _compiled(pattern: str) -> re.Pattern[str]:
    """What follows a star is looked for once, where it first stands, and never again further on: no pattern takes long,
    however many stars it has. Stars that stand together are one."""
    first, *others = [_literal(piece) for piece in re.split(r"\*+", pattern)]
    if not others:
        return re.compile(first)
    *between, last = others
    return re.compile(first + "".join(f"(?>.*?{piece})" for piece in between) + ".*" + last, re.DOTALL)


def _literal(piece: str) -> str:
    return re.escape(piece).replace(r"\?", "[^*]")
