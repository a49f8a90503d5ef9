"""`wharf`: finds the verb, runs it, and turns what went wrong into words for a person and an exit code."""

from collections.abc import Sequence
from typing import Final

import click

from wharf import __version__
from wharf.cli.exit_codes import INTERRUPTED, OK, TABLE, exit_code_of
from wharf.cli.output import Output
from wharf.cli.surroundings import Surroundings
from wharf.cli.verbs import Verb, Verbs
from wharf.errors import WharfError

_VERBS: Final = {
    "serve": Verb("wharf.cli.serve", "Run the registry."),
    "admin": Verb("wharf.cli.admin", "Look after a registry."),
}
_EPILOG: Final = """\
\b
Example:
  wharf serve --data /srv/wharf

\b
Completion in the shell: put the line of yours into its start-up file.
  bash  eval "$(_WHARF_COMPLETE=bash_source wharf)"
  zsh   eval "$(_WHARF_COMPLETE=zsh_source wharf)"
  fish  _WHARF_COMPLETE=fish_source wharf | source

\b
Exit codes:
""" + "\n".join(f"  {row.code:>3}  {row.name}: {row.meaning}" for row in TABLE)

root: Final = click.version_option(__version__, message="wharf %(version)s")(
    Verbs("wharf", _VERBS, "A container registry of one's own.", _EPILOG)
)


def main(
    arguments: Sequence[str] | None = None, surroundings: Surroundings | None = None, command: click.Command = root
) -> int:
    """The exit code. A reader that goes away early (`| head`) ends the command without a word: click sees to it."""
    surroundings = surroundings or Surroundings.here()
    output = Output(surroundings)
    try:
        ended = command.main(arguments, prog_name="wharf", standalone_mode=False, obj=surroundings)
    except click.Abort:
        return INTERRUPTED.code
    except click.ClickException as error:
        error.show(surroundings.err)
        return error.exit_code
    except WharfError as error:
        output.explain(error.diagnostics())
        return exit_code_of(error).code
    except ExceptionGroup as group:
        return _explain_all(group, output)
    return ended if isinstance(ended, int) else OK.code


def _explain_all(group: ExceptionGroup[Exception], output: Output) -> int:
    ours, others = group.split(WharfError)
    if others is not None or ours is None:
        raise group
    errors = [error for error in ours.exceptions if isinstance(error, WharfError)]
    for error in errors:
        output.explain(error.diagnostics())
    return exit_code_of(*errors).code
