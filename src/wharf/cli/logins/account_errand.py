"""An errand about credentials: which machine it is on, which folder it works in, and how registries are asked."""

from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeAlias

import click

from wharf.cli.output import Json, Output
from wharf.cli.registry_name import REPOSITORY_NAME
from wharf.cli.remote_options import json_option, remote_options
from wharf.cli.running import run_to_end
from wharf.cli.surroundings import Surroundings
from wharf.credentials.chain import DockerKeychain, keychain_of
from wharf.credentials.order import config_of

if TYPE_CHECKING:
    from wharf.client.settings import ClientSettings

_CONTEXT: Final = {"help_option_names": ["-h", "--help"], "max_content_width": 80}

Work: TypeAlias = Callable[..., Coroutine[object, object, int | None]]


@dataclass(frozen=True, slots=True)
class AccountErrand:
    surroundings: Surroundings
    output: Output
    config: Path | None = None
    insecure: frozenset[str] = frozenset()
    ca_file: Path | None = None
    for_machines: bool = False

    @property
    def keychain(self) -> DockerKeychain:
        here = self.surroundings
        return keychain_of(here.environ, here.home, here.platform, self.config)

    def settings(self, notice: Callable[[str], None] = lambda _: None) -> "ClientSettings":
        """`notice` is told what registries say beside their answers."""
        from wharf.client.settings import ClientSettings  # noqa: PLC0415 - start-up time: --offline asks nobody

        here = self.surroundings
        found = ClientSettings.of_machine(
            here.environ,
            here.home,
            here.platform,
            insecure=self.insecure,
            ca_files=() if self.ca_file is None else (self.ca_file,),
            notice=notice,
        )
        return replace(found, headers=config_of(here.environ, here.home, self.config).http_headers)

    def tell(self, document: Json, words: Callable[[], None]) -> None:
        if self.for_machines:
            self.output.json(document)
        else:
            words()


def account_command(name: str, work: Work, about: str, epilog: str, params: Sequence[click.Parameter]) -> click.Command:
    """`work` may return an exit code of its own."""

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
        output = Output(surroundings)
        errand = AccountErrand(surroundings, output, config, frozenset(insecure), ca_file, for_machines=as_json)
        return run_to_end(work(errand, **own))

    every = [*params, *remote_options(), json_option()]
    return click.Command(name, callback=begin, help=about, epilog=epilog, params=every, context_settings=_CONTEXT)


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
