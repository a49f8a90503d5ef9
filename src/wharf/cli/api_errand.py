"""An errand to the API of a wharf registry: whoever looks after accounts, tokens or packages from afar.

Each verb is a coroutine that is given its errand and its own words, as the verbs of images are.
"""

from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeAlias

import click

from wharf.cli.output import Json, Output
from wharf.cli.remote import Remotes
from wharf.cli.remote_options import RemoteWishes, json_option, remote_options
from wharf.cli.running import run_to_end
from wharf.cli.surroundings import Surroundings

if TYPE_CHECKING:
    from wharf.client.wharf_api import WharfApi

_CONTEXT: Final = {"help_option_names": ["-h", "--help"], "max_content_width": 80}

Work: TypeAlias = Callable[..., Coroutine[object, object, int | None]]


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
        **own: object,
    ) -> int | None:
        remotes = Remotes(surroundings, RemoteWishes(config, frozenset(insecure), ca_file))
        errand = ApiErrand(surroundings, Output(surroundings), remotes, for_machines=as_json)
        return run_to_end(_carried_out(errand, work(errand, **own)))

    every = [*params, *remote_options(), json_option()]
    return click.Command(name, callback=begin, help=about, epilog=epilog, params=every, context_settings=_CONTEXT)


def yes_option() -> click.Option:
    return click.Option(["-y", "--yes"], is_flag=True, help="Do not ask.")


async def _carried_out(errand: ApiErrand, work: Coroutine[object, object, int | None]) -> int | None:
    try:
        return await work
    finally:
        await errand.remotes.close()
        errand.remotes.tell_notices(errand.output)
