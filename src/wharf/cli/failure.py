"""How a command says that it failed: in words on standard error; and, where JSON was asked for, as one document."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import click

from wharf.cli.exit_codes import FAILED, INTERRUPTED, USAGE, exit_code_of
from wharf.cli.output import Json, Output
from wharf.cli.surroundings import Surroundings
from wharf.errors import Diagnostics, WharfError

if TYPE_CHECKING:
    from wharf.cli.explain.of_errors import KnownError

_JSON_FLAG: Final = "--json"
_END_OF_FLAGS: Final = "--"


def wants_json(arguments: Sequence[str]) -> bool:
    """Known before the command line is read: it may be the command line that cannot be read."""
    given = list(arguments)
    flags = given[: given.index(_END_OF_FLAGS)] if _END_OF_FLAGS in given else given
    return _JSON_FLAG in flags


class Failure:
    def __init__(self, surroundings: Surroundings, *, for_machines: bool) -> None:
        self._surroundings = surroundings
        self._output = Output(surroundings)
        self._err = surroundings.err
        self._for_machines = for_machines

    def explained(self, *errors: WharfError) -> int:
        """Several at once are all told; the first stands where one error would."""
        known = [self._known(error) for error in errors]
        for error, also in zip(errors, known, strict=True):
            self._output.explain(error.diagnostics())
            self._output.lines_beside(also.lines if also else ())
        first, *others = [
            {**_as_json(error.code, error.diagnostics()), **({"signature": also.signature} if also else {})}
            for error, also in zip(errors, known, strict=True)
        ]
        self._tell({"error": first, **({"others": others} if others else {})})
        return exit_code_of(*errors).code

    def unreadable(self, error: click.ClickException) -> int:
        error.show(self._err)
        self._tell({"error": _as_json(USAGE.name, Diagnostics(error.format_message()))})
        return error.exit_code

    def interrupted(self) -> int:
        self._output.progress("")
        self._tell({"error": _as_json(INTERRUPTED.name, Diagnostics("interrupted"))})
        return INTERRUPTED.code

    def unsaid(self, problem: OSError) -> int:
        """Standard output takes no more: there is only the other one left to say so."""
        cause = f"what was to be said cannot be written: {(problem.strerror or str(problem)).lower()}"
        self._output.explain(Diagnostics(cause, next_step="look where standard output leads"))
        return FAILED.code

    def _known(self, error: WharfError) -> "KnownError | None":
        from wharf.cli.explain.of_errors import known_error  # noqa: PLC0415 - read only when something failed

        return known_error(error, self._surroundings.environ, self._surroundings.platform)

    def _tell(self, document: Json) -> None:
        if self._for_machines:
            self._output.json(document)


def _as_json(code: str, diagnostics: Diagnostics) -> dict[str, Json]:
    return {
        "code": code,
        "cause": diagnostics.cause,
        "evidence": list(diagnostics.evidence),
        "nextStep": diagnostics.next_step,
    }
