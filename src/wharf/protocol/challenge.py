"""A challenge is how a server says whom it trusts: `WWW-Authenticate: Bearer realm="https://…",service="…"`.

    challenges = challenge *( "," challenge )
    challenge  = scheme [ SP ( token68 | parameter *( "," parameter ) ) ]
    parameter  = token "=" ( token | quoted-string )

Written, the values always stand in quotes: more than one client reads no others.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from wharf.errors import MalformedHeader

_LONGEST_HEADER = 16 * 1024
_EXCERPT = 200

_TOKEN = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"  # noqa: S105 -- a word of the grammar, not a secret
_is_token = re.compile(_TOKEN).fullmatch
_is_token68 = re.compile(r"[A-Za-z0-9._~+/-]+=*").fullmatch
_is_speakable = re.compile(r"[\t -~\x80-\xff]*").fullmatch
_bare_scheme_at = re.compile(rf"({_TOKEN})[ \t]*(?=,|\Z)").match
_scheme_at = re.compile(rf"({_TOKEN})[ \t]+").match
_token68_at = re.compile(r"([A-Za-z0-9._~+/-]+=*)[ \t]*(?=,|\Z)").match
_parameter_at = re.compile(rf'({_TOKEN})[ \t]*=[ \t]*(?:({_TOKEN})|"([^"\\]*(?:\\.[^"\\]*)*)")[ \t]*(?=,|\Z)').match
_quoted_pair = re.compile(r"\\(.)")
_to_be_escaped = re.compile(r'(["\\])')


@dataclass(frozen=True, slots=True)
class Challenge:
    """One way to authenticate. Names of parameters are lower case: HTTP does not distinguish them."""

    scheme: str
    parameters: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}), hash=False)
    token68: str = ""

    def __post_init__(self) -> None:
        if not _is_token(self.scheme):
            raise MalformedHeader(self.scheme[:_EXCERPT], "this is not the name of a scheme")
        if self.token68 and (self.parameters or not _is_token68(self.token68)):
            raise MalformedHeader(self.token68[:_EXCERPT], "this cannot follow the name of a scheme")
        for name, value in self.parameters.items():
            _check_parameter(name, value)

    def __str__(self) -> str:
        details = self.token68 or ",".join(f"{name}={_quoted(value)}" for name, value in self.parameters.items())
        return f"{self.scheme} {details}" if details else self.scheme


def parse_challenges(header: str) -> tuple[Challenge, ...]:
    """All challenges of one header, in the order of the server's preference."""
    if len(header) > _LONGEST_HEADER:
        raise MalformedHeader(header[:_EXCERPT], f"more than {_LONGEST_HEADER} characters", where="WWW-Authenticate")
    challenges: list[Challenge] = []
    at = _skipped(header, 0)
    while at < len(header):
        challenge, at = _read_challenge(header, at)
        challenges.append(challenge)
    return tuple(challenges)


def _read_challenge(header: str, at: int) -> tuple[Challenge, int]:
    if bare := _bare_scheme_at(header, at):
        return Challenge(bare[1]), _skipped(header, bare.end())
    scheme = _scheme_at(header, at)
    if scheme is None:
        raise _misplaced(header, at, "expected the name of a scheme")
    if token68 := _token68_at(header, scheme.end()):
        return Challenge(scheme[1], token68=token68[1]), _skipped(header, token68.end())
    parameters, end = _read_parameters(header, scheme.end())
    return Challenge(scheme[1], MappingProxyType(parameters)), end


def _read_parameters(header: str, at: int) -> tuple[dict[str, str], int]:
    parameters: dict[str, str] = {}
    while found := _parameter_at(header, at):
        name, token, quoted = found[1].lower(), found[2], found[3]
        if name in parameters:
            raise _misplaced(header, at, f"the parameter {name} stands twice")
        parameters[name] = _quoted_pair.sub(r"\1", quoted) if token is None else token
        at = _skipped(header, found.end())
    if not parameters:
        raise _misplaced(header, at, "expected a parameter")
    return parameters, at


def _misplaced(header: str, at: int, reason: str) -> MalformedHeader:
    return MalformedHeader(header[:_EXCERPT], reason, where=f"WWW-Authenticate, character {at + 1}")


def _skipped(header: str, at: int) -> int:
    """The next character that says something: lists may hold empty elements."""
    while at < len(header) and header[at] in " \t,":
        at += 1
    return at


def _check_parameter(name: str, value: str) -> None:
    if not _is_token(name) or name != name.lower():
        raise MalformedHeader(name[:_EXCERPT], "this is not the name of a parameter in lower case")
    if not _is_speakable(value):
        raise MalformedHeader(value[:_EXCERPT], f"the value of {name} cannot stand in a header")


def _quoted(value: str) -> str:
    return '"' + _to_be_escaped.sub(r"\\\1", value) + '"'
