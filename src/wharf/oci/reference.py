"""A reference is how people and machines call an image: which registry, which repository, which tag or digest.

    reference  = [ registry "/" ] repository [ ":" tag ] [ "@" digest ]
    registry   = ( host | "[" ipv6 "]" ) [ ":" port ]     with a "." or ":" in it, or the word "localhost"
    repository = segment *( "/" segment )                 at most 255 characters
    segment    = alnum *( separator alnum )               alnum is [a-z0-9]+
    separator  = "." | "_" | "__" | 1*"-"
    tag        = ( letter | digit | "_" ) *127( letter | digit | "_" | "." | "-" )

Where the registry is left away, Docker's is meant, and a name of one segment there belongs to `library`.
"""

import re
from dataclasses import dataclass, replace
from typing import Self

from wharf.errors import MalformedDigest, MalformedName, MalformedReference, MalformedTag, shown
from wharf.oci.digest import Digest

DOCKER_HUB = "docker.io"
DEFAULT_TAG = "latest"
LONGEST_NAME = 255
LONGEST_TAG = 128

_SEGMENT = r"[a-z0-9]+(?:(?:[.]|__?|-+)[a-z0-9]+)*"
_is_name = re.compile(rf"{_SEGMENT}(?:/{_SEGMENT})*").fullmatch
TAG = r"[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}"
"""The form of a tag, as a regular expression."""
_is_tag = re.compile(TAG).fullmatch
_LABEL = r"[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?"
_is_registry = re.compile(rf"(?:{_LABEL}(?:[.]{_LABEL})*|\[[0-9a-fA-F:.]+\])(?::[0-9]{{1,5}})?").fullmatch
_strange_in_name = re.compile(r"[^a-z0-9._/-]").search
_strange_in_tag = re.compile(r"[^a-zA-Z0-9._-]").search
_misplaced_separator = re.compile(r"(?<![a-z0-9])[._-]|(?:[.]|__?|-+)(?![a-z0-9])").search
_LONGEST_REFERENCE = 1024
_EXCERPT = 256
_CARET_MARGIN = 60
OTHER_NAMES_OF_DOCKER_HUB = frozenset({"index.docker.io", "registry-1.docker.io", "registry.hub.docker.com"})


@dataclass(frozen=True, slots=True, order=True)
class RepositoryName:
    """The name of a repository within one registry."""

    value: str

    def __post_init__(self) -> None:
        if len(self.value) > LONGEST_NAME or not _is_name(self.value):
            raise _malformed_name(self.value)

    @classmethod
    def parse(cls, text: str) -> Self:
        return cls(text)

    @property
    def owner(self) -> str | None:
        """The first segment, whose user or organisation it is; a name of one segment belongs to the instance."""
        first, slash, _ = self.value.partition("/")
        return first if slash else None

    def __str__(self) -> str:
        return self.value


@dataclass(frozen=True, slots=True, order=True)
class Tag:
    """A movable name for one manifest of a repository."""

    value: str

    def __post_init__(self) -> None:
        if not _is_tag(self.value):
            raise _malformed_tag(self.value)

    @classmethod
    def parse(cls, text: str) -> Self:
        return cls(text)

    def __str__(self) -> str:
        return self.value


def parse_tag_or_digest(text: str) -> Tag | Digest:
    """The last part of a manifest's path. No tag has a colon, and every digest has one."""
    return Digest.parse(text) if ":" in text else Tag(text)


@dataclass(frozen=True, slots=True)
class Reference:
    """A whole reference. With neither tag nor digest it names the repository; see `with_default_tag`."""

    registry: str
    repository: RepositoryName
    tag: Tag | None = None
    digest: Digest | None = None

    def __post_init__(self) -> None:
        if len(self.registry) > LONGEST_NAME or not _is_registry(self.registry):
            raise _pointed(self.registry, 0, _REGISTRY_PROBLEM)

    @classmethod
    def parse(cls, text: str) -> Self:
        if len(text) > _LONGEST_REFERENCE:
            raise _pointed(text, _LONGEST_REFERENCE, _too_long("reference", len(text), _LONGEST_REFERENCE))
        if "://" in text:
            scheme, _, rest = text.partition("://")
            raise _pointed(text, len(scheme), _Problem(0, "a reference is not a URL", f"use {shown(rest)}"))
        rest, at, digest = text.partition("@")
        registry, name = _split_registry(rest)
        repository, colon, tag = name.partition(":")
        name_at = len(rest) - len(name)
        return cls(
            registry=_read_registry(text, registry),
            repository=_read_repository(text, registry, repository, name_at),
            tag=_read_tag(text, tag, name_at + len(repository) + 1) if colon else None,
            digest=_read_digest(text, digest, len(rest) + 1) if at else None,
        )

    def with_default_tag(self) -> Self:
        """What a client asks for: `latest` where neither tag nor digest was written."""
        return self if self.tag or self.digest else replace(self, tag=Tag(DEFAULT_TAG))

    def __str__(self) -> str:
        tag = f":{self.tag}" if self.tag else ""
        digest = f"@{self.digest}" if self.digest else ""
        host = self.registry if reads_as_host(self.registry) else self.registry.upper()
        return f"{host}/{self.repository}{tag}{digest}"


