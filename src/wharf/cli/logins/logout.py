"""`wharf logout`: a credential is taken from wherever docker would look for it; who still answers is told."""

import asyncio
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import click

from wharf.cli.exit_codes import CREDENTIAL, OK
from wharf.cli.logins.account_errand import AccountErrand, account_command
from wharf.cli.logins.whoami_words import silent_as_json, tell_silent
from wharf.cli.output import Json
from wharf.cli.registry_name import REGISTRY
from wharf.client.wharf_login import token_in
from wharf.credentials.credential import IdentityToken, Password
from wharf.credentials.keychain import Lookup
from wharf.credentials.store import Erased
from wharf.credentials.store import logout as erase

if TYPE_CHECKING:  # start-up time: few registries need it
    from wharf.cli.logins.login_at_wharf import TokenEnd

_ABOUT: Final = """\
Log out of a registry: take its credential from docker's configuration and from the helper that keeps it.

Where another source still has one (a variable, podman's auth.json) it is named: wharf does not touch it. A token that
somebody may have seen is still good after this; revoke it at the registry as well. What a login made at a wharf
registry, with wharf or with docker, is revoked there.
"""
_EPILOG: Final = """\
\b
Examples:
  wharf logout registry.example
  wharf logout --all

\b
Exit codes:
   0  nothing of it is left where docker looks, also if nothing was there, or
      if the registry could not be told
  11  a helper failed, and may still have it
"""


@dataclass(frozen=True, slots=True)
class Left:
    """A registry that one has logged out of, and who would still answer for it."""

    registry: str
    erased: Erased
    still: Lookup
    ends: "tuple[TokenEnd, ...]" = ()
    """What became of the tokens that logins had made."""


async def _logout(errand: AccountErrand, registry: str | None, *, every: bool) -> int:
    if (registry is None) is not every:
        raise click.UsageError("name one registry, or say --all")
    registries = [registry] if registry is not None else await asyncio.to_thread(_known, errand)
    here = [await asyncio.to_thread(_left, errand, each) for each in registries]
    left = await asyncio.gather(*(_taken_back(errand, each) for each in here))
    errand.tell([_as_json(each) for each in left] if every else _as_json(left[0]), lambda: _show(errand, left))
    return CREDENTIAL.code if any(each.erased.notes for each in left) else OK.code


def _known(errand: AccountErrand) -> list[str]:
    """Each once. What a helper that fails has, nobody knows: it is told of."""
    inventory = errand.keychain.inventory()
    tell_silent(errand, [silent for silent in inventory.silent if silent.failed])
    return list(dict.fromkeys(row.registry for row in inventory.known))


async def _taken_back(errand: AccountErrand, left: Left) -> Left:
    gone = left.erased.credentials
    if not any(map(token_in, gone)):
        return left
    from wharf.cli.logins.login_at_wharf import taken_back  # noqa: PLC0415 - start-up time: few registries need it

    return replace(left, ends=await taken_back(errand, left.registry, gone))


def _left(errand: AccountErrand, registry: str) -> Left:
    here = errand.surroundings
    erased = erase(registry, here.environ, here.home, here.platform, errand.wishes.config)
    return Left(registry, erased, errand.keychain.find(registry))


def _show(errand: AccountErrand, left: list[Left]) -> None:
    if not left:
        errand.output.line("no registry is known here: there is nothing to log out of")
    for each in left:
        places = " and ".join(each.erased.places)
        errand.output.line(
            f"logged out of {each.registry}: taken from {places}" if places else f"{each.registry}: nothing was stored"
        )
        if any(not end.stays for end in each.ends):
            errand.output.line("its token was revoked there")
        for note in (*each.erased.notes, *_still(each), *_good_yet(each)):
            errand.output.warn(note)
        tell_silent(errand, [silent for silent in each.still.silent if silent.failed])


def _still(left: Left) -> list[str]:
    if left.still.source is None:
        return []
    account = _account(left.still)
    whom = f" as {account}" if account else ""
    return [f"{left.still.source.place} still logs in to {left.registry}{whom}: remove it there"]


def _good_yet(left: Left) -> list[str]:
    return [f"what was kept, {end.hint}, stays good at {left.registry}: {end.stays}" for end in left.ends if end.stays]


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
        "tokenRevoked": any(not end.stays for end in left.ends),
        "tokensLeft": [end.hint for end in left.ends if end.stays],
        "stillAnswers": None if still is None else {"place": still.place, "account": _account(left.still)},
        "notes": list(left.erased.notes),
        "silent": [silent_as_json(silent) for silent in left.still.silent],
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
