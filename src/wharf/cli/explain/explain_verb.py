"""`wharf explain`: an error text to its cause, with what shows it, and its fix."""

from pathlib import Path
from typing import Final

import click

from wharf.cli.exit_codes import NOT_THERE, OK
from wharf.cli.explain.text import opened
from wharf.cli.explain.words import LOOKING
from wharf.cli.language_option import language_option, language_wished
from wharf.cli.output import Output
from wharf.cli.registry_name import REGISTRY
from wharf.cli.remote_options import RemoteWishes, json_option, remote_options
from wharf.cli.running import run_to_end
from wharf.cli.surroundings import Surroundings
from wharf.oci.reference import Reference

_ABOUT: Final = """\
Say what an error text means: its cause, what shows it, and what mends it.

TEXT is the message, or comes from a file or through a pipe; a whole log will do: the line that decides is found. The
name of a known failure, as errors of wharf tell it, is a text too. What
could be behind it is then looked at from here (configuration, certificates, the registry, the engine), and nothing is
changed. What is not known is said to be not known.
"""
_EPILOG: Final = """\
\b
Examples:
  docker pull ghcr.io/team/app:1.0 2>&1 | wharf explain
  wharf explain 'denied: denied' --image ghcr.io/team/app
  wharf explain -f build.log --offline

\b
Exit codes:
   0  the failure is known
   4  it is not
"""


@click.pass_obj
def _explain(
    here: Surroundings,
    /,
    *,
    words: tuple[str, ...],
    file: Path | None,
    image: str | None,
    registry: str | None,
    offline: bool,
    everything: bool,
    lang: str | None,
    config: Path | None,
    insecure: tuple[str, ...],
    ca_file: Path | None,
    as_json: bool,
) -> int:
    output = Output(here)
    language = language_wished(lang, here.environ)
    reference = Reference.parse(image) if image else None
    with opened(here, words, file) as log:
        from wharf.cli.explain.asking import answered, diagnosed, named  # noqa: PLC0415 - start-up time
        from wharf.cli.explain.scenery import aim_named, scene_of  # noqa: PLC0415

        remote = RemoteWishes(config, frozenset(insecure), ca_file)
        scene = scene_of(here, remote, aim_named(reference, registry))
        found = named(" ".join(words)) or diagnosed(log, scene)

    def progress(signature: str) -> None:
        output.progress(LOOKING.in_(language).format(signature))

    answer = run_to_end(answered(found, scene, language, offline=offline, progress=progress))
    output.progress("")
    if as_json:
        from wharf.cli.explain.document import document_of  # noqa: PLC0415 - start-up time

        output.json(document_of(answer, language))
    else:
        from wharf.cli.explain.told import Telling  # noqa: PLC0415 - start-up time

        for line in Telling(language, everything=everything).answer(answer):
            output.painted(line)
    return OK.code if answer.failures else NOT_THERE.code


_FILE: Final = click.Path(path_type=Path, dir_okay=False)

explain: Final = click.Command(
    "explain",
    callback=_explain,
    help=_ABOUT,
    epilog=_EPILOG,
    params=[
        click.Argument(["words"], nargs=-1, metavar="[TEXT]"),
        click.Option(["-f", "--file"], type=_FILE, metavar="FILE", help="The log, or - for what comes through a pipe."),
        click.Option(["--image"], metavar="IMAGE", help="The image that it is about, where the text does not say."),
        click.Option(["--registry"], type=REGISTRY, metavar="HOST", help="The registry, where the text does not say."),
        click.Option(["--offline"], is_flag=True, help="Look at nothing: tell what may be the cause."),
        click.Option(["everything", "--all"], is_flag=True, help="Tell everything, also what was ruled out, in full."),
        language_option(),
        *remote_options(),
        json_option(),
    ],
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 80},
)
