"""A scope is a right that is asked for or given: which kind of thing, which one, and what may be done with it.

    scopes  = scope *( SP scope )
    scope   = kind ":" name ":" [ action *( "," action ) ]
    kind    = 1*( a-z | 0-9 ) [ "(" 1*( a-z | 0-9 ) ")" ]     repository, repository(plugin), registry
    name    = 1*( printable character but space )             may hold colons, as in host:5000/team/app
    action  = 1*( a-z ) | "*"                                 pull, push, delete; * is all of them

A token may grant less than was asked for; what it grants is the intersection.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from wharf.errors import MalformedQuery

ANY_ACTION = "*"
_LONGEST = 4096
_EXCERPT = 200
_is_kind = re.compile(r"[a-z0-9]+(?:\([a-z0-9]+\))?").fullmatch
_is_name = re.compile(r"[!-~]+").fullmatch
_is_action = re.compile(r"[a-z]+|\*").fullmatch


@dataclass(frozen=True, slots=True)
class Scope:
    """Some actions on one thing. Without an action it is a request for nothing, which clients do make."""

    kind: str
    name: str
    actions: frozenset[str]

    def __post_init__(self) -> None:
        if not _is_kind(self.kind):
            raise _malformed(self.kind, "this is not a kind of resource")
        if not _is_name(self.name):
            raise _malformed(self.name, "this is not the name of a resource")
        for action in self.actions:
            if not _is_action(action):
                raise _malformed(action, "this is not an action")

    @classmethod
    def parse(cls, text: str) -> Self:
        if len(text) > _LONGEST:
            raise _malformed(text, f"a scope has at most {_LONGEST} characters")
        kind, _, rest = text.partition(":")
        name, colon, actions = rest.rpartition(":")
        if not colon:
            raise _malformed(text, "a scope has the form kind:name:actions")
        return cls(kind, name, frozenset(actions.split(",") if actions else ()))

    def covers(self, other: "Scope") -> bool:
        """Whether who has this right has that one."""
        return self._is_about_what(other) and (ANY_ACTION in self.actions or other.actions <= self.actions)

    def union(self, other: "Scope") -> Self:
        """Both rights in one; only for the same thing."""
        assert self._is_about_what(other)
        return type(self)(self.kind, self.name, self.actions | other.actions)

    def intersection(self, other: "Scope") -> Self:
        """What both rights allow. Nothing, if they are about two things."""
        if not self._is_about_what(other):
            return self._with(frozenset())
        if ANY_ACTION in self.actions:
            return self._with(other.actions)
        return self if ANY_ACTION in other.actions else self._with(self.actions & other.actions)

    def __str__(self) -> str:
        return f"{self.kind}:{self.name}:{','.join(sorted(self.actions))}"

    def _is_about_what(self, other: "Scope") -> bool:
        return (self.kind, self.name) == (other.kind, other.name)

    def _with(self, actions: frozenset[str]) -> Self:
        return type(self)(self.kind, self.name, actions)


def parse_scopes(text: str) -> tuple[Scope, ...]:
    """Scopes with spaces between them, in one form: each thing once, in the order of their first mention."""
    if len(text) > _LONGEST:
        raise _malformed(text, f"scopes have at most {_LONGEST} characters together")
    return merged(Scope.parse(part) for part in text.split(" ") if part)


def merged(scopes: Iterable[Scope]) -> tuple[Scope, ...]:
    by_thing: dict[tuple[str, str], Scope] = {}
    for scope in scopes:
        thing = (scope.kind, scope.name)
        by_thing[thing] = by_thing[thing].union(scope) if thing in by_thing else scope
    return tuple(by_thing.values())


def granted(asked: Iterable[Scope], allowed: Iterable[Scope]) -> tuple[Scope, ...]:
    """Of what was asked for, what is allowed; things of which nothing remains are left out."""
    rights = tuple(allowed)
    common = merged(wish.intersection(right) for wish in asked for right in rights)
    return tuple(scope for scope in common if scope.actions)


def _malformed(text: str, reason: str) -> MalformedQuery:
    return MalformedQuery(
        text[:_EXCERPT], reason, where="scope", next_step="ask for, for example, repository:team/app:pull,push"
    )
