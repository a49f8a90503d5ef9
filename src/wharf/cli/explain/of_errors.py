"""wharf's own errors, found in the catalogue of known failures: so that they too lead to causes, probes and fixes."""

import shlex
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from wharf.doctor.catalogue import known_failures
from wharf.doctor.explanation import explanation
from wharf.doctor.language import Words, language_of
from wharf.doctor.matching import Match, matches
from wharf.doctor.pattern import Capture
from wharf.doctor.signature import Signature, SignatureId, system_of
from wharf.errors import WharfError

_KNOWN = Words("this is known: {}", "알려진 문제: {}")
_MORE = Words("what is behind it here: {}", "여기서의 원인 찾기: {}")


@dataclass(frozen=True, slots=True)
class KnownError:
    """`lines`: what a person reads of it beside the error's own words."""

    signature: SignatureId
    lines: tuple[str, ...]


def known_error(error: WharfError, environ: Mapping[str, str], platform: str) -> KnownError | None:
    match = match_of(error, known_failures())
    if match is None:
        return None
    language = language_of(environ)
    told = explanation(match, language, system_of(platform))
    lines = (_KNOWN.in_(language).format(told.title), _MORE.in_(language).format(_command(match)))
    return KnownError(told.signature, lines)


def match_of(error: WharfError, signatures: Iterable[Signature]) -> Match | None:
    """By its words, which say more; else by its code."""
    known = tuple(signatures)
    said = error.diagnostics()
    found = matches("\n".join((said.cause, *said.evidence)), known)
    if found:
        return found[0]
    return next((Match(signature) for signature in known if error.code in signature.errors), None)


def _command(match: Match) -> str:
    host = match.captured.get(Capture.HOST)
    return shlex.join(["wharf", "explain", match.signature.id, *(["--registry", host] if host else [])])
