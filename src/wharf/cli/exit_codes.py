"""How a command ended, as a number that scripts may rely on: one table, which `wharf --help` prints."""

from typing import Final, NamedTuple

from wharf.errors import (
    CredentialProblem,
    EngineProblem,
    Malformed,
    Misconfigured,
    NotThere,
    RateLimited,
    Refused,
    RemoteDenied,
    RemoteProblem,
    RemoteUnauthenticated,
    StoreBusy,
    StoreProblem,
    Untrue,
    WharfError,
)


class ExitCode(NamedTuple):
    code: int
    name: str
    meaning: str
    errors: tuple[type[WharfError], ...] = ()


OK: Final = ExitCode(0, "ok", "done")
FAILED: Final = ExitCode(1, "failed", "anything that has no number of its own", (WharfError,))
USAGE: Final = ExitCode(2, "usage", "the command line cannot be read", (Malformed,))
MISCONFIGURED: Final = ExitCode(3, "misconfigured", "a setting is wrong, or its address is taken", (Misconfigured,))
NOT_THERE: Final = ExitCode(4, "not there", "what was asked for does not exist", (NotThere,))
BUSY: Final = ExitCode(5, "busy", "another process is at it; try again later", (StoreBusy,))
REFUSED: Final = ExitCode(
    6, "refused", "it could be done, but not by you or not so", (Refused, RemoteUnauthenticated, RemoteDenied)
)
UNTRUE: Final = ExitCode(7, "untrue", "content is not what was announced", (Untrue,))
STORE: Final = ExitCode(8, "store", "the store is full, damaged or too new", (StoreProblem,))
REMOTE: Final = ExitCode(9, "remote", "the registry, or the way to it, does not do its part", (RemoteProblem,))
LIMITED: Final = ExitCode(10, "limited", "the registry wants to be left alone for a while", (RateLimited,))
CREDENTIAL: Final = ExitCode(11, "credential", "a credential on this machine fails", (CredentialProblem,))
ENGINE: Final = ExitCode(12, "engine", "the container engine does not do its part", (EngineProblem,))
INTERRUPTED: Final = ExitCode(130, "interrupted", "Ctrl-C")

TABLE: Final = (OK, FAILED, USAGE, MISCONFIGURED, NOT_THERE, BUSY, REFUSED, UNTRUE, STORE, REMOTE, LIMITED, CREDENTIAL,
                ENGINE, INTERRUPTED)  # fmt: skip

_BY_ERROR: Final = {error: row for row in TABLE for error in row.errors}


def exit_code_of(*errors: WharfError) -> ExitCode:
    """The row of an error's nearest ancestor; of several errors, the row that they share."""
    rows = {_row(error) for error in errors}
    return rows.pop() if len(rows) == 1 else FAILED


def _row(error: WharfError) -> ExitCode:
    return next(_BY_ERROR[kind] for kind in type(error).__mro__ if kind in _BY_ERROR)
