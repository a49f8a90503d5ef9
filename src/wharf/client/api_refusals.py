"""The API of a wharf registry says no with a status, and with its cause, evidence and next step beside it.

{"message": "Not Found", "status": "404", "wharf": {"code": "…", "cause": "…", "evidence": ["…"], "nextStep": "…"}}
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from wharf.client.message import Response
from wharf.client.refusals import refusal
from wharf.errors import (
    Malformed,
    MalformedJson,
    NotThere,
    Refused,
    RemoteAnswered,
    RemoteDenied,
    RemoteUnauthenticated,
    WharfError,
    shown,
)
from wharf.oci.members import Members
from wharf.oci.strict_json import parse_object

_MOST_EVIDENCE: Final = 6
_NO_SUCH_API: Final = "this takes a wharf registry that has the API of accounts and packages"


@dataclass(frozen=True, slots=True)
class _Explanation:
    cause: str
    evidence: tuple[str, ...] = ()
    next_step: str = ""


def api_refusal(registry: str, did: str, response: Response, shown_to_it: str) -> WharfError:
    """The error that says it on this side. `shown_to_it`: in words, the credential that was shown."""
    found = _explanation_in(response, registry)
    if found is None:
        step = _NO_SUCH_API if response.status in {404, 405, 501} else ""
        return refusal(registry, did, response, step)
    evidence = [f"{registry} answered {response.status}", *found.evidence]
    match response.status:
        case 401 | 403:
            return _not_let_in(registry, did, response.status, found, shown_to_it)
        case 404:
            return NotThere(found.cause, evidence=[*evidence, shown_to_it], next_step=found.next_step)
        case 400 | 422:
            return _malformed(found, evidence)
        case 409:
            return Refused(found.cause, evidence=evidence, next_step=found.next_step)
    return RemoteAnswered(
        registry, did, response.status, [found.cause, *found.evidence], next_step=_advised(found.next_step)
    )


def _not_let_in(
    registry: str, did: str, status: int, found: _Explanation, shown_to_it: str
) -> RemoteUnauthenticated | RemoteDenied:
    said = [found.cause, *found.evidence, shown_to_it]
    if status == 401:
        return RemoteUnauthenticated(registry, did, status, said)
    return RemoteDenied(registry, did, status, said, next_step=_advised(found.next_step))


def _malformed(found: _Explanation, evidence: Sequence[str]) -> Malformed:
    error = Malformed("", found.cause, next_step=found.next_step)
    for line in evidence:
        error.seen_at(line)
    return error


def _advised(step: str) -> str:
    """It stays recognisable as the registry's advice."""
    return f"the registry advises: {step}" if step else ""


def _explanation_in(response: Response, registry: str) -> _Explanation | None:
    """A registry does not know what it is called here: it says REGISTRY."""
    try:
        own = Members.of(parse_object(response.body), "", MalformedJson).inner("wharf")
        cause, evidence, step = own.text("cause"), own.texts("evidence"), own.text("nextStep")
    except Malformed:
        return None
    if not cause:
        return None
    return _Explanation(
        shown(cause), tuple(map(shown, evidence[:_MOST_EVIDENCE])), shown(step.replace("REGISTRY", registry))
    )
