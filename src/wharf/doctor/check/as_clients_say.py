"""An error of wharf in the words that docker's programs have for the same failure: by those it is known.

Only what the error itself says is put into these words: its status, and in which step it came up.
"""

from http import HTTPStatus
from typing import Final

from wharf.doctor.check.berth import Berth
from wharf.doctor.check.step import Step
from wharf.errors import (
    DigestMismatch,
    EngineUnreachable,
    RemoteAnswered,
    RemoteDenied,
    RemoteUnauthenticated,
    WharfError,
)

NOT_TAKEN: Final = "its token service gave a token, and the registry does not take it"
_GRANTS: Final = "the token grants: "
_PUSH: Final = "push"
_MANIFEST: Final = "manifest"
_FROM_A_SERVICE: Final = "give a token"


def rights_as_clients_say(error: WharfError, step: Step, berth: Berth) -> str:
    """What they say where the answer alone says too little: whose token it was, and what it is good for."""
    if not isinstance(error, RemoteAnswered):
        return ""
    if NOT_TAKEN in error.diagnostics().evidence:
        return "error authorizing context: invalid token"
    return _denied(berth) if step is Step.PUSH and _lacks_the_right_to_push(error) else ""


def status_as_clients_say(error: WharfError, step: Step, berth: Berth) -> str:
    """What they make of an answer that has no words of its own. Nothing, where they have none either."""
    if isinstance(error, DigestMismatch):
        return f"unexpected commit digest {error.computed}, expected {error.announced}: failed precondition"
    if isinstance(error, EngineUnreachable):
        return _of_engine(error)
    if isinstance(error, RemoteDenied) and step is Step.PUSH:
        return _denied(berth)
    return _of_answer(error, step, berth) if isinstance(error, RemoteAnswered) else ""


def _denied(berth: Berth) -> str:
    name = f"{berth.registry}/{berth.repository}"
    said = f"push access denied, repository does not exist or may require authorization: {name}"
    return f"{said}\ndenied: requested access to the resource is denied"


def _of_engine(error: EngineUnreachable) -> str:
    if "permission denied" in error.reason:
        return f"permission denied while trying to connect to the Docker daemon socket at {error.address}"
    return f"Cannot connect to the Docker daemon at {error.address}. Is the docker daemon running?"


def _of_answer(error: RemoteAnswered, step: Step, berth: Berth) -> str:
    status = _status(error.status)
    if _FROM_A_SERVICE in error.diagnostics().cause:
        return f"token auth attempt for registry https://{berth.registry}/v2/: request failed with status: {status}"
    if step is Step.PUSH:
        return f"unexpected status from {_request(error, berth)}: {status}"
    if step is Step.PULL:
        return f"unexpected status from GET request to {_address(berth)}/blobs/: {status}"
    return f"received unexpected HTTP status: {status}" if step is Step.ENVIRONMENT else ""


def _lacks_the_right_to_push(error: RemoteAnswered) -> bool:
    """The registry knows who asks, and the token that it was shown is not good for this."""
    granted = [line.removeprefix(_GRANTS) for line in error.diagnostics().evidence if line.startswith(_GRANTS)]
    return isinstance(error, RemoteUnauthenticated) and any(_PUSH not in _actions(line) for line in granted)


def _actions(granted: str) -> set[str]:
    """Of `repository:team/app:pull,push`, and of several such."""
    return {action for scope in granted.split() for action in scope.rpartition(":")[2].strip(",").split(",")}


def _request(error: RemoteAnswered, berth: Berth) -> str:
    if _MANIFEST in error.diagnostics().cause:
        return f"PUT request to {_address(berth)}/manifests/{berth.tag}"
    return f"POST request to {_address(berth)}/blobs/uploads/"


def _address(berth: Berth) -> str:
    return f"https://{berth.registry}/v2/{berth.repository}"


def _status(status: int) -> str:
    known = {each.value: each.phrase for each in HTTPStatus}
    return f"{status} {known.get(status, '')}".strip()
