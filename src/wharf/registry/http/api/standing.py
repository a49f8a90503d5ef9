"""What a credential may do, told to whoever comes with it: the account, its roles, and what the token was made for."""

from wharf.access.permission import ALL, words
from wharf.access.secret_text import SecretKind
from wharf.errors import NotAuthenticated
from wharf.metadata.ledger import Ledger
from wharf.metadata.records import AccountKind, AccountRecord, TokenRecord
from wharf.metadata.store import MetadataStore
from wharf.registry.http.api import moments
from wharf.registry.http.api.operation import OWN, ApiReply, ApiRequest, Operation
from wharf.registry.http.api.schemas import ID, MOMENT, TEXT, TEXTS, TRUTH, Shape, one_of, told
from wharf.registry.services.access import Caller

_TOKEN: Shape = {
    **told(
        {
            "id": ID,
            "kind": one_of(kind.value for kind in SecretKind),
            "label": TEXT,
            "repositories": TEXTS,
            "expires_at": MOMENT,
        }
    ),
    "type": ["object", "null"],
}
_STANDING = told(
    {
        "login": TEXT,
        "kind": one_of(kind.value for kind in AccountKind),
        "administrator": TRUTH,
        "roles": {"type": "object", "additionalProperties": TEXT},
        "scopes": TEXTS,
        "token": _TOKEN,
    }
)


class StandingApi:
    def __init__(self, metadata: MetadataStore) -> None:
        self._metadata = metadata

    def operations(self) -> tuple[Operation, ...]:
        return (
            Operation(
                id="wharf/me",
                method="GET",
                path=f"{OWN}/me",
                about=(
                    "Who comes with this credential, and what it was made for; of a password, `token` is null. A"
                    " short-lived token of docker's tells of the one that it was got with."
                ),
                needs="any credential",
                handler=self._me,
                answers={200: _STANDING},
                refusals=(),
            ),
        )

    async def _me(self, request: ApiRequest) -> ApiReply:
        caller = request.caller
        account_id = caller.account
        if account_id is None:
            raise NotAuthenticated("this", "your own account")

        def question(ledger: Ledger) -> tuple[AccountRecord | None, TokenRecord | None]:
            token = ledger.tokens.get(caller.token) if caller.token is not None else None
            return ledger.accounts.get(account_id), token

        account, token = await self._metadata.read(question)
        assert account is not None
        return ApiReply(200, _document(caller, account, token))


def _document(caller: Caller, account: AccountRecord, token: TokenRecord | None) -> dict[str, object]:
    return {
        "login": str(account.login),
        "kind": account.kind.value,
        "administrator": account.is_administrator,
        "roles": {owner: role.value for owner, role in sorted(caller.rights.roles.items())},
        "scopes": words(token.permissions if token else ALL),
        "token": _token(token) if token else None,
    }


def _token(token: TokenRecord) -> dict[str, object]:
    return {
        "id": token.id,
        "kind": token.kind.value,
        "label": token.label,
        "repositories": token.limits.words,
        "expires_at": moments.written(token.expires_at),
    }
