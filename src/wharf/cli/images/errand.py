"""An errand: one command about images on its way, with all that the verbs of images share.

Each verb is a coroutine that is given its errand and its own words. Registries, JSON, silence, Ctrl-C and the end of
all sessions are seen to here, once.
"""

from collections.abc import Callable, Coroutine, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeAlias

import click

from wharf.cli.images.progress import shown_progress
from wharf.cli.output import Json, Output
from wharf.cli.remote import Remotes
from wharf.cli.remote_options import RemoteWishes, json_option, remote_options
from wharf.cli.running import run_to_end
from wharf.cli.surroundings import Surroundings
from wharf.images.progress import Progress

_CONTEXT: Final = {"help_option_names": ["-h", "--help"], "max_content_width": 80}


@dataclass(frozen=True, slots=True)
class Errand:
    surroundings: Surroundings
    output: Output
    remotes: Remotes
    for_machines: bool = False
    quiet: bool = False

    def watched(self) -> AbstractContextManager[Progress]:
        return shown_progress(self.surroundings, silent=self.quiet or self.for_machines)

    def tell(self, document: Json, words: Callable[[], None], brief: Sequence[str] = ()) -> None:
        """The result, in the form that was asked for; `brief` is what is left of it with --quiet."""
        if self.for_machines:
            self.output.json(document)
        elif self.quiet:
            for line in brief:
                self.output.line(line)
        else:
            words()


Work: TypeAlias = Callable[..., Coroutine[object, object, int | None]]


def image_command(name: str, work: Work, about: str, epilog: str, params: Sequence[click.Parameter]) -> click.Command:
    """A verb; `work` may return an exit code of its own."""

    @click.pass_obj
    def begin(
        surroundings: Surroundings,
        /,
        *,
        config: Path | None,
        insecure: tuple[str, ...],
        ca_file: Path | None,
        as_json: bool,
        quiet: bool = False,
        **own: object,
    ) -> int | None:
        remotes = Remotes(surroundings, RemoteWishes(config, frozenset(insecure), ca_file))
        errand = Errand(surroundings, Output(surroundings), remotes, for_machines=as_json, quiet=quiet)
        return run_to_end(_carried_out(errand, work(errand, **own)))

    return click.Command(
        name,
        callback=begin,
        help=about,
        epilog=epilog,
        params=[*params, *remote_options(), json_option()],
        context_settings=_CONTEXT,
    )


async def _carried_out(errand: Errand, work: Coroutine[object, object, int | None]) -> int | None:
    try:
        return await work
    finally:
        await errand.remotes.close()
        if not errand.quiet:
            errand.remotes.tell_notices(errand.output)


def quiet_option(brief: str = "digests") -> click.Option:
    return click.Option(["-q", "--quiet"], is_flag=True, help=f"Print {brief} only.")
