"""Organisations, over the API."""

from typing import Final

from wharf.access.login import Login
from wharf.registry.http.api import parameters
from wharf.registry.http.api.accounts import ACCOUNT, DISPLAY, NAME, account_document, one_line
from wharf.registry.http.api.operation import OWN, ApiReply, ApiRequest, Operation
from wharf.registry.http.api.organisation_path import AT_ORGANISATION, MEMBER, ORGANISATION, OWNER, organisation_in
from wharf.registry.http.api.paging import linked
from wharf.registry.http.api.parameters import PAGE, PER_PAGE
from wharf.registry.http.api.schemas import listed, sent
from wharf.registry.services.accounts.organisations import Organisations

_NEW: Final = sent({"login": NAME, "display": DISPLAY}, required=["login"])


class OrganisationsApi:
    def __init__(self, organisations: Organisations) -> None:
        self._organisations = organisations

    def operations(self) -> tuple[Operation, ...]:
        return (*self._of_all(), *self._of_one())

    def _of_all(self) -> tuple[Operation, ...]:
        return (
            Operation(
                id="wharf/orgs/list",
                method="GET",
                path=f"{OWN}/orgs",
                about="The organisations that one belongs to; all of them for an administrator.",
                needs="the scope read:packages",
                handler=self._list,
                answers={200: listed(ACCOUNT)},
                parameters=(PAGE, PER_PAGE),
                refusals=(403,),
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
                refusals=(403, 409),
            ),
        )

    def _of_one(self) -> tuple[Operation, ...]:
        return (
            Operation(
                id="wharf/orgs/get",
                method="GET",
                path=AT_ORGANISATION,
                about="An organisation.",
                needs=MEMBER,
                handler=self._get,
                answers={200: ACCOUNT},
                parameters=(ORGANISATION,),
            ),
            Operation(
                id="wharf/orgs/delete",
                method="DELETE",
                path=AT_ORGANISATION,
                about="Delete an organisation that owns no packages, with its services and their tokens.",
                needs=OWNER,
                handler=self._delete,
                answers={204: None},
                parameters=(ORGANISATION,),
                refusals=(403, 404, 409),
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
        return ApiReply(200, account_document(await self._organisations.see(request.caller, organisation_in(request))))

    async def _delete(self, request: ApiRequest) -> ApiReply:
        await self._organisations.delete(request.caller, organisation_in(request))
        return ApiReply(204)
