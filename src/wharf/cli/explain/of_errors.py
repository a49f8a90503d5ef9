"""wharf's own errors, found in the catalogue of known failures: so that they too lead to causes, probes and fixes."""

import shlex
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from wharf.doctor.catalogue import known_failures
from wharf.doctor.explanation import explanation
from wharf.doctor.language import Language, Words, language_of
from wharf.doctor.matching import Match, matches
from wharf.doctor.pattern import Capture, Captured
from wharf.doctor.signature import Signature, SignatureId, system_of
from wharf.errors import ManifestUnknown, RemoteAnswered, WharfError

_CAUSES: Final = Words("causes: {}", "원인 찾기: {}")


@dataclass(frozen=True, slots=True)
class KnownError:
    """`lines`: what a person reads of it beside the error's own words."""

    signature: SignatureId
    lines: tuple[str, ...]


def known_error(error: WharfError, environ: Mapping[str, str], platform: str) -> KnownError | None:
    match = match_of(error, known_failures())
    if match is None:
        return None
    match = replace(match, captured={**match.captured, **_named(error)})
    language = language_of(environ)
    lines = [_CAUSES.in_(language).format(_command(match))]
    if language is not Language.ENGLISH:  # the error itself is said in English
        lines.insert(0, explanation(match, language, system_of(platform)).title)
    return KnownError(match.signature.id, tuple(lines))


def match_of(error: WharfError, signatures: Iterable[Signature]) -> Match | None:
    """By its words, which say more; else by its code."""
    known = tuple(signatures)
    said = error.diagnostics()
    found = matches("\n".join((said.cause, *said.evidence)), known)
    if found:
        return found[0]
    return next((Match(signature) for signature in known if error.code in signature.errors), None)


def _named(error: WharfError) -> Captured:
    if isinstance(error, RemoteAnswered):
        return {Capture.HOST: error.registry}
    if not isinstance(error, ManifestUnknown):
        return {}
    return {Capture.REFERENCE: f"{error.name}{'@' if ':' in error.reference else ':'}{error.reference}"}


def _command(match: Match) -> str:
    """With what the failure was about, so that it can be looked at."""
    options = {"--image": Capture.REFERENCE, "--registry": Capture.HOST}
    about = next(([option, match.captured[known]] for option, known in options.items() if known in match.captured), [])
    return shlex.join(["wharf", "explain", match.signature.id, *about])
