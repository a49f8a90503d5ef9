"""`wharf admin recover`: a new password for an administrator who lost theirs, from the machine that it all lies on."""

import asyncio
from typing import Final

import click

from wharf.access.login import Login
from wharf.cli.output import Output
from wharf.cli.owner_name import LOGIN
from wharf.cli.server.admin_gc import store_errors
from wharf.cli.server.setting_options import config_option, option, settings_of_folder
from wharf.cli.surroundings import Surroundings
from wharf.registry.settings.table import DATA, TENDING

_ABOUT: Final = """\
Give an administrator a new password, for the old one is lost. The registry may go on serving; it knows at once.

The password is all that is printed on standard output, and it is printed only this once. Tokens stay as they are.
"""
_EPILOG: Final = """\
\b
Examples:
  wharf admin recover --data /srv/wharf
  wharf admin recover --data /srv/wharf alice
"""


@click.pass_obj
def _recover(
    surroundings: Surroundings, /, login: Login | None, config: str | None, data: str | None, *, as_json: bool
) -> None:
    from wharf.registry.recovering import recovered  # noqa: PLC0415 - start-up time: help needs no stores

    output = Output(surroundings)
    settings = settings_of_folder(surroundings, data, config, TENDING)
    with store_errors(settings.data):
        found = asyncio.run(recovered(settings, login))
    if as_json:
        output.json({"login": str(found.login), "password": found.password})
        return
    output.line(found.password)
    output.note(f"the new password of {found.login}; it is not shown again")


recover: Final = click.Command(
    "recover",
    callback=_recover,
    help=_ABOUT,
    epilog=_EPILOG,
    params=[
        click.Argument(["login"], type=LOGIN, required=False, metavar="[LOGIN]"),
        option(DATA),
        config_option(),
        click.Option(["as_json", "--json"], is_flag=True, help="Print one JSON object, for machines."),
    ],
)
