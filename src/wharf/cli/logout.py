"""`wharf logout`: a credential is taken from wherever docker would look for it; who still answers is told."""

import asyncio
from dataclasses import dataclass
from typing import Final

import click

from wharf.cli.account_errand import REGISTRY, AccountErrand, account_command
from wharf.cli.known_failures import with_explanation
from wharf.cli.output import Json
from wharf.credentials.credential import IdentityToken, Password
from wharf.credentials.keychain import Lookup
from wharf.credentials.store import Erased
from wharf.credentials.store import logout as erase
from wharf.errors import HelperFailed

_ABOUT: Final = """\
Log out of a registry: take its credential from docker's configuration and from the helper that keeps it.

Where another source still has one (a variable, podman's auth.json) it is named: wharf does not touch it. A token that
somebody may have seen is still good after this; revoke it at the registry as well.
"""
_EPILOG: Final = """\
\b
Examples:
  wharf logout registry.example
  wharf logout --all
"""


@dataclass(frozen=True, slots=True)
class Left:
    """A registry that one has logged out of, and who would still answer for it."""

    registry: str
    erased: Erased
    still: Lookup


async def _logout(errand: AccountErrand, registry: str | None, *, every: bool) -> None:
    if (registry is None) is not every:
        raise click.UsageError("name one registry, or say --all")
    registries = [registry] if registry is not None else await asyncio.to_thread(_known, errand)
    left = [await asyncio.to_thread(_left, errand, each) for each in registries]
    errand.tell([_as_json(each) for each in left] if every else _as_json(left[0]), lambda: _show(errand, left))


def _known(errand: AccountErrand) -> list[str]:
    """Each once. A helper that cannot tell what it has is an error: its registries would be left logged in."""
    inventory = errand.keychain.inventory()
    for silent in inventory.silent:
        if silent.failed:
            errand.output.warn(f"{silent.source.place} could not be looked through: {silent.reason}")
    return list(dict.fromkeys(row.registry for row in inventory.known))


def _left(errand: AccountErrand, registry: str) -> Left:
    here = errand.surroundings
    try:
        erased = erase(registry, here.environ, here.home, here.platform, errand.config)
    except HelperFailed as problem:
        raise with_explanation(problem, here.environ, here.platform) from problem
    return Left(registry, erased, errand.keychain.find(registry))


def _show(errand: AccountErrand, left: list[Left]) -> None:
    if not left:
        errand.output.line("no registry is known here: there is nothing to log out of")
    for each in left:
        places = " and ".join(each.erased.places)
        errand.output.line(
            f"logged out of {each.registry}: taken from {places}" if places else f"{each.registry}: nothing was stored"
        )
        for note in (*each.erased.notes, *_still(each)):
            errand.output.warn(note)


def _still(left: Left) -> list[str]:
    if left.still.source is None:
        return []
    account = _account(left.still)
    whom = f" as {account}" if account else ""
    return [f"{left.still.source.place} still logs in to {left.registry}{whom}: remove it there"]


def _account(lookup: Lookup) -> str:
    match lookup.credential:
        case Password(username) | IdentityToken(username=username):
            return username
        case _:
            return ""


def _as_json(left: Left) -> Json:
    still = left.still.source
    return {
        "registry": left.registry,
        "erasedFrom": list(left.erased.places),
        "stillAnswers": None if still is None else {"place": still.place, "account": _account(left.still)},
        "notes": list(left.erased.notes),
    }


logout: Final = account_command(
    "logout",
    _logout,
    _ABOUT,
    _EPILOG,
    [
        click.Argument(["registry"], type=REGISTRY, required=False),
        click.Option(["every", "--all"], is_flag=True, help="Log out of all registries that are known here."),
    ],
)
