"""Standing: what an account, with a token or with its password, may do at this moment."""

from collections.abc import Mapping
from dataclasses import dataclass

from wharf.access.limits import NO_LIMITS
from wharf.access.permission import ALL
from wharf.access.rights import Rights
from wharf.access.role import Role
from wharf.access.secret_text import SecretKind, SecretText
from wharf.metadata.ledger import Ledger
from wharf.metadata.records import AccountKind, AccountRecord, Moment, TokenId, TokenRecord
from wharf.registry.services.access import Caller


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
    )


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
