"""The services that work for an organisation, over the API."""

from typing import Final

from wharf.access.login import Login
from wharf.access.role import Role
from wharf.metadata.records import MemberRecord
from wharf.registry.http.api import moments, parameters
from wharf.registry.http.api.accounts import DISPLAY, NAME, one_line
from wharf.registry.http.api.members import MEMBER_FIELDS, ROLE, member_document
from wharf.registry.http.api.operation import ApiReply, ApiRequest, Operation
from wharf.registry.http.api.organisation_path import AT_ORGANISATION, MEMBER, ORGANISATION, OWNER, organisation_in
from wharf.registry.http.api.paging import linked
from wharf.registry.http.api.parameters import PAGE, PER_PAGE, in_path
from wharf.registry.http.api.schemas import MOMENT, TEXT, listed, sent, told
from wharf.registry.services.accounts.organisations import Organisations

_SERVICE: Final = told({**MEMBER_FIELDS, "name": TEXT, "created_at": MOMENT})
_NEW_SERVICE: Final = sent({"name": NAME, "role": ROLE, "display": DISPLAY}, required=["name", "role"])
_NAME: Final = in_path("name", "The name of the service: the word after the plus.")


class OrganisationServicesApi:
    def __init__(self, organisations: Organisations) -> None:
        self._organisations = organisations

    def operations(self) -> tuple[Operation, ...]:
        return (
            Operation(
                id="wharf/orgs/list-services",
                method="GET",
                path=f"{AT_ORGANISATION}/services",
                about="The services of an organisation.",
                needs=MEMBER,
                handler=self._list,
                answers={200: listed(_SERVICE)},
                parameters=(ORGANISATION, PAGE, PER_PAGE),
            ),
            Operation(
                id="wharf/orgs/create-service",
                method="POST",
                path=f"{AT_ORGANISATION}/services",
                about="A new service of an organisation. It has no password: it works with tokens that owners make.",
                needs=OWNER,
                handler=self._create,
                answers={201: _SERVICE},
                made_at={"name": "name"},
                parameters=(ORGANISATION,),
                body=_NEW_SERVICE,
                example={"name": "nightly", "role": "writer"},
                refusals=(403, 404, 409),
            ),
            Operation(
                id="wharf/orgs/delete-service",
                method="DELETE",
                path=f"{AT_ORGANISATION}/services/{{name}}",
                about="Delete a service, with its tokens.",
                needs=OWNER,
                handler=self._delete,
                answers={204: None},
                parameters=(ORGANISATION, _NAME),
            ),
        )

    async def _list(self, request: ApiRequest) -> ApiReply:
        page = parameters.page(request.query)
        services = await self._organisations.services(request.caller, organisation_in(request))
        return ApiReply(200, [_service(each) for each in page.of(services)], linked(request, page, len(services)))

    async def _create(self, request: ApiRequest) -> ApiReply:
        name = Login.parse(parameters.text_in(request.body, "name"))
        role = Role.parse(parameters.text_in(request.body, "role"))
        display = one_line(parameters.text_in(request.body, "display", ""))
        made = await self._organisations.create_service(request.caller, organisation_in(request), name, role, display)
        return ApiReply(201, _service(made))

    async def _delete(self, request: ApiRequest) -> ApiReply:
        name = parameters.login(request, "name")
        await self._organisations.delete_service(request.caller, organisation_in(request), name)
        return ApiReply(204)


def _service(member: MemberRecord) -> dict[str, object]:
    return {
        **member_document(member),
        "name": member.account.login.name_of_service,
        "created_at": moments.written(member.account.created_at),
    }
