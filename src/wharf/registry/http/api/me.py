"""Who I am, in GitHub's words: clients ask it to show whom a token belongs to."""

from wharf.access.permission import Permission
from wharf.metadata.ledger import Ledger
from wharf.metadata.records import AccountRecord
from wharf.metadata.store import MetadataStore
from wharf.registry.http.api.github_accounts import PUBLIC_USER, public_user
from wharf.registry.http.api.operation import ApiReply, ApiRequest, Operation
from wharf.registry.services.access import Caller, refusal


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
                needs="the scope read:packages",
                handler=self._me,
                answers={200: PUBLIC_USER},
                refusals=(403,),
            ),
        )

    async def _me(self, request: ApiRequest) -> ApiReply:
        require_known(request.caller, Permission.READ)
        login = request.caller.account

        def question(ledger: Ledger) -> AccountRecord | None:
            return ledger.accounts.get(login) if login is not None else None

        account = await self._metadata.read(question)
        assert account is not None
        return ApiReply(200, public_user(account, request))


def require_known(caller: Caller, permission: Permission) -> None:
    """For what concerns nobody but the caller."""
    verdict = caller.rights.permits(permission)
    if not verdict.is_allowed:
        raise refusal(verdict, "this", "your own account")
