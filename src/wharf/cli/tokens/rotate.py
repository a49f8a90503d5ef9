"""`wharf token rotate`: another token with the same rights, while the one before ends now or a little later."""

from typing import Final

import click

from wharf.cli.api_errand import ApiErrand, api_command
from wharf.cli.moments import SpanParameter
from wharf.cli.registry_name import REGISTRY
from wharf.cli.tokens.token_row import NewToken
from wharf.cli.tokens.tokens_of import show_new
from wharf.protocol.api_paths import own

_ABOUT: Final = """\
Replace a token by another one with the same rights. The one before ends at once, or after an overlap in which both are
good, so that what uses it can be changed without a failure.

The new token is all that is printed on standard output, and it is printed only this once.
"""
_EPILOG: Final = """\
\b
Examples:
  wharf token rotate registry.example 12
  wharf token rotate registry.example 12 --overlap 1h
"""


async def _rotate(errand: ApiErrand, registry: str, number: int, *, overlap: int) -> None:
    did = f"replace the token {number}"
    path = own("tokens", str(number), "rotate")
    made = await errand.api(registry).post(path, did, NewToken.read, {"overlap_seconds": overlap})
    show_new(errand, made)


rotate: Final = api_command(
    "rotate",
    _rotate,
    _ABOUT,
    _EPILOG,
    [
        click.Argument(["registry"], type=REGISTRY),
        click.Argument(["number"], type=click.IntRange(min=1), metavar="ID"),
        click.Option(
            ["--overlap"], type=SpanParameter(), default=0, help="So long both are good: 10m, 1h, at most 7d."
        ),
    ],
)
