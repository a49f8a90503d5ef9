"""`wharf token revoke`: takes tokens back. From the next request on they are good for nothing."""

from typing import Final

import click

from wharf.access.login import Login
from wharf.cli.api_errand import ApiErrand, api_command, yes_option
from wharf.cli.registry_name import REGISTRY
from wharf.cli.tokens.token_row import account_option
from wharf.cli.tokens.tokens_of import whose
from wharf.protocol.api_paths import own

_ABOUT: Final = """\
Take tokens back, by the number that the list shows. From the next request on they are good for nothing, and so is
every login that was made with them.
"""
_EPILOG: Final = """\
\b
Examples:
  wharf token revoke registry.example 12
  wharf token revoke registry.example --all --account crew+ci --yes
"""


async def _revoke(
    errand: ApiErrand, registry: str, ids: tuple[int, ...], *, all_of_them: bool, account: Login | None, yes: bool
) -> None:
    if all_of_them == bool(ids):
        raise click.UsageError("name the tokens by their numbers, or say --all")
    if all_of_them:
        await _revoke_all(errand, registry, account, yes=yes)
        return
    api = errand.api(registry)
    for number in ids:
        await api.delete(own("tokens", str(number)), f"revoke the token {number}", whose(account))
    errand.tell({"revoked": list(ids)}, lambda: errand.output.lines(f"revoked token {number}" for number in ids))


async def _revoke_all(errand: ApiErrand, registry: str, account: Login | None, *, yes: bool) -> None:
    of_whom = f"of {account}" if account else "of your own, also the one of this login"
    errand.must_be_sure(f"Revoke all tokens {of_whom}?", yes=yes)
    answer = await errand.api(registry).delete(own("tokens"), "revoke all tokens", whose(account))
    errand.tell({"revoked": "all", **answer}, lambda: errand.output.line(f"revoked all tokens {of_whom}"))


revoke: Final = api_command(
    "revoke",
    _revoke,
    _ABOUT,
    _EPILOG,
    [
        click.Argument(["registry"], type=REGISTRY),
        click.Argument(["ids"], type=click.IntRange(min=1), nargs=-1, metavar="[ID...]"),
        click.Option(["all_of_them", "--all"], is_flag=True, help="All of them."),
        account_option(),
        yes_option(),
    ],
)
