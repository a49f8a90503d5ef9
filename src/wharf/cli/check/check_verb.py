"""`wharf check`: proves that images get into a registry and out again, and says why where they do not."""

from pathlib import Path
from typing import Final

import click

from wharf.cli.check.errand import CheckErrand
from wharf.cli.check.place import PLACE, Place
from wharf.cli.check.reports import Reports
from wharf.cli.language_option import language_option, language_wished
from wharf.cli.logins.account_errand import AccountErrand
from wharf.cli.logins.typed_credential import Given
from wharf.cli.output import Output
from wharf.cli.remote_options import RemoteWishes, json_option, remote_options
from wharf.cli.running import run_to_end
from wharf.cli.surroundings import Surroundings
from wharf.doctor.check.checked import CLEANUP_SECONDS
from wharf.doctor.check.voyage import PATIENCE_SECONDS, PLATFORMS, EngineUse, Wishes
from wharf.oci.platform import Platform

_ABOUT: Final = """\
Prove that images get into a registry and out again: with this machine, this account, this network.

A tiny image is made, without a daemon, and pushed as REGISTRY/NAMESPACE/wharf-check under a tag of its own; it is
pulled and compared, run where a container engine answers, looked up in the registry's lists, and taken away again,
whatever happens. Where a step fails, its cause is looked for. Nothing on this machine is changed: a credential that is
given stays in memory.
"""
_EPILOG: Final = """\
\b
Examples:
  wharf check registry.example/team
  printf %s "$TOKEN" | wharf check ghcr.io/acme -u NAME --password-stdin
  wharf check ghcr.io/acme --engine
  wharf check registry.example/team --quiet --junit check.xml

\b
The credential is the one that is given, else that of variables, else the one
that `wharf login` or `docker login` has stored:
  any registry  WHARF_USERNAME, WHARF_TOKEN
  ghcr.io       GITHUB_USERNAME (or GITHUB_ACTOR), GITHUB_TOKEN; GITHUB_ORG is
                the namespace where none is named
  GitLab CI     CI_REGISTRY_USER, CI_REGISTRY_PASSWORD, CI_PROJECT_PATH

\b
Exit codes:
    0  everything works, perhaps with remarks
    6  the registry refuses the account, or an action
    7  what came back is not what was pushed
    9  the registry, or the way to it, does not do its part
   10  the registry counts requests, and there were too many
   12  the container engine does not do its part
    1  another failure: that of the first step that failed decides
  130  interrupted; what was made has been cleaned up
"""
_TOO_MANY_WORDS: Final = (
    "one registry is meant; what else was written is not repeated here, since it may be a secret. "
    "Pipe that in: --password-stdin"
)
_FILE: Final = click.Path(dir_okay=False, path_type=Path)


@click.pass_obj
def _check(
    surroundings: Surroundings,
    /,
    *,
    place: Place,
    more: tuple[str, ...],
    username: str,
    password_stdin: bool,
    engine: bool | None,
    platform: tuple[str, ...],
    keep: bool,
    patience: float,
    junit: Path | None,
    quiet: bool,
    lang: str | None,
    config: Path | None,
    insecure: tuple[str, ...],
    ca_file: Path | None,
    as_json: bool,
) -> int:
    if more:
        raise click.UsageError(_TOO_MANY_WORDS)
    account = AccountErrand(
        surroundings, Output(surroundings), RemoteWishes(config, frozenset(insecure), ca_file), as_json
    )
    language = language_wished(lang, surroundings.environ)
    wishes = Wishes(_use(engine=engine), _platforms(platform), keep, patience)
    reports = Reports(surroundings, language, as_json=as_json, quiet=quiet, junit=junit)
    reports.look_ahead()
    errand = CheckErrand(account, language, wishes, reports)
    voyage = errand.prepared(place, Given(username, password_stdin))
    return run_to_end(errand.carried_out(voyage), CLEANUP_SECONDS + 5)


def _use(*, engine: bool | None) -> EngineUse:
    if engine is None:
        return EngineUse.IF_THERE
    return EngineUse.PUSHES if engine else EngineUse.NONE


def _platforms(names: tuple[str, ...]) -> tuple[Platform, ...]:
    return tuple(each for each in PLATFORMS if str(each) in names) or PLATFORMS


check: Final = click.Command(
    "check",
    callback=_check,
    help=_ABOUT,
    epilog=_EPILOG,
    params=[
        click.Argument(["place"], type=PLACE, metavar="REGISTRY[/NAMESPACE]"),
        click.Argument(["more"], nargs=-1, metavar=""),
        click.Option(["-u", "--username"], default="", metavar="NAME", help="The account's name."),
        click.Option(["--password-stdin"], is_flag=True, help="Read the password or token from a pipe."),
        click.Option(
            ["--engine/--no-engine"],
            default=None,
            help="Let the container engine push, too; or leave it alone. Default: it runs the image, if it is there.",
        ),
        click.Option(
            ["--platform"],
            multiple=True,
            type=click.Choice([str(each) for each in PLATFORMS]),
            help="Make the image for this platform only. Default: for each of them.",
        ),
        click.Option(["--keep"], is_flag=True, help="Leave the image in the registry."),
        click.Option(
            ["--patience"],
            type=click.FloatRange(min=1),
            default=PATIENCE_SECONDS,
            metavar="SECONDS",
            help=f"How long one step may take. Default: {PATIENCE_SECONDS}.",
        ),
        click.Option(["--junit"], type=_FILE, metavar="FILE", help="Write JUnit's XML, with a test for each step."),
        click.Option(
            ["-q", "--quiet"], is_flag=True, help="Speak only if something has changed since the last --quiet run."
        ),
        language_option(),
        *remote_options(),
        json_option(),
    ],
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 80},
)
