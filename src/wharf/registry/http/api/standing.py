"""What a credential may do, told to whoever comes with it: the account, its roles, and what the token was made for."""

from wharf.access.permission import ALL, Permission
from wharf.access.secret_text import SecretKind
from wharf.errors import NotAuthenticated
from wharf.metadata.ledger import Ledger
from wharf.metadata.records import AccountKind, AccountRecord, TokenRecord
from wharf.metadata.store import MetadataStore
from wharf.oci.strict_json import JsonValue
from wharf.registry.http.api import moments
from wharf.registry.http.api.operation import OWN, ApiReply, ApiRequest, Operation, Schema
from wharf.registry.http.api.parameters import ID
from wharf.registry.services.access import Caller

_TEXTS: dict[str, JsonValue] = {"type": "array", "items": {"type": "string"}}
_TOKEN: dict[str, JsonValue] = {
    "type": ["object", "null"],
    "required": ["id", "kind", "label", "repositories", "expires_at"],
    "properties": {
        "id": ID,
        "kind": {"type": "string", "enum": [kind.value for kind in SecretKind]},
        "label": {"type": "string"},
        "repositories": _TEXTS,
        "expires_at": dict(moments.MOMENT),
    },
}
_STANDING: Schema = {
    "type": "object",
    "required": ["login", "kind", "administrator", "roles", "scopes", "token"],
    "properties": {
        "login": {"type": "string"},
        "kind": {"type": "string", "enum": [kind.value for kind in AccountKind]},
        "administrator": {"type": "boolean"},
        "roles": {"type": "object", "additionalProperties": {"type": "string"}},
        "scopes": _TEXTS,
        "token": _TOKEN,
    },
}


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
                refusals=(401,),
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
        "scopes": [each.value for each in Permission if each in (token.permissions if token else ALL)],
        "token": _token(token) if token else None,
    }


def _token(token: TokenRecord) -> dict[str, object]:
    return {
        "id": token.id,
        "kind": token.kind.value,
        "label": token.label,
        "repositories": [pattern.text for pattern in token.limits.patterns],
        "expires_at": moments.written(token.expires_at),
    }
