"""One's own account: what concerns nobody but the caller needs no role, only a credential that was made for it."""

from wharf.access.permission import Permission
from wharf.errors import NotAuthenticated
from wharf.metadata.records import AccountId
from wharf.registry.services.access import Caller, refusal


def require_own(caller: Caller, permission: Permission) -> AccountId:
    """The caller's account. Raises NotAuthenticated, Denied or GrantMissing."""
    verdict = caller.rights.permits(permission)
    if not verdict.is_allowed:
        raise refusal(verdict, "this", "your own account")
    if caller.account is None:
        raise NotAuthenticated("this", "your own account")
    return caller.account
