"""Standing: what an account, with a token or with its password, may do at this moment."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from wharf.access.limits import NO_LIMITS
from wharf.access.permission import ALL
from wharf.access.rights import Rights
from wharf.access.role import Role
from wharf.access.secret_text import SecretKind, SecretText
from wharf.errors import CredentialRefused
from wharf.metadata.ledger import Ledger
from wharf.metadata.records import AccountId, AccountKind, AccountRecord, Moment, TokenId, TokenRecord
from wharf.oci.reference import RepositoryName
from wharf.registry.services.access import Action, Caller, refusal

_AT_ANY_TIME: Final = Moment(0)


@dataclass(frozen=True, slots=True)
class Bearer:
    """Who holds a token that is good; and until when, if nothing happens to it."""

    account: AccountRecord
    token: TokenRecord
    until: Moment


def bearer_of_secret(ledger: Ledger, secret: SecretText, now: Moment) -> Bearer | None:
    return _bearer(ledger, ledger.tokens.by_digest(secret.digest), now)


def bearer_of_token(ledger: Ledger, token: TokenId, now: Moment) -> Bearer | None:
    return _bearer(ledger, ledger.tokens.get(token), now)


def _bearer(ledger: Ledger, token: TokenRecord | None, now: Moment) -> Bearer | None:
    """What stands for something else is good as long as that is: another token, or the password at that time."""
    account = ledger.accounts.get(token.account) if token else None
    if account is None or token is None or not (account.is_active and token.is_good_at(now)):
        return None
    if token.parent is not None:
        parent = ledger.tokens.get(token.parent)
        good = parent is not None and parent.is_good_at(now)
        return Bearer(account, token, min(token.expires_at, parent.expires_at)) if parent and good else None
    if token.kind is SecretKind.REFRESH and token.created_at < (account.password_changed_at or 0):
        return None
    return Bearer(account, token, token.expires_at)


def caller_of(ledger: Ledger, account: AccountRecord, token: TokenRecord | None, address: str) -> Caller:
    return Caller(
        name=str(account.login),
        account=account.id,
        rights=rights_of(ledger, account, token),
        credential="password" if token is None else f"token {token.id} ({token.label})",
        address=address,
        token=token.id if token else None,
        password_since=None if token else account.password_changed_at,
    )


def require_standing(ledger: Ledger, caller: Caller, now: Moment) -> None:
    """That a credential is as good, and may as much, as when it was shown: it may have waited for its turn to write.

    For changes that give out what outlives it. Raises CredentialRefused.
    """
    if caller.account is None:
        return
    again = _as_now(ledger, caller, caller.account, now)
    is_same = again is not None and again.password_since == caller.password_since
    if again is None or not is_same or again.rights != replace(caller.rights, grants=None):
        raise CredentialRefused("what this credential may do has changed at this very moment", "ask again")


def require_still(ledger: Ledger, caller: Caller, action: Action, name: RepositoryName) -> None:
    """That who was let in when this request began would be let in now: its bytes may have come for hours.

    That the life of a credential ended meanwhile is no reason; that somebody ended it is. Nothing is looked up where
    nobody's access has changed. Raises CredentialRefused, or what the gate would.
    """
    if caller.account is None or caller.as_of == ledger.counters.access():
        return
    again = _as_now(ledger, caller, caller.account, _AT_ANY_TIME)
    if again is None or again.password_since != caller.password_since:
        raise CredentialRefused("this credential was ended while the request was under way", "log in again")
    rights = replace(again.rights, grants=caller.rights.grants)
    verdict = rights.on(action, name, is_public=False)
    if not verdict.is_allowed:
        raise refusal(verdict, action.in_a_sentence, str(name))


def _as_now(ledger: Ledger, caller: Caller, own: AccountId, now: Moment) -> Caller | None:
    if caller.token is not None:
        held = bearer_of_token(ledger, caller.token, now)
        return caller_of(ledger, held.account, held.token, caller.address) if held else None
    account = ledger.accounts.get(own)
    return caller_of(ledger, account, None, caller.address) if account and account.is_active else None


def rights_of(ledger: Ledger, account: AccountRecord, token: TokenRecord | None) -> Rights:
    return Rights(
        is_known=True,
        is_administrator=account.is_administrator,
        roles=_roles(ledger, account),
        permissions=token.permissions if token else ALL,
        limits=token.limits if token else NO_LIMITS,
    )


def _roles(ledger: Ledger, account: AccountRecord) -> Mapping[str, Role]:
    """A person owns what begins with their name."""
    own = {str(account.login): Role.OWNER} if account.kind is AccountKind.USER else {}
    return {**ledger.accounts.roles(account.id), **own}
