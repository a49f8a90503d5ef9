"""Organisations, who belongs to them, and their services, over the API."""

from typing import Final

from wharf.access.login import Login
from wharf.access.role import Role
from wharf.metadata.records import AccountRecord, MemberRecord
from wharf.oci.strict_json import JsonValue
from wharf.registry.http.api import moments, parameters
from wharf.registry.http.api.accounts import ACCOUNT, DISPLAY, NAME, account_document, one_line
from wharf.registry.http.api.operation import OWN, ApiReply, ApiRequest, Operation, Schema
from wharf.registry.http.api.paging import linked
from wharf.registry.http.api.parameters import PAGE, PER_PAGE, in_path
from wharf.registry.services.accounts.organisations import Organisations

_ROLE: Final[dict[str, JsonValue]] = {"type": "string", "enum": [role.value for role in Role]}
_FIELDS: Final[dict[str, JsonValue]] = {
    "login": {"type": "string"},
    "kind": {"type": "string", "enum": ["user", "service"]},
    "display": {"type": "string"},
    "role": _ROLE,
    "disabled": {"type": "boolean"},
}
_MEMBER: Final[dict[str, JsonValue]] = {"type": "object", "required": list(_FIELDS), "properties": _FIELDS}
_SERVICE_FIELDS: Final[dict[str, JsonValue]] = {
    **_FIELDS,
    "name": {"type": "string"},
    "created_at": dict(moments.MOMENT),
}
_SERVICE: Final[dict[str, JsonValue]] = {
    "type": "object",
    "required": list(_SERVICE_FIELDS),
    "properties": _SERVICE_FIELDS,
}
_NEW: Final[Schema] = {
    "type": "object",
    "required": ["login"],
    "properties": {"login": NAME, "display": DISPLAY},
}
_NEW_SERVICE: Final[Schema] = {
    "type": "object",
    "required": ["name", "role"],
    "properties": {"name": NAME, "role": _ROLE, "display": DISPLAY},
}
_NEW_ROLE: Final[Schema] = {"type": "object", "required": ["role"], "properties": {"role": _ROLE}}

_ORG: Final = in_path("org", "The name of the organisation.")
_LOGIN: Final = in_path("login", "The name of the account, of a service too.")
_NAME: Final = in_path("name", "The name of the service: the word after the plus.")
_ONE: Final = f"{OWN}/orgs/{{org}}"
_MEMBER_OF: Final = "the scope read:packages; any role in the organisation"
_OWNER_OF: Final = "the scope admin; the role owner"


