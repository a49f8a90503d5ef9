"""The terms of a rule: which tags it holds still, or what it keeps; as people write them, and as they are kept.

Repositories are meant by their whole names, as patterns; none means all of the owner's. A rule for a tag means the
names that people give. Tags of the form `sha256-<hex>`, under which clients list what speaks about an image, are moved
by those clients as they need it, and no rule is about them.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from wharf.access.limits import Pattern, parse_limits
from wharf.access.login import Login
from wharf.errors import MalformedField, MalformedPattern, shown
from wharf.metadata.records import RuleKind
from wharf.oci.reference import LONGEST_TAG, RepositoryName, Tag
from wharf.oci.strict_json import JsonValue, parse_object

MOST_PATTERNS: Final = 50
MOST_VERSIONS: Final = 1_000_000
LONGEST_SECONDS: Final = 36_500 * 86_400
_UNITS: Final = ((86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second"))
TAG_PATTERN: Final = r"[A-Za-z0-9._*?-]+"
"""The form of a pattern of tags, as a regular expression."""
_is_tag_pattern: Final = re.compile(TAG_PATTERN).fullmatch
_is_of_a_client: Final = re.compile(r"sha(?:256|512)-[0-9a-f]{64}(?:\.[a-z0-9]+)?").fullmatch

Document = Mapping[str, JsonValue]
Patterns = tuple[Pattern, ...]


def is_given_by_people(tag: Tag) -> bool:
    return _is_of_a_client(str(tag)) is None


@dataclass(frozen=True, slots=True)
class Immutable:
    """Once set, a tag of this form stays at its digest, and stays."""

    repositories: Patterns = ()
    tags: Patterns = ()
    except_tags: Patterns = ()

    @property
    def kind(self) -> RuleKind:
        return RuleKind.IMMUTABLE

    def holds(self, name: RepositoryName, tag: Tag) -> bool:
        return is_given_by_people(tag) and _concerns(self.repositories, name) and self._means(str(tag))

    def document(self) -> dict[str, JsonValue]:
        return {
            "repositories": _texts(self.repositories),
            "tags": _texts(self.tags),
            "except_tags": _texts(self.except_tags),
        }

    def __str__(self) -> str:
        tags = f"tags like {_listed(self.tags)}" if self.tags else "tags"
        besides = f", but not {_listed(self.except_tags)}," if self.except_tags else ""
        return f"{tags}{besides} stay where they are{_in(self.repositories)}"

    def _means(self, tag: str) -> bool:
        return _matches(self.tags, tag, if_none=True) and not _matches(self.except_tags, tag, if_none=False)


@dataclass(frozen=True, slots=True)
class Retention:
    """What this rule keeps. It judges versions with a tag like `tags`; all versions, where none are told.

    What no rule for a repository keeps goes; where there is no rule, all is kept.
    """

    repositories: Patterns = ()
    tags: Patterns = ()
    keep_tags: Patterns = ()
    keep_newest: int | None = None
    keep_younger_than: int | None = None
    keep_pulled_within: int | None = None

    def __post_init__(self) -> None:
        numbers = (self.keep_newest, self.keep_younger_than, self.keep_pulled_within)
        if not self.keep_tags and all(number is None for number in numbers):
            raise MalformedField(
                "retention",
                "it keeps nothing: everything would go",
                next_step="say what it keeps: keep_newest, keep_younger_than, keep_pulled_within or keep_tags",
            )
        _require_between("keep_newest", self.keep_newest, MOST_VERSIONS)
        _require_between("keep_younger_than", self.keep_younger_than, LONGEST_SECONDS)
        _require_between("keep_pulled_within", self.keep_pulled_within, LONGEST_SECONDS)

    @property
    def kind(self) -> RuleKind:
        return RuleKind.RETENTION

    def concerns(self, name: RepositoryName) -> bool:
        return _concerns(self.repositories, name)

    def judges(self, tags: Iterable[Tag]) -> bool:
        return not self.tags or any(_matches(self.tags, str(tag), if_none=True) for tag in tags)

    def tag_kept(self, tags: Iterable[Tag]) -> Tag | None:
        """The first of these that is kept for its name."""
        return next((tag for tag in tags if _matches(self.keep_tags, str(tag), if_none=False)), None)

    def document(self) -> dict[str, JsonValue]:
        return {
            "repositories": _texts(self.repositories),
            "tags": _texts(self.tags),
            "keep_tags": _texts(self.keep_tags),
            "keep_newest": self.keep_newest,
            "keep_younger_than": self.keep_younger_than,
            "keep_pulled_within": self.keep_pulled_within,
        }

    def __str__(self) -> str:
        which = f" of those with a tag like {_listed(self.tags)}" if self.tags else ""
        return f"keep {', '.join(self._kept())}{which}{_in(self.repositories)}"

    def _kept(self) -> list[str]:
        return [
            *([f"the newest {self.keep_newest}"] if self.keep_newest else []),
            *([f"what is younger than {in_words(self.keep_younger_than)}"] if self.keep_younger_than else []),
            *([f"what was pulled within {in_words(self.keep_pulled_within)}"] if self.keep_pulled_within else []),
            *([f"what has a tag like {_listed(self.keep_tags)}"] if self.keep_tags else []),
        ]


Terms = Immutable | Retention


def repository_patterns(texts: Iterable[str], owner: Login | None) -> Patterns:
    """A pattern that can match none of the owner's repositories is a slip of the pen, and protects nothing."""
    patterns = parse_limits(texts).patterns
    for pattern in patterns:
        if owner is not None and not pattern.text.startswith((f"{owner}/", "*")):
            raise MalformedPattern(
                pattern.text,
                f"it matches no repository of {owner}",
                next_step=f"write it with the owner in front: {owner}/{pattern.text}",
            )
    return patterns


