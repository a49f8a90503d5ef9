"""Standing: what an account, with a token or with its password, may do at this moment."""

from collections.abc import Mapping

from wharf.access.limits import NO_LIMITS
from wharf.access.permission import ALL
from wharf.access.rights import Rights
from wharf.access.role import Role
from wharf.metadata.ledger import Ledger
from wharf.metadata.records import AccountKind, AccountRecord, TokenRecord
from wharf.registry.services.access import Caller


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
