"""Logging in at a wharf registry, and out: each login has a token, and what nobody keeps any more is taken back."""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from wharf.access.secret_text import SecretKind, SecretText
from wharf.cli.logins.account_errand import AccountErrand
from wharf.client.connect import open_session
from wharf.client.settings import Retries, Timeouts
from wharf.client.wharf_api import WharfApi
from wharf.client.wharf_login import (
    KeptToken,
    WharfStanding,
    give_back,
    give_up,
    standing_at_wharf,
    token_in,
    token_to_keep,
)
from wharf.credentials.chain import keychain_of
from wharf.credentials.credential import Credential, Password
from wharf.credentials.keychain import Anonymous, Certain, Keychain
from wharf.errors import NotThere, Refused, RemoteProblem, RemoteUnauthenticated, WharfError

_GIVEN: Final = "what was given"
_KEPT: Final = "what was kept"
_BY_HAND: Final = "it ends by itself; to end it sooner: wharf token list, wharf token revoke"
_BRIEFLY: Final = Timeouts(connect=5, silence=10, verdict=10)
_PROBLEMS: Final = (RemoteProblem, NotThere, Refused)


@dataclass(frozen=True, slots=True)
class TokenEnd:
    """A token that is kept no more. `hint`: its beginning, by which a person knows it.

    `stays`: why it is good yet; nothing where it was revoked.
    """

    hint: str
    stays: str = ""


async def kept_at_wharf(errand: AccountErrand, registry: str, given: Password) -> KeptToken | None:
    """None where the registry makes no token for this account."""
    session = open_session(registry, errand.settings(), Certain(given, _GIVEN))
    try:
        return await token_to_keep(WharfApi(session), given)
    except _PROBLEMS:
        return None
    finally:
        await session.close()


async def told_at_wharf(errand: AccountErrand, registry: str, credential: Credential) -> WharfStanding | None:
    """What a wharf registry says of its own token."""
    session = open_session(registry, errand.settings(), Certain(credential, _KEPT))
    try:
        return await standing_at_wharf(WharfApi(session))
    except _PROBLEMS:
        return None
    finally:
        await session.close()


async def taken_back(errand: AccountErrand, registry: str, gone: Iterable[Credential | None]) -> tuple[TokenEnd, ...]:
    """Of what is gone from where it was kept, what logins made. What is kept elsewhere, too, stays good."""
    of_wharf = [(each, token) for each in gone if each is not None and (token := token_in(each))]
    kept = await asyncio.to_thread(_still_kept, errand, registry) if of_wharf else {}
    ends: list[TokenEnd] = []
    for credential, token in of_wharf:
        if place := kept.get(token.text):
            ends.append(TokenEnd(token.hint, f"{place} has it, too"))
        elif end := await _taken_back(errand, registry, credential, token):
            ends.append(end)
    return tuple(ends)


def _still_kept(errand: AccountErrand, registry: str) -> Mapping[str, str]:
    """Tokens, and the first place that has each. A folder of one job may hold a copy of the home's."""
    here = errand.surroundings
    keychains = (errand.keychain, keychain_of(here.environ, here.home, here.platform))
    lookups = (source.find(registry) for keychain in keychains for source in keychain.sources())
    places: dict[str, str] = {}
    for lookup in lookups:
        token = token_in(lookup.credential)
        if token is not None and lookup.source is not None:
            places.setdefault(token.text, lookup.source.place)
    return places


async def _taken_back(
    errand: AccountErrand, registry: str, credential: Credential, token: SecretText
) -> TokenEnd | None:
    """None where somebody made it, or it had ended before."""
    try:
        return TokenEnd(token.hint) if await _is_revoked(errand, registry, credential, token) else None
    except RemoteUnauthenticated:
        return None
    except WharfError as problem:
        return TokenEnd(token.hint, f"{problem.diagnostics().cause} ({_BY_HAND})")


async def _is_revoked(errand: AccountErrand, registry: str, credential: Credential, token: SecretText) -> bool:
    """What docker keeps is shown to no API: it speaks for itself, and was made for a login in any case."""
    is_dockers = token.kind is SecretKind.REFRESH
    keychain: Keychain = Anonymous() if is_dockers else Certain(credential, _KEPT)
    settings = replace(errand.settings(), timeouts=_BRIEFLY, retries=Retries(times=0))
    session = open_session(registry, settings, keychain)
    try:
        return await (give_up(WharfApi(session), token) if is_dockers else give_back(WharfApi(session)))
    finally:
        await session.close()
