"""An errand about credentials: which machine it is on, which folder it works in, and how registries are asked."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from wharf.cli.output import Json, Output
from wharf.cli.registry_name import REPOSITORY_NAME
from wharf.cli.remote_options import RemoteWishes
from wharf.cli.remote_verb import Work, remote_verb
from wharf.cli.surroundings import Surroundings
from wharf.credentials.chain import DockerKeychain, keychain_of

if TYPE_CHECKING:
    from wharf.client.settings import ClientSettings


@dataclass(frozen=True, slots=True)
class AccountErrand:
    surroundings: Surroundings
    output: Output
    wishes: RemoteWishes
    for_machines: bool = False

    @property
    def keychain(self) -> DockerKeychain:
        here = self.surroundings
        return keychain_of(here.environ, here.home, here.platform, self.wishes.config)

    def settings(self, notice: Callable[[str], None] = lambda _: None) -> "ClientSettings":
        """`notice` is told what registries say beside their answers."""
        from wharf.cli.remote_settings import remote_settings  # noqa: PLC0415 - start-up time: --offline asks nobody

        return remote_settings(self.surroundings, self.wishes, notice)

    def tell(self, document: Json, words: Callable[[], None]) -> None:
        if self.for_machines:
            self.output.json(document)
        else:
            words()


def account_command(name: str, work: Work, about: str, epilog: str, params: Sequence[click.Parameter]) -> click.Command:
    """A verb that is given an AccountErrand."""

    async def begin(
        surroundings: Surroundings, wishes: RemoteWishes, for_machines: bool, own: dict[str, object]
    ) -> int | None:
        return await work(AccountErrand(surroundings, Output(surroundings), wishes, for_machines), **own)

    return remote_verb(name, begin, about, epilog, params)


def rights_options() -> list[click.Parameter]:
    """Which rights are to be looked at."""
    return [
        click.Option(
            ["--repository"],
            type=REPOSITORY_NAME,
            metavar="NAME",
            help="Look at what may be done with this repository, such as team/app.",
        ),
        click.Option(
            ["--probe-push"],
            is_flag=True,
            help="Try whether pushing is allowed: begin an upload there, and cancel it.",
        ),
    ]
