"""`wharf doctor`: looks at a repository and says why its images will not arrive."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from wharf.cli.doctor.happened import Happened, happened_options
from wharf.cli.doctor.wishes import Wishes
from wharf.cli.doctor.words import LOOKING
from wharf.cli.language_option import language_option, language_wished
from wharf.cli.output import Output
from wharf.cli.registry_name import registry_in
from wharf.cli.remote_options import RemoteWishes, json_option, remote_options
from wharf.cli.surroundings import Surroundings
from wharf.doctor.checkout import Checkout
from wharf.doctor.finding import Severity
from wharf.doctor.folder.folder import Folder
from wharf.doctor.folder.git_history import history_in
from wharf.doctor.history import History
from wharf.doctor.language import Language
from wharf.doctor.scene import Aim

if TYPE_CHECKING:
    from wharf.cli.doctor.examination import Asking

_ABOUT: Final = """\
Say why the images of a repository do not arrive.

Workflows, scripts, compose files and manifests in DIR are read, and nothing of them is run: which tags CI will push,
which ones the deployment will ask for, what the registry holds, and where they part. The exit code is 1 where there
is an error.
"""
_EPILOG: Final = """\
\b
Examples:
  wharf doctor
  wharf doctor --fix
  wharf doctor --tags --ref refs/tags/v1.2.3
  wharf doctor --offline --sarif doctor.sarif --picture way.svg
  wharf doctor --machine ghcr.io
"""


@click.pass_obj
def _doctor(
    surroundings: Surroundings,
    /,
    *,
    places: tuple[str, ...],
    machine: bool,
    fix: bool,
    diff: bool,
    tags: bool,
    event: str | None,
    ref: str | None,
    sha: str | None,
    default_branch: str | None,
    repository: str | None,
    offline: bool,
    every_note: bool,
    fail_on: str,
    annotations: bool,
    sarif: Path | None,
    junit: Path | None,
    picture: Path | None,
    lang: str | None,
    config: Path | None,
    insecure: tuple[str, ...],
    ca_file: Path | None,
    as_json: bool,
) -> int:
    language = language_wished(lang, surroundings.environ)
    annotated = annotations or surroundings.environ.get("GITHUB_ACTIONS") == "true"
    remote = RemoteWishes(config, frozenset(insecure), ca_file)
    if machine:
        return _look_at_machine(surroundings, places, remote, language, as_json=as_json)
    wishes = Wishes(as_json, tags, fix, diff, every_note, annotated, fail_on, sarif, junit, picture)
    happened = Happened(event, ref, sha, default_branch, repository)
    root = surroundings.folder / _folder(places)
    history = happened.changed(history_in(root))
    _greet(Output(surroundings), root, history, wishes, language)
    if tags:
        from wharf.cli.doctor.tag_list import list_tags  # noqa: PLC0415 - start-up time

        event_told = happened.as_event(history, datetime.now(UTC))
        return list_tags(Output(surroundings), Checkout(Folder(root), history, event=event_told), wishes, language)
    from wharf.cli.doctor.practice import Practice  # noqa: PLC0415 - start-up time: there are very many rules

    practice = Practice(surroundings, root, wishes, language)
    return practice.look(history, happened, None if offline else _asking(surroundings, remote, language))


def _folder(places: tuple[str, ...]) -> Path:
    if len(places) > 1:
        raise click.UsageError("one folder at a time; registries are for --machine")
    folder = Path(places[0]) if places else Path()
    if not folder.is_dir():
        raise click.BadParameter(f"there is no folder {str(folder)!r}", param_hint="'[DIR]'")
    return folder


def _look_at_machine(
    here: Surroundings, names: tuple[str, ...], remote: RemoteWishes, language: Language, *, as_json: bool
) -> int:
    from wharf.cli.explain.machine import look_at_machine  # noqa: PLC0415 - start-up time: repositories need no probes
    from wharf.cli.explain.scenery import scene_of  # noqa: PLC0415

    registries = [registry_in(name) for name in names]
    return look_at_machine(Output(here), scene_of(here, remote, Aim()), registries, language, as_json=as_json)


def _asking(surroundings: Surroundings, remote: RemoteWishes, language: Language) -> "Asking":
    from wharf.cli.doctor.registries import Registries  # noqa: PLC0415 - start-up time

    return Registries(surroundings, remote, language).held


def _greet(output: Output, root: Path, history: History, wishes: Wishes, language: Language) -> None:
    """At once, before anything is looked at."""
    if not wishes.as_json and not wishes.diff:
        known = (history.repository or root.resolve().name, history.branch, history.sha[:7])
        output.painted([("wharf doctor  ", "bold"), (" · ".join(filter(None, known)), "dim")])
    output.progress(LOOKING.in_(language))


_FILE: Final = click.Path(dir_okay=False, path_type=Path)

doctor: Final = click.Command(
    "doctor",
    callback=_doctor,
    help=_ABOUT,
    epilog=_EPILOG,
    params=[
        click.Argument(["places"], nargs=-1, metavar="[DIR]"),
        click.Option(["--machine"], is_flag=True, help="Look at this machine, and the registries named after it."),
        click.Option(["--fix"], is_flag=True, help="Mend what can be mended safely, and show what was changed."),
        click.Option(["--diff"], is_flag=True, help="Only show what --fix would change, as a patch."),
        click.Option(["--tags"], is_flag=True, help="Only list what CI will push."),
        *happened_options(),
        click.Option(["--offline"], is_flag=True, help="Ask no registry what it holds."),
        click.Option(["every_note", "--all"], is_flag=True, help="Tell everything, every note too."),
        click.Option(
            ["--fail-on"],
            type=click.Choice([*(severity.value for severity in Severity), "never"]),
            default=Severity.ERROR.value,
            help="What the exit code 1 is for. Default: error.",
        ),
        click.Option(["--annotations"], is_flag=True, help="GitHub's too; they come by themselves in its Actions."),
        click.Option(["--sarif"], type=_FILE, metavar="FILE", help="Write SARIF, for viewers of code."),
        click.Option(["--junit"], type=_FILE, metavar="FILE", help="Write JUnit's XML."),
        click.Option(["--picture"], type=_FILE, metavar="FILE", help="Draw the way of the images, as SVG."),
        language_option(),
        *remote_options(),
        json_option(),
    ],
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 80},
)
