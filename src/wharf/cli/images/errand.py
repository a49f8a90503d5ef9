"""An errand: one command about images on its way, with all that the verbs of images share.

Progress, JSON, silence, and the end of all sessions are seen to here, once.
"""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass

import click

from wharf.cli.images.progress import shown_progress
from wharf.cli.output import Json, Output
from wharf.cli.remote import Remotes
from wharf.cli.remote_options import RemoteWishes
from wharf.cli.remote_verb import Work, remote_verb
from wharf.cli.surroundings import Surroundings
from wharf.images.progress import Progress


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


def image_command(name: str, work: Work, about: str, epilog: str, params: Sequence[click.Parameter]) -> click.Command:
    """A verb that is given an Errand; with --quiet registries' remarks are not told."""

    async def begin(
        surroundings: Surroundings, wishes: RemoteWishes, for_machines: bool, own: dict[str, object]
    ) -> int | None:
        is_quiet = bool(own.pop("quiet", False))
        errand = Errand(surroundings, Output(surroundings), Remotes(surroundings, wishes), for_machines, is_quiet)
        async with errand.remotes.told_and_closed(None if is_quiet else errand.output):
            return await work(errand, **own)

    return remote_verb(name, begin, about, epilog, params)


def quiet_option(brief: str = "digests") -> click.Option:
    return click.Option(["-q", "--quiet"], is_flag=True, help=f"Print {brief} only.")