def tag_patterns(texts: Iterable[str]) -> Patterns:
    given = tuple(dict.fromkeys(texts))
    if len(given) > MOST_PATTERNS:
        raise MalformedPattern(f"{len(given)} patterns", f"a rule has at most {MOST_PATTERNS}")
    for text in given:
        if not _is_tag_pattern(text) or len(text) > LONGEST_TAG:
            raise MalformedPattern(text, f"{shown(text)} is no tag, nor a pattern of tags such as v*")
    return tuple(map(Pattern, given))


def written(terms: Terms) -> str:
    return json.dumps(terms.document())


def read(kind: RuleKind, text: str) -> Terms:
    """As `written` wrote it."""
    document = parse_object(text.encode())
    repositories, tags = _patterns(document, "repositories"), _patterns(document, "tags")
    if kind is RuleKind.IMMUTABLE:
        return Immutable(repositories, tags, _patterns(document, "except_tags"))
    numbers = (_number(document, name) for name in ("keep_newest", "keep_younger_than", "keep_pulled_within"))
    return Retention(repositories, tags, _patterns(document, "keep_tags"), *numbers)


def in_words(seconds: int) -> str:
    """ "30 days": in the largest unit that leaves nothing over."""
    size, unit = next((size, unit) for size, unit in _UNITS if seconds % size == 0)
    count = seconds // size
    return f"{count} {unit}{'' if count == 1 else 's'}"


def _concerns(repositories: Patterns, name: RepositoryName) -> bool:
    return _matches(repositories, str(name), if_none=True)


def _matches(patterns: Patterns, text: str, *, if_none: bool) -> bool:
    return any(pattern.matches(text) for pattern in patterns) if patterns else if_none


def _require_between(name: str, number: int | None, most: int) -> None:
    if number is not None and not 1 <= number <= most:
        raise MalformedField(name, f"{name} is a whole number from 1 to {most}")


def _texts(patterns: Patterns) -> list[JsonValue]:
    return [pattern.text for pattern in patterns]


def _listed(patterns: Patterns) -> str:
    return ", ".join(pattern.text for pattern in patterns)


def _in(repositories: Patterns) -> str:
    return f", in {_listed(repositories)}" if repositories else ""


def _patterns(document: Document, name: str) -> Patterns:
    value = document.get(name)
    return tuple(Pattern(str(text)) for text in value) if isinstance(value, list) else ()


def _number(document: Document, name: str) -> int | None:
    value = document.get(name)
    return value if isinstance(value, int) else None
