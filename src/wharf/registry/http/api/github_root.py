"""What GitHub's clients ask a server before they ask for packages: is it one, who am I, who is that, may I go on."""

from typing import Final

from wharf import __version__
from wharf.access.login import Login
from wharf.access.permission import Permission
from wharf.errors import EntryUnknown
from wharf.metadata.ledger import Ledger
from wharf.metadata.records import AccountKind, AccountRecord
from wharf.metadata.store import MetadataStore
from wharf.oci.strict_json import JsonValue
from wharf.registry.http.api import parameters
from wharf.registry.http.api.github_accounts import (
    ORGANISATION,
    PUBLIC_USER,
    SIMPLE_ORGANISATION,
    api_base,
    node_id,
    organisation,
    public_user,
    simple_organisation,
)
from wharf.registry.http.api.graphql import answered
from wharf.registry.http.api.me import require_known
from wharf.registry.http.api.operation import OWN, ApiReply, ApiRequest, Handler, Operation, Schema
from wharf.registry.http.api.paging import linked
from wharf.registry.http.api.parameters import PAGE, PER_PAGE, in_path
from wharf.registry.http.api.schemas import TEXT, listed, sent
from wharf.registry.http.message import Headers
from wharf.registry.services.clock import Clock

# There is no limit. Clients that wait when little is left shall never have to.
_LIMIT: Final = 1_000_000
_HOUR: Final = 3600
# Where a token's scopes are named here, `gh auth login` demands those of a code host among them.
_NO_SCOPES: Final[Headers] = ((b"x-oauth-scopes", b""),)
_OBJECT: Final[Schema] = {"type": "object"}
_QUESTION: Final[Schema] = {
    **sent({"query": TEXT, "variables": {"type": ["object", "null"]}}, required=["query"]),
    "additionalProperties": True,
}


class GitHubRoot:
    def __init__(self, metadata: MetadataStore, clock: Clock) -> None:
        self._metadata = metadata
        self._clock = clock

    def operations(self) -> tuple[Operation, ...]:
        return (*self._of_the_server(), *self._of_accounts())

    def _of_the_server(self) -> tuple[Operation, ...]:
        return (
            _reading("meta/root", "/", "Where what is found.", self._root),
            _reading("meta/get", "/meta", "What this server is.", self._meta),
            _reading("rate-limit/get", "/rate_limit", "How often one may still ask: always.", self._rate_limit),
            Operation(
                id="graphql",
                method="POST",
                path="/graphql",
                also_at=("/api/graphql",),
                about="GraphQL, as far as clients need it to learn who they are: `viewer { login }`.",
                needs="the scope read:packages",
                handler=self._graphql,
                answers={200: _OBJECT},
                body=_QUESTION,
                example={"query": "query { viewer { login } }"},
                refusals=(403,),
            ),
        )

    def _of_accounts(self) -> tuple[Operation, ...]:
        return (
            Operation(
                id="users/get-by-username",
                method="GET",
                path="/users/{username}",
                about="An account.",
                needs="the scope read:packages",
                handler=self._user,
                answers={200: PUBLIC_USER},
                parameters=(in_path("username", "The login."),),
            ),
            Operation(
                id="orgs/get",
                method="GET",
                path="/orgs/{org}",
                about="An organisation.",
                needs="the scope read:packages",
                handler=self._organisation,
                answers={200: ORGANISATION},
                parameters=(in_path("org", "The organisation."),),
            ),
            Operation(
                id="orgs/list-for-authenticated-user",
                method="GET",
                path="/user/orgs",
                about="The organisations that one belongs to.",
                needs="the scope read:packages",
                handler=self._own_organisations,
                answers={200: listed(SIMPLE_ORGANISATION)},
                parameters=(PAGE, PER_PAGE),
                refusals=(403,),
            ),
        )

    async def _root(self, request: ApiRequest) -> ApiReply:
        base = api_base(request)
        document = {
            "current_user_url": f"{base}/user",
            "user_organizations_url": f"{base}/user/orgs",
            "organization_url": f"{base}/orgs/{{org}}",
            "user_url": f"{base}/users/{{user}}",
            "rate_limit_url": f"{base}/rate_limit",
            "packages_url": f"{base}/user/packages",
            "openapi_url": f"{request.base}{OWN}/openapi.json",
        }
        return ApiReply(200, document, _NO_SCOPES)

    async def _meta(self, request: ApiRequest) -> ApiReply:
        return ApiReply(200, {"verifiable_password_authentication": True, "installed_version": __version__})

    async def _rate_limit(self, request: ApiRequest) -> ApiReply:
        reset = self._clock() // 1000 + _HOUR
        rate = {"limit": _LIMIT, "used": 0, "remaining": _LIMIT, "reset": reset}
        return ApiReply(200, {"resources": {"core": rate, "graphql": rate, "search": rate}, "rate": rate})

    async def _graphql(self, request: ApiRequest) -> ApiReply:
        require_known(request.caller, Permission.READ)
        account = await self._metadata.read(lambda ledger: _own(ledger, request))
        return ApiReply(200, answered(parameters.text_in(request.body, "query"), _viewer(account, request.base)))

    async def _user(self, request: ApiRequest) -> ApiReply:
        return ApiReply(200, public_user(await self._account(request, "username", tuple(AccountKind)), request))

    async def _organisation(self, request: ApiRequest) -> ApiReply:
        return ApiReply(200, organisation(await self._account(request, "org", (AccountKind.ORGANISATION,)), request))

    async def _account(self, request: ApiRequest, name: str, kinds: tuple[AccountKind, ...]) -> AccountRecord:
        require_known(request.caller, Permission.READ)
        login = parameters.login(request, name)
        account = await self._metadata.read(lambda ledger: ledger.accounts.find(login))
        if account is None or account.kind not in kinds:
            raise EntryUnknown("account", str(login))
        return account

    async def _own_organisations(self, request: ApiRequest) -> ApiReply:
        require_known(request.caller, Permission.READ)
        page = parameters.page(request.query)
        found = await self._metadata.read(lambda ledger: _organisations(ledger, request))
        shown = [simple_organisation(each, request) for each in page.of(found)]
        return ApiReply(200, shown, linked(request, page, len(found)))


def _reading(name: str, path: str, about: str, handler: Handler) -> Operation:
    return Operation(
        id=name,
        method="GET",
        path=path,
        about=about,
        needs="nothing",
        handler=handler,
        answers={200: _OBJECT},
        refusals=(),
    )


def _own(ledger: Ledger, request: ApiRequest) -> AccountRecord:
    account = ledger.accounts.get(request.caller.account) if request.caller.account is not None else None
    assert account is not None
    return account


def _organisations(ledger: Ledger, request: ApiRequest) -> list[AccountRecord]:
    found = (ledger.accounts.find(Login(login)) for login in ledger.accounts.roles(_own(ledger, request).id))
    return [account for account in found if account is not None]


def _viewer(account: AccountRecord, base: str) -> dict[str, JsonValue]:
    return {
        "__typename": "User",
        "id": node_id(account),
        "databaseId": account.id,
        "login": str(account.login),
        "name": account.display,
        "url": f"{base}/{account.login}",
    }
