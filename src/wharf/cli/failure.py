"""How a command says that it failed: in words on standard error; and, where JSON was asked for, as one document."""

from collections.abc import Sequence
from typing import Final, TextIO

import click

from wharf.cli.exit_codes import FAILED, INTERRUPTED, USAGE, exit_code_of
from wharf.cli.output import Json, Output
from wharf.errors import Diagnostics, WharfError

_JSON_FLAG: Final = "--json"
_END_OF_FLAGS: Final = "--"


def wants_json(arguments: Sequence[str]) -> bool:
    """Known before the command line is read: it may be the command line that cannot be read."""
    given = list(arguments)
    flags = given[: given.index(_END_OF_FLAGS)] if _END_OF_FLAGS in given else given
    return _JSON_FLAG in flags


class Failure:
    def __init__(self, output: Output, err: TextIO, *, for_machines: bool) -> None:
        self._output = output
        self._err = err
        self._for_machines = for_machines

    def explained(self, *errors: WharfError) -> int:
        """Several at once are all told; the first stands where one error would."""
        for error in errors:
            self._output.explain(error.diagnostics())
        first, *others = [_as_json(error.code, error.diagnostics()) for error in errors]
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

    def _tell(self, document: Json) -> None:
        if self._for_machines:
            self._output.json(document)


def _as_json(code: str, diagnostics: Diagnostics) -> Json:
    return {
        "code": code,
        "cause": diagnostics.cause,
        "evidence": list(diagnostics.evidence),
        "nextStep": diagnostics.next_step,
    }
