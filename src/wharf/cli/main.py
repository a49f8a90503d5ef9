"""`wharf`: finds the verb, runs it, and turns what went wrong into words for a person and an exit code."""

import errno
import sys
from collections.abc import Sequence
from typing import Final

import click

from wharf import __version__
from wharf.cli.exit_codes import OK, TABLE
from wharf.cli.failure import Failure, wants_json
from wharf.cli.surroundings import Surroundings
from wharf.cli.verbs import Verb, Verbs
from wharf.errors import WharfError

_NOT_TO_BE_WRITTEN_TO: Final = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO}
_IMAGES: Final = "Images, in any registry or file"
_WHY: Final = "Why images do not arrive"
_ACCOUNTS: Final = "Who one is, at any registry"
_REGISTRY: Final = "A registry of one's own"

_VERBS: Final = {
    "copy": Verb("wharf.cli.images.copy_verb", "Copy images between registries, files and engines.", _IMAGES),
    "push": Verb("wharf.cli.images.push", "Bring an image from this machine into a registry.", _IMAGES),
    "pull": Verb("wharf.cli.images.pull", "Bring an image from a registry to this machine.", _IMAGES),
    "tag": Verb("wharf.cli.images.tag", "Give an image in a registry more names.", _IMAGES),
    "inspect": Verb("wharf.cli.images.inspect_verb", "Show what an image is and what it is made of.", _IMAGES),
    "diff": Verb("wharf.cli.images.diff", "Show what differs between two images.", _IMAGES),
    "tags": Verb("wharf.cli.images.tags", "List the tags of a repository.", _IMAGES),
    "search": Verb("wharf.cli.images.search", "Find repositories of a registry by name.", _IMAGES),
    "delete": Verb("wharf.cli.images.delete", "Delete tags or manifests from a registry.", _IMAGES),
    "restore": Verb("wharf.cli.images.restore", "Bring back what was deleted from a wharf registry.", _IMAGES),
    "stats": Verb("wharf.cli.stats", "Tell how often what was pulled, and how much room it takes.", _IMAGES),
    "doctor": Verb("wharf.cli.doctor.doctor_verb", "Say why the images of a repository do not arrive.", _WHY),
    "explain": Verb("wharf.cli.explain.explain_verb", "Say what an error text means, and what mends it.", _WHY),
    "check": Verb("wharf.cli.check.check_verb", "Prove that images get into a registry and out again.", _WHY),
    "login": Verb("wharf.cli.logins.login", "Log in to a registry, once it has accepted the credential.", _ACCOUNTS),
    "logout": Verb("wharf.cli.logins.logout", "Forget the credential for a registry.", _ACCOUNTS),
    "whoami": Verb("wharf.cli.logins.whoami", "Tell who you are, how that is known, and what you may do.", _ACCOUNTS),
    "token": Verb("wharf.cli.tokens.token", "Make, list, revoke and rotate tokens of a registry.", _ACCOUNTS),
    "serve": Verb("wharf.cli.server.serve", "Run the registry.", _REGISTRY),
    "admin": Verb("wharf.cli.server.admin", "Look after a registry.", _REGISTRY),
}
_EPILOG: Final = """\
\b
Examples:
  wharf copy ghcr.io/team/app:1.0 registry.example/team/app:1.0
  wharf inspect registry.example/team/app:1.0
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
    Verbs("wharf", _VERBS, "A registry of one's own, and a delivery tool for any registry.", _EPILOG)
)


def main(
    arguments: Sequence[str] | None = None, surroundings: Surroundings | None = None, command: click.Command = root
) -> int:
    """The exit code. A reader that goes away early (`| head`) ends the command without a word: click sees to it."""
    surroundings = surroundings or Surroundings.here()
    given = sys.argv[1:] if arguments is None else list(arguments)
    failure = Failure(surroundings, for_machines=wants_json(given))
    try:
        ended = command.main(given, prog_name="wharf", standalone_mode=False, obj=surroundings)
    except click.Abort:
        return failure.interrupted()
    except click.ClickException as error:
        return failure.unreadable(error)
    except WharfError as error:
        return failure.explained(error)
    except ExceptionGroup as group:
        return failure.explained(*_known_errors(group))
    except OSError as problem:  # the rooms below put theirs into words: this one is about what was to be printed
        if problem.errno not in _NOT_TO_BE_WRITTEN_TO:
            raise
        return failure.unsaid(problem)
    return ended if isinstance(ended, int) else OK.code


def _known_errors(group: ExceptionGroup[Exception]) -> list[WharfError]:
    """All that went wrong at once, if it is all of our tree: what is not is a mistake of ours."""
    found: list[WharfError] = []
    for error in group.exceptions:
        if isinstance(error, ExceptionGroup):
            found += _known_errors(error)
        elif isinstance(error, WharfError):
            found.append(error)
        else:
            raise group
    return found
