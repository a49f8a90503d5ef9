"""Recognising failures: a text, and what is known of the machine, to the signatures that are in it, best first.

What failed comes first; what says less about the same text, what only follows from a failure, and what stops nobody
come after it.
"""

from collections.abc import Iterable
from io import BytesIO
from typing import Final

from wharf.doctor.facts import Facts, Verdict
from wharf.doctor.looking import look
from wharf.doctor.recognised import Match
from wharf.doctor.signature import Signature, SignatureId

__all__ = ["Match", "matches", "shown_by"]
_NO_FACTS: Final = Facts()


def matches(text: str, signatures: Iterable[Signature], facts: Facts = _NO_FACTS) -> tuple[Match, ...]:
    """Best first. A silent signature is among them if what is known of the machine says so."""
    known = tuple(signatures)
    log = BytesIO(text.encode("utf-8", "replace"))
    told = [sighting.match for sighting in look(log, [one for one in known if not one.is_silent]).sightings]
    told_already = {match.signature.id for match in told}
    return _ranked([*told, *(match for match in shown_by(facts, known) if match.signature.id not in told_already)])


def shown_by(facts: Facts, signatures: Iterable[Signature]) -> list[Match]:
    """What is known of the machine shows some failures without a word."""
    return [Match(one) for one in signatures if one.state is not None and one.state.verdict(facts) is Verdict.HOLDS]


def _ranked(found: list[Match]) -> tuple[Match, ...]:
    lines = {match.signature.id: match.line_number for match in found}
    outranked = {below: match.line_number for match in found for below in match.signature.outranks if below in lines}
    kept = [match for match in found if outranked.get(match.signature.id) != match.line_number]
    return tuple(sorted(kept, key=lambda match: _rank(match, outranked)))


def _rank(match: Match, outranked: Iterable[SignatureId]) -> tuple[int, bool, bool, int, int]:
    signature = match.signature
    return match.weight.value, signature.id in outranked, match.pattern is None, match.line_number, -_length(match)


def _length(match: Match) -> int:
    return len(match.pattern.template) if match.pattern is not None else 0