class OrganisationsApi:
    def __init__(self, organisations: Organisations) -> None:
        self._organisations = organisations

    def operations(self) -> tuple[Operation, ...]:
        return (*self._of_organisations(), *self._of_members(), *self._of_services())

    def _of_organisations(self) -> tuple[Operation, ...]:
        return (
            Operation(
                id="wharf/orgs/list",
                method="GET",
                path=f"{OWN}/orgs",
                about="The organisations that one belongs to; all of them for an administrator.",
                needs="the scope read:packages",
                handler=self._list,
                answers={200: {"type": "array", "items": ACCOUNT}},
                parameters=(PAGE, PER_PAGE),
                refusals=(400, 401, 403, 422),
            ),
            Operation(
                id="wharf/orgs/create",
                method="POST",
                path=f"{OWN}/orgs",
                about="A new organisation, which whoever makes it owns.",
                needs="the scope admin; an administrator",
                handler=self._create,
                answers={201: ACCOUNT},
                made_at={"org": "login"},
                body=_NEW,
                example={"login": "yard", "display": "The yard"},
                refusals=(400, 401, 403, 409, 422),
            ),
            Operation(
                id="wharf/orgs/get",
                method="GET",
                path=_ONE,
                about="An organisation.",
                needs=_MEMBER_OF,
                handler=self._get,
                answers={200: ACCOUNT},
                parameters=(_ORG,),
            ),
            Operation(
                id="wharf/orgs/delete",
                method="DELETE",
                path=_ONE,
                about="Delete an organisation that owns no packages, with its services and their tokens.",
                needs=_OWNER_OF,
                handler=self._delete,
                answers={204: None},
                parameters=(_ORG,),
                refusals=(401, 403, 404, 409),
            ),
        )

    def _of_members(self) -> tuple[Operation, ...]:
        return (
            Operation(
                id="wharf/orgs/list-members",
                method="GET",
                path=f"{_ONE}/members",
                about="Who belongs to an organisation, people and services, and as what.",
                needs=_MEMBER_OF,
                handler=self._members,
                answers={200: {"type": "array", "items": _MEMBER}},
                parameters=(_ORG, PAGE, PER_PAGE),
                refusals=(400, 401, 403, 404, 422),
            ),
            Operation(
                id="wharf/orgs/set-member",
                method="PUT",
                path=f"{_ONE}/members/{{login}}",
                about="Let an account belong to an organisation, or give it another role there.",
                needs=_OWNER_OF,
                handler=self._set_member,
                answers={200: _MEMBER},
                parameters=(_ORG, _LOGIN),
                body=_NEW_ROLE,
                example={"role": "writer"},
                refusals=(400, 401, 403, 404, 409, 422),
            ),
            Operation(
                id="wharf/orgs/remove-member",
                method="DELETE",
                path=f"{_ONE}/members/{{login}}",
                about="Let an account belong to an organisation no more. Anybody may leave; the last owner may not.",
                needs="the scope admin; the role owner, or one's own membership",
                handler=self._remove_member,
                answers={204: None},
                parameters=(_ORG, _LOGIN),
                refusals=(401, 403, 404, 409),
            ),
        )

    def _of_services(self) -> tuple[Operation, ...]:
        return (
            Operation(
                id="wharf/orgs/list-services",
                method="GET",
                path=f"{_ONE}/services",
                about="The services of an organisation.",
                needs=_MEMBER_OF,
                handler=self._services,
                answers={200: {"type": "array", "items": _SERVICE}},
                parameters=(_ORG, PAGE, PER_PAGE),
                refusals=(400, 401, 403, 404, 422),
            ),
            Operation(
                id="wharf/orgs/create-service",
                method="POST",
                path=f"{_ONE}/services",
                about="A new service of an organisation. It has no password: it works with tokens that owners make.",
                needs=_OWNER_OF,
                handler=self._create_service,
                answers={201: _SERVICE},
                made_at={"name": "name"},
                parameters=(_ORG,),
                body=_NEW_SERVICE,
                example={"name": "nightly", "role": "writer"},
                refusals=(400, 401, 403, 404, 409, 422),
            ),
            Operation(
                id="wharf/orgs/delete-service",
                method="DELETE",
                path=f"{_ONE}/services/{{name}}",
                about="Delete a service, with its tokens.",
                needs=_OWNER_OF,
                handler=self._delete_service,
                answers={204: None},
                parameters=(_ORG, _NAME),
            ),
        )

    async def _list(self, request: ApiRequest) -> ApiReply:
        page = parameters.page(request.query)
        accounts, total = await self._organisations.page(request.caller, page.start, page.size)
        return ApiReply(200, [account_document(each) for each in accounts], linked(request, page, total))

    async def _create(self, request: ApiRequest) -> ApiReply:
        login = Login.parse(parameters.text_in(request.body, "login"))
        display = one_line(parameters.text_in(request.body, "display", ""))
        return ApiReply(201, account_document(await self._organisations.create(request.caller, login, display)))

    async def _get(self, request: ApiRequest) -> ApiReply:
        return ApiReply(200, account_document(await self._organisations.see(request.caller, _org(request))))

    async def _delete(self, request: ApiRequest) -> ApiReply:
        await self._organisations.delete(request.caller, _org(request))
        return ApiReply(204)

    async def _members(self, request: ApiRequest) -> ApiReply:
        page = parameters.page(request.query)
        members = await self._organisations.members(request.caller, _org(request))
        shown = members[page.start : page.start + page.size]
        return ApiReply(200, [_member(each) for each in shown], linked(request, page, len(members)))

    async def _set_member(self, request: ApiRequest) -> ApiReply:
        login, role = parameters.login(request, "login"), Role.parse(parameters.text_in(request.body, "role"))
        return ApiReply(200, _member(await self._organisations.set_member(request.caller, _org(request), login, role)))

    async def _remove_member(self, request: ApiRequest) -> ApiReply:
        await self._organisations.remove_member(request.caller, _org(request), parameters.login(request, "login"))
        return ApiReply(204)

    async def _services(self, request: ApiRequest) -> ApiReply:
        page = parameters.page(request.query)
        services = await self._organisations.services(request.caller, _org(request))
        shown = services[page.start : page.start + page.size]
        return ApiReply(200, [_service(each) for each in shown], linked(request, page, len(services)))

    async def _create_service(self, request: ApiRequest) -> ApiReply:
        name = Login.parse(parameters.text_in(request.body, "name"))
        role = Role.parse(parameters.text_in(request.body, "role"))
        display = one_line(parameters.text_in(request.body, "display", ""))
        made = await self._organisations.create_service(request.caller, _org(request), name, role, display)
        return ApiReply(201, _service(made))

    async def _delete_service(self, request: ApiRequest) -> ApiReply:
        await self._organisations.delete_service(request.caller, _org(request), parameters.login(request, "name"))
        return ApiReply(204)


def _org(request: ApiRequest) -> Login:
    return parameters.login(request, "org")


def _member(member: MemberRecord) -> dict[str, object]:
    account = member.account
    return {
        "login": str(account.login),
        "kind": account.kind.value,
        "display": account.display,
        "role": member.role.value,
        "disabled": not account.is_active,
    }


def _service(member: MemberRecord) -> dict[str, object]:
    account: AccountRecord = member.account
    name = str(account.login).partition("+")[2]
    return {**_member(member), "name": name, "created_at": moments.written(account.created_at)}
