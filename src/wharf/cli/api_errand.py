"""An errand to the API of a wharf registry: whoever looks after accounts, tokens or packages from afar."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from wharf.cli.output import Json, Output
from wharf.cli.remote import Remotes
from wharf.cli.remote_options import RemoteWishes
from wharf.cli.remote_verb import Work, remote_verb
from wharf.cli.surroundings import Surroundings

if TYPE_CHECKING:
    from wharf.client.wharf_api import WharfApi


@dataclass(frozen=True, slots=True)
class ApiErrand:
    surroundings: Surroundings
    output: Output
    remotes: Remotes
    for_machines: bool = False

    def api(self, registry: str) -> "WharfApi":
        return self.remotes.api(registry)

    def tell(self, document: Json, words: Callable[[], None]) -> None:
        if self.for_machines:
            self.output.json(document)
        else:
            words()

    def must_be_sure(self, question: str, *, yes: bool) -> None:
        """Ends the command unless a person says yes; where nobody is here to be asked, --yes has to be said."""
        if yes:
            return
        typed = self.surroundings.typed
        if self.for_machines or not typed.isatty():
            raise click.UsageError("nobody is here to be asked whether this is meant: say so with --yes")
        self.output.ask(f"{question} [y/N] ")
        if typed.readline().strip().casefold() not in {"y", "yes"}:
            raise click.Abort


def api_command(name: str, work: Work, about: str, epilog: str, params: Sequence[click.Parameter]) -> click.Command:
    """A verb that is given an ApiErrand."""

    async def begin(
        surroundings: Surroundings, wishes: RemoteWishes, for_machines: bool, own: dict[str, object]
    ) -> int | None:
        errand = ApiErrand(surroundings, Output(surroundings), Remotes(surroundings, wishes), for_machines)
        async with errand.remotes.told_and_closed(errand.output):
            return await work(errand, **own)

    return remote_verb(name, begin, about, epilog, params)


def yes_option() -> click.Option:
    return click.Option(["-y", "--yes"], is_flag=True, help="Do not ask.")
