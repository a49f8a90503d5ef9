"""A token: what a token service gives, and a registry takes, for as long as it lives.

Registries treat its text as a riddle only they can read. Where it is a JSON Web Token, what it grants can be looked
up in it; that is not proof of anything, and only ever used to tell a person, and to ask for more in time.
"""

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from wharf.errors import MalformedJson, MalformedQuery, RemoteMisbehaved
from wharf.oci.strict_json import JsonValue, parse_object
from wharf.protocol.scope import Scope, merged, parse_scopes

USUAL_LIFE: Final = 60.0
_LONGEST_LIFE: Final = 365 * 86400.0
_LARGEST_REMAINDER: Final = 10.0
_is_member = re.compile(r"[a-z_]{1,30}").fullmatch
_is_token = re.compile(r"[!-~]{1,65536}").fullmatch


@dataclass(frozen=True, slots=True)
class Token:
    """`asked`: the scopes it was asked for; `granted`: those it has, if anybody told.

    A service may grant less than was asked for, and it is no error: it would not grant more if it were asked again.
    """

    text: str = field(repr=False)
    begins_at: float
    expires_at: float
    asked: tuple[Scope, ...] = ()
    granted: tuple[Scope, ...] | None = None
    refresh_token: str = field(default="", repr=False)

    def was_asked_for(self, scopes: tuple[Scope, ...]) -> bool:
        return all(any(mine.covers(wanted) for mine in self.asked) for wanted in scopes)

    def is_fresh(self, now: float) -> bool:
        """Whether it lives long enough for one more request: renewed with a tenth of its life left, or ten seconds."""
        remainder = min((self.expires_at - self.begins_at) / 10, _LARGEST_REMAINDER)
        return self.begins_at <= now < self.expires_at - remainder


def read_token(registry: str, body: bytes, asked: tuple[Scope, ...], now: float) -> Token:
    """`now`: when it was asked for. Raises RemoteMisbehaved for what holds no token."""
    try:
        answer = parse_object(body)
    except MalformedJson as problem:
        raise RemoteMisbehaved(registry, "its token service does not answer in JSON", [problem.reason]) from problem
    text = _text(answer, "token") or _text(answer, "access_token")
    if not _is_token(text):
        raise RemoteMisbehaved(registry, "its token service answers without a token", [_members(answer)])
    claims = claims_of(text)
    return Token(
        text,
        begins_at=now,
        expires_at=now + _life(answer, claims),
        asked=asked,
        granted=_granted(answer, claims),
        refresh_token=_text(answer, "refresh_token"),
    )


def claims_of(text: str) -> Mapping[str, JsonValue]:
    """What a JSON Web Token says of itself, unverified; nothing, if it is none."""
    parts = text.split(".")
    if len(parts) != 3:
        return {}
    try:
        return parse_object(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    except (binascii.Error, ValueError, MalformedJson):
        return {}


def _text(answer: Mapping[str, JsonValue], name: str) -> str:
    value = answer.get(name)
    return value if isinstance(value, str) else ""


def _life(answer: Mapping[str, JsonValue], claims: Mapping[str, JsonValue]) -> float:
    """In seconds, by our own clock: theirs may be wrong."""
    told = _seconds(answer.get("expires_in"))
    if told is None:
        end, start = _seconds(claims.get("exp")), _seconds(claims.get("iat"))
        told = end - start if end and start else None
    return min(told, _LONGEST_LIFE) if told is not None and told > 0 else USUAL_LIFE


def _seconds(value: JsonValue) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _granted(answer: Mapping[str, JsonValue], claims: Mapping[str, JsonValue]) -> tuple[Scope, ...] | None:
    if isinstance(access := claims.get("access"), list):
        return merged(right for entry in access if (right := _access(entry)))
    if isinstance(scope := answer.get("scope"), str):
        try:
            return parse_scopes(scope)
        except MalformedQuery:
            return None
    return None


def _access(entry: JsonValue) -> Scope | None:
    """One right in the form that tokens have it: `{"type": …, "name": …, "actions": […]}`."""
    match entry:
        case {"type": str(kind), "name": str(name), "actions": list(actions)}:
            try:
                return Scope(kind, name, frozenset(action for action in actions if isinstance(action, str)))
            except MalformedQuery:
                return None
    return None


def _members(answer: Mapping[str, JsonValue]) -> str:
    """By their names; what looks like no name is kept back, since it may be anything."""
    names = [name for name in list(answer)[:10] if _is_member(name)]
    return f"it holds: {', '.join(names) or 'nothing that has a usual name'}" if answer else "it is empty"
