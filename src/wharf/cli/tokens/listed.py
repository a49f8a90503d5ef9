"""`wharf token list`: what each token is good for, until when, and when and from where it was last used."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

import click

from wharf.access.login import Login
from wharf.cli.api_errand import ApiErrand, api_command
from wharf.cli.output import Output, aligned
from wharf.cli.registry_name import REGISTRY
from wharf.cli.tokens.token_row import HEADINGS, SIDES, TokenRow, account_option
from wharf.cli.tokens.tokens_of import whose
from wharf.protocol.api_paths import own

_ABOUT: Final = """\
List tokens: what each may, for which repositories, until when, and when and from where it was last used.

A scope is shown by its first word: `write` is write:packages. The token itself is known to nobody any more.
"""
_EPILOG: Final = """\
\b
Examples:
  wharf token list registry.example
  wharf token list registry.example --account crew+ci --json
"""


async def _list(errand: ApiErrand, registry: str, *, account: Login | None) -> None:
    rows = await errand.api(registry).every(own("tokens"), "list the tokens", TokenRow.read, whose(account))
    errand.tell({"tokens": [row.as_json() for row in rows]}, lambda: _show(errand.output, rows))


def _show(output: Output, rows: Sequence[TokenRow]) -> None:
    if not rows:
        output.note("no tokens")
        return
    now = datetime.now(UTC)
    heading, *lines = aligned([HEADINGS, *(row.cells(now) for row in rows)], SIDES)
    output.heading(heading)
    for row, line in zip(rows, lines, strict=True):
        output.line(line)
        output.lines(f"      {text}" for text in row.beside())


listed: Final = api_command(
    "list", _list, _ABOUT, _EPILOG, [click.Argument(["registry"], type=REGISTRY), account_option()]
)
