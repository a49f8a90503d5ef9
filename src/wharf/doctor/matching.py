"""Recognising failures: a text, and what is known of the machine, to the signatures that are in it, best first.

What failed comes first; what says less about the same text, what only follows from a failure, and what stops nobody
come after it.
"""

from collections.abc import Iterable, Sequence
from io import BytesIO
from typing import Final

from wharf.doctor.facts import Facts, Verdict
from wharf.doctor.looking import look
from wharf.doctor.pattern import Weight
from wharf.doctor.recognised import Match, Sighting
from wharf.doctor.signature import Signature, SignatureId

__all__ = ["Match", "matches", "ranked", "shown_by"]
_NO_FACTS: Final = Facts()


def matches(text: str, signatures: Iterable[Signature], facts: Facts = _NO_FACTS) -> tuple[Match, ...]:
    """Best first. A silent signature is among them if what is known of the machine says so."""
    known = tuple(signatures)
    log = BytesIO(text.encode("utf-8", "replace"))
    told = look(log, [one for one in known if not one.is_silent]).sightings
    told_already = {sighting.match.signature.id for sighting in told}
    silent = (Sighting(match) for match in shown_by(facts, known) if match.signature.id not in told_already)
    return tuple(sighting.match for sighting in ranked([*told, *silent]))


def shown_by(facts: Facts, signatures: Iterable[Signature]) -> list[Match]:
    """What is known of the machine shows some failures without a word."""
    return [Match(one) for one in signatures if one.state is not None and one.state.verdict(facts) is Verdict.HOLDS]


def ranked(found: Sequence[Sighting]) -> list[Sighting]:
    """Best first, without those of which another says more in the same message."""
    messages = {sighting.match.signature.id: sighting.message for sighting in found}
    outranked = {
        below: sighting.message
        for sighting in found
        for below in sighting.match.signature.outranks
        if below in messages
    }
    followed = {cause for sighting in found for cause in sighting.match.signature.follows}
    kept = [one for one in found if outranked.get(one.match.signature.id) != one.message]
    return sorted(kept, key=lambda one: _rank(one, outranked, followed))


def _rank(
    sighting: Sighting, outranked: Iterable[SignatureId], followed: Iterable[SignatureId]
) -> tuple[int, bool, bool, int, int]:
    """A remark from which a failure follows is one itself."""
    match = sighting.match
    weight = Weight.FAILURE if match.weight is Weight.REMARK and match.signature.id in followed else match.weight
    is_outranked = match.signature.id in outranked
    return weight.value, is_outranked, match.pattern is None, sighting.message, -_length(match)


def _length(match: Match) -> int:
    return len(match.pattern.template) if match.pattern is not None else 0