def _split_registry(text: str) -> tuple[str, str]:
    first, slash, rest = text.partition("/")
    return (first, rest) if slash and reads_as_host(first) else ("", text)


def reads_as_host(first: str) -> bool:
    """Docker's rule: the first of several segments is a host if it could not be an owner."""
    return "." in first or ":" in first or first == "localhost" or first != first.lower()


def _read_registry(text: str, part: str) -> str:
    registry = part.lower() if part else DOCKER_HUB
    if not _is_registry(registry):
        raise _pointed(text, 0, _REGISTRY_PROBLEM)
    return DOCKER_HUB if registry in OTHER_NAMES_OF_DOCKER_HUB else registry


def _read_repository(text: str, registry: str, part: str, at: int) -> RepositoryName:
    on_hub = not registry or registry.lower() in {DOCKER_HUB, *OTHER_NAMES_OF_DOCKER_HUB}
    owner = "library/" if part and on_hub and "/" not in part else ""
    try:
        return RepositoryName(owner + part)
    except MalformedName as problem:
        raise _pointed(text, at - len(owner), _name_problem(owner + part)) from problem


def _read_tag(text: str, part: str, at: int) -> Tag:
    try:
        return Tag(part)
    except MalformedTag as problem:
        raise _pointed(text, at, _tag_problem(part)) from problem


def _read_digest(text: str, part: str, at: int) -> Digest:
    try:
        return Digest.parse(part)
    except MalformedDigest as problem:
        raise _pointed(text, at, _Problem(0, problem.reason, problem.diagnostics().next_step)) from problem


# --- what was wrong ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Problem:
    """Why some text is refused, and at which of its characters."""

    at: int
    reason: str
    next_step: str = ""


_REGISTRY_PROBLEM = _Problem(0, "this is not a host name with an optional port", "write it as host, or host:port")


def _too_long(what: str, length: int, limit: int) -> _Problem:
    return _Problem(limit, f"a {what} has at most {limit} characters; this one has {length}", f"shorten the {what}")


def _malformed_name(text: str) -> MalformedName:
    problem = _name_problem(text)
    return MalformedName(
        text[:_EXCERPT], problem.reason, where=f"character {problem.at + 1}", next_step=problem.next_step
    )


def _name_problem(text: str) -> _Problem:
    if not text:
        return _Problem(0, "a repository name cannot be empty", "name the repository, for example team/app")
    if len(text) > LONGEST_NAME:
        return _too_long("repository name", len(text), LONGEST_NAME)
    if (strange := _strange_in_name(text)) is not None:
        return _strange_name_problem(text, strange.start())
    empty = 0 if text.startswith("/") else text.find("//")
    if empty >= 0 or text.endswith("/"):
        at = empty if empty >= 0 else len(text) - 1
        return _Problem(
            at, "a segment between two slashes cannot be empty", _if_a_name(re.sub("/+", "/", text).strip("/"))
        )
    misplaced = _misplaced_separator(text)
    assert misplaced is not None  # nothing else is left that the grammar refuses
    return _Problem(
        misplaced.start(),
        'a ".", "_", "__" or "-" stands between letters or digits, never at an end or beside another',
        "put letters or digits around it",
    )


def _strange_name_problem(text: str, at: int) -> _Problem:
    if text[at].isupper():
        return _Problem(at, "a repository name is written in lower case", _if_a_name(text.lower()))
    return _Problem(at, f"{shown(text[at])} cannot stand in a repository name", 'use a-z, 0-9, ".", "_", "-" and "/"')


def _if_a_name(text: str) -> str:
    """A name as a next step, unless it would be refused in its turn."""
    return f"use {text}" if _is_name(text) else 'use a-z, 0-9, ".", "_", "-" and "/"'


def _malformed_tag(text: str) -> MalformedTag:
    problem = _tag_problem(text)
    return MalformedTag(
        text[:_EXCERPT], problem.reason, where=f"character {problem.at + 1}", next_step=problem.next_step
    )


def _tag_problem(text: str) -> _Problem:
    if not text:
        return _Problem(0, "a tag cannot be empty", f"name a tag, for example {DEFAULT_TAG}")
    if len(text) > LONGEST_TAG:
        return _too_long("tag", len(text), LONGEST_TAG)
    fitting = re.sub("[^a-zA-Z0-9._-]+", "-", text).lstrip(".-")
    next_step = f"use {fitting}" if fitting else 'use letters, digits, "_", "." and "-"'
    if (strange := _strange_in_tag(text)) is not None:
        return _Problem(strange.start(), f"{shown(text[strange.start()])} cannot stand in a tag", next_step)
    return _Problem(0, 'a tag begins with a letter, a digit or "_"', next_step)


def _pointed(text: str, at: int, problem: _Problem) -> MalformedReference:
    """The error with a caret under the character in question, for people who read it in a terminal."""
    place = at + problem.at
    left = max(0, place - _CARET_MARGIN)
    before, after = shown(text[left:place]), shown(text[place : place + _CARET_MARGIN])
    where = f"character {place + 1}\n    {before}{after}\n    {' ' * len(before)}^"
    return MalformedReference(text[:_EXCERPT], problem.reason, where=where, next_step=problem.next_step)
