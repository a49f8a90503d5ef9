"""Who belongs to an organisation, people and services, and as what, over the API."""

from typing import Final

from wharf.access.role import Role
from wharf.metadata.records import MemberRecord
from wharf.registry.http.api import parameters
from wharf.registry.http.api.operation import ApiReply, ApiRequest, Operation
from wharf.registry.http.api.organisation_path import AT_ORGANISATION, MEMBER, ORGANISATION, OWNER, organisation_in
from wharf.registry.http.api.paging import linked
from wharf.registry.http.api.parameters import PAGE, PER_PAGE, in_path
from wharf.registry.http.api.schemas import TEXT, TRUTH, Shape, listed, one_of, sent, told
from wharf.registry.services.accounts.organisations import Organisations

ROLE: Final = one_of(role.value for role in Role)
MEMBER_FIELDS: Final[Shape] = {
    "login": TEXT,
    "kind": one_of(["user", "service"]),
    "display": TEXT,
    "role": ROLE,
    "disabled": TRUTH,
}
_MEMBER: Final = told(MEMBER_FIELDS)
_NEW_ROLE: Final = sent({"role": ROLE}, required=["role"])
_LOGIN: Final = in_path("login", "The name of the account, of a service too.")


class MembersApi:
    def __init__(self, organisations: Organisations) -> None:
        self._organisations = organisations

    def operations(self) -> tuple[Operation, ...]:
        return (
            Operation(
                id="wharf/orgs/list-members",
                method="GET",
                path=f"{AT_ORGANISATION}/members",
                about="Who belongs to an organisation, people and services, and as what.",
                needs=MEMBER,
                handler=self._list,
                answers={200: listed(_MEMBER)},
                parameters=(ORGANISATION, PAGE, PER_PAGE),
            ),
            Operation(
                id="wharf/orgs/set-member",
                method="PUT",
                path=f"{AT_ORGANISATION}/members/{{login}}",
                about="Let an account belong to an organisation, or give it another role there.",
                needs=OWNER,
                handler=self._set,
                answers={200: _MEMBER},
                parameters=(ORGANISATION, _LOGIN),
                body=_NEW_ROLE,
                example={"role": "writer"},
                refusals=(403, 404, 409),
            ),
            Operation(
                id="wharf/orgs/remove-member",
                method="DELETE",
                path=f"{AT_ORGANISATION}/members/{{login}}",
                about="Let an account belong to an organisation no more. Anybody may leave; the last owner may not.",
                needs="the scope admin; the role owner, or one's own membership",
                handler=self._remove,
                answers={204: None},
                parameters=(ORGANISATION, _LOGIN),
                refusals=(403, 404, 409),
            ),
        )

    async def _list(self, request: ApiRequest) -> ApiReply:
        page = parameters.page(request.query)
        members = await self._organisations.members(request.caller, organisation_in(request))
        return ApiReply(200, [member_document(each) for each in page.of(members)], linked(request, page, len(members)))

    async def _set(self, request: ApiRequest) -> ApiReply:
        login, role = parameters.login(request, "login"), Role.parse(parameters.text_in(request.body, "role"))
        member = await self._organisations.set_member(request.caller, organisation_in(request), login, role)
        return ApiReply(200, member_document(member))

    async def _remove(self, request: ApiRequest) -> ApiReply:
        login = parameters.login(request, "login")
        await self._organisations.remove_member(request.caller, organisation_in(request), login)
        return ApiReply(204)


def member_document(member: MemberRecord) -> dict[str, object]:
    account = member.account
    return {
        "login": str(account.login),
        "kind": account.kind.value,
        "display": account.display,
        "role": member.role.value,
        "disabled": not account.is_active,
    }
