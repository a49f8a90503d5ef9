"""How the API says no: GitHub's form and status codes, with wharf's explanation beside it.

{"message": "Not Found", "documentation_url": "…", "status": "404", "wharf": {"code": …, "cause": …, "nextStep": …}}

`message` is what `gh` shows, so it says what GitHub's would, and the cause where that says more.
"""

import json
from dataclasses import dataclass
from typing import Final

from wharf import errors
from wharf.protocol.challenge import Challenge
from wharf.registry.http.errors import hints_of, tell_of_the_store
from wharf.registry.http.message import Headers, Reply, headers

JSON: Final = "application/json; charset=utf-8"
# What one may see, another may not, and a token is shown once: no cache keeps an answer.
NOT_KEPT: Final = ((b"cache-control", b"no-store"),)
_DOCUMENTATION: Final = "https://docs.github.com/rest/packages/packages"


@dataclass(frozen=True, slots=True)
class Refusal:
    """`message`: GitHub's words; empty where the cause itself is the best there is."""

    status: int
    message: str = ""


REFUSALS: Final[dict[type[errors.WharfError], Refusal]] = {
    errors.WharfError: Refusal(500, "Server Error"),
    errors.Malformed: Refusal(422),
    errors.MalformedQuery: Refusal(400),
    errors.MalformedHeader: Refusal(400),
    errors.MalformedJson: Refusal(400, "Problems parsing JSON"),
    errors.NotThere: Refusal(404, "Not Found"),
    errors.RepositoryUnknown: Refusal(404, "Package not found."),
    errors.NotSupported: Refusal(405),
    errors.Untrue: Refusal(400),
    errors.NotAuthenticated: Refusal(401, "Requires authentication"),
    errors.CredentialRefused: Refusal(401, "Bad credentials"),
    errors.GrantMissing: Refusal(403),
    errors.Denied: Refusal(403),
    errors.AlreadyThere: Refusal(409),
    errors.LastVersion: Refusal(400),
    errors.PartOfImage: Refusal(409),
    errors.CannotRestore: Refusal(409),
    errors.StillNeeded: Refusal(409),
    errors.TagImmutable: Refusal(409),
    errors.QuotaExceeded: Refusal(403),
    errors.TooLarge: Refusal(413),
    errors.TooMany: Refusal(422),
    errors.TooManyAttempts: Refusal(429),
    errors.TooBusy: Refusal(429),
    errors.StoreBusy: Refusal(503),
    errors.StoreFull: Refusal(507),
    errors.StoreProblem: Refusal(503, "Service unavailable"),
}


def refusal_of(error: errors.WharfError) -> Refusal:
    return next(REFUSALS[kind] for kind in type(error).__mro__ if kind in REFUSALS)


def refused(error: errors.WharfError, request_id: str) -> Reply:
    tell_of_the_store(error, request_id)
    refusal = refusal_of(error)
    body = json.dumps(_document(error, refusal, request_id)).encode()
    facts = headers(((b"content-type", JSON), (b"content-length", len(body))))
    return Reply(refusal.status, (*facts, *NOT_KEPT, *_hints(error)), body)


def _document(error: errors.WharfError, refusal: Refusal, request_id: str) -> dict[str, object]:
    spoken = error.diagnostics()
    document: dict[str, object] = {
        "message": refusal.message or spoken.cause,
        "documentation_url": _DOCUMENTATION,
        "status": str(refusal.status),
    }
    if refusal.status < 500:
        evidence, step = list(spoken.evidence), spoken.next_step
        document["wharf"] = {"code": error.code, "cause": spoken.cause, "evidence": evidence, "nextStep": step}
    return {**document, "request_id": request_id}


def _hints(error: errors.WharfError) -> Headers:
    if refusal_of(error).status == 401:
        return headers(((b"www-authenticate", str(Challenge("Bearer", {"realm": "wharf"}))),))
    return hints_of(error)
