"""Logging in at a wharf registry, and out: each login has a token, and the one before is taken back."""

import asyncio

from wharf.cli.logins.account_errand import AccountErrand
from wharf.client.connect import open_session
from wharf.client.wharf_api import WharfApi
from wharf.client.wharf_login import (
    KeptToken,
    WharfStanding,
    give_back,
    shows_standing,
    standing_at_wharf,
    token_to_keep,
)
from wharf.credentials.credential import Credential, Password
from wharf.credentials.keychain import Certain
from wharf.errors import NotThere, Refused, RemoteProblem

_GIVEN = "what was given"
_KEPT = "what was kept"


async def kept_at_wharf(errand: AccountErrand, registry: str, given: Password) -> KeptToken | None:
    """None where the registry makes no token for this account."""
    session = open_session(registry, errand.settings(), Certain(given, _GIVEN))
    try:
        kept = await token_to_keep(WharfApi(session), given)
    except (RemoteProblem, NotThere, Refused):
        return None
    finally:
        await session.close()
    before = await asyncio.to_thread(errand.keychain.find, registry)
    if before.credential != kept.credential:
        await given_back(errand, registry, before.credential)
    return kept


async def given_back(errand: AccountErrand, registry: str, credential: Credential | None) -> bool:
    """Whether there was a token of a login, and it is good for nothing any more. That it is not is no failure."""
    if credential is None or not shows_standing(credential):
        return False
    session = open_session(registry, errand.settings(), Certain(credential, _KEPT))
    try:
        return await give_back(WharfApi(session))
    except (RemoteProblem, NotThere, Refused):
        return False
    finally:
        await session.close()


async def told_at_wharf(errand: AccountErrand, registry: str, credential: Credential) -> WharfStanding | None:
    """What a wharf registry says of its own token; nothing of any other credential."""
    if not shows_standing(credential):
        return None
    session = open_session(registry, errand.settings(), Certain(credential, _KEPT))
    try:
        return await standing_at_wharf(WharfApi(session))
    except (RemoteProblem, NotThere, Refused):
        return None
    finally:
        await session.close()
