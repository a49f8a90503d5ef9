"""Who I am, in GitHub's words: clients ask it to show whom a token belongs to."""

from wharf.access.permission import Permission
from wharf.metadata.ledger import Ledger
from wharf.metadata.records import AccountKind, AccountRecord
from wharf.metadata.store import MetadataStore
from wharf.registry.http.api.operation import ApiReply, ApiRequest, Operation, Schema
from wharf.registry.services.access import Caller, refusal

SIMPLE_USER: Schema = {
    "type": "object",
    "required": ["login", "id", "type", "url", "html_url"],
    "properties": {
        "login": {"type": "string"},
        "id": {"type": "integer"},
        "type": {"type": "string", "enum": ["User", "Organization", "Bot"]},
        "url": {"type": "string"},
        "html_url": {"type": "string"},
        "site_admin": {"type": "boolean"},
    },
}
_TYPES = {AccountKind.USER: "User", AccountKind.ORGANISATION: "Organization", AccountKind.SERVICE: "Bot"}


class MeApi:
    def __init__(self, metadata: MetadataStore) -> None:
        self._metadata = metadata

    def operations(self) -> tuple[Operation, ...]:
        return (
            Operation(
                id="users/get-authenticated",
                method="GET",
                path="/user",
                about="The account that the credential belongs to.",
                needs="any credential",
                handler=self._me,
                answers={200: SIMPLE_USER},
                refusals=(401,),
            ),
        )

    async def _me(self, request: ApiRequest) -> ApiReply:
        require_known(request.caller, Permission.READ)
        login = request.caller.account

        def question(ledger: Ledger) -> AccountRecord | None:
            return ledger.accounts.get(login) if login is not None else None

        account = await self._metadata.read(question)
        assert account is not None
        return ApiReply(200, simple_user(account, request.base))


def require_known(caller: Caller, permission: Permission) -> None:
    """For what concerns nobody but the caller."""
    verdict = caller.rights.permits(permission)
    if not verdict.is_allowed:
        raise refusal(verdict, "this", "your own account")


def simple_user(account: AccountRecord, base: str) -> dict[str, object]:
    """An account as GitHub shows it wherever one is part of an answer."""
    prefix = "orgs" if account.kind is AccountKind.ORGANISATION else "users"
    return {
        "login": str(account.login),
        "id": account.id,
        "type": _TYPES[account.kind],
        "url": f"{base}/{prefix}/{account.login}",
        "html_url": f"{base}/{account.login}",
        "site_admin": account.is_administrator,
    }
