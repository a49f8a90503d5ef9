"""`wharf token create`: makes a token, and prints it alone, so that it can be piped to where it is needed."""

from typing import Final

import click

from wharf.access.login import Login
from wharf.access.permission import Permission
from wharf.cli.api_errand import ApiErrand, api_command
from wharf.cli.moments import SpanParameter
from wharf.cli.registry_name import REGISTRY
from wharf.cli.tokens.token_row import NewToken, account_option
from wharf.cli.tokens.tokens_of import show_new
from wharf.protocol.api_paths import own

_ABOUT: Final = """\
Make a token. It may no more than whoever makes it, and ends by itself.

The token is all that is printed on standard output, and it is printed only this once.
"""
_EPILOG: Final = """\
\b
Examples:
  wharf token create registry.example --label laptop --scope write:packages
  wharf token create registry.example --account crew+ci \\
    --scope write:packages --repository 'crew/*' --expires 30d \\
    | docker login registry.example -u crew+ci --password-stdin
"""


async def _create(
    errand: ApiErrand,
    registry: str,
    *,
    label: str,
    scopes: tuple[str, ...],
    repositories: tuple[str, ...],
    expires: int | None,
    account: Login | None,
) -> None:
    wish = {
        "label": label,
        "scopes": list(scopes),
        "repositories": list(repositories),
        **({"expires_in": expires} if expires is not None else {}),
        **({"account": str(account)} if account is not None else {}),
    }
    made = await errand.api(registry).post(own("tokens"), "make a token", NewToken.read, wish)
    show_new(errand, made)


create: Final = api_command(
    "create",
    _create,
    _ABOUT,
    _EPILOG,
    [
        click.Argument(["registry"], type=REGISTRY),
        click.Option(["--label"], default="", metavar="TEXT", help="What it is for, to know it again in the list."),
        click.Option(
            ["scopes", "--scope"],
            type=click.Choice([each.value for each in Permission]),
            multiple=True,
            default=[Permission.READ.value],
            metavar="SCOPE",
            help="read:packages (the default), write:packages, delete:packages, or admin. May be given again.",
        ),
        click.Option(
            ["repositories", "--repository"],
            multiple=True,
            metavar="PATTERN",
            help="Only for these, such as crew/app or 'crew/*'. May be given again.",
        ),
        click.Option(["--expires"], type=SpanParameter(), help="In 12h, 30d, 6w. Default: as the registry says."),
        account_option(),
    ],
)
