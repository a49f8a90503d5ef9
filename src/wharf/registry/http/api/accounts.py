"""Accounts of people, over the API."""

from typing import Final

from wharf.access.login import LONGEST, WORD_WRITTEN, WRITTEN, Login
from wharf.metadata.records import AccountKind, AccountRecord
from wharf.registry.http.api import moments, parameters
from wharf.registry.http.api.operation import OWN, ApiReply, ApiRequest, Operation
from wharf.registry.http.api.paging import linked
from wharf.registry.http.api.parameters import PAGE, PER_PAGE, in_path
from wharf.registry.http.api.schemas import ID, MOMENT, TEXT, TRUTH, Shape, listed, one_of, sent, told
from wharf.registry.services.accounts.accounts import NewUser, UserChange, Users
from wharf.registry.services.identity.passwords import LONGEST as LONGEST_PASSWORD
from wharf.registry.services.identity.passwords import SHORTEST as SHORTEST_PASSWORD

LOGIN: Final[Shape] = {
    "type": "string",
    "minLength": 1,
    "maxLength": LONGEST,
    "pattern": f"^{WRITTEN}$",
    "description": "letters and digits, with single dots, underscores or dashes between them",
}
NAME: Final[Shape] = {**LOGIN, "pattern": f"^{WORD_WRITTEN}$"}
DISPLAY: Final[Shape] = {"type": "string", "maxLength": 100}
_PASSWORD: Final[Shape] = {"type": "string", "minLength": SHORTEST_PASSWORD, "maxLength": LONGEST_PASSWORD}
_FIELDS: Final[Shape] = {
    "id": ID,
    "login": TEXT,
    "kind": one_of(kind.value for kind in AccountKind),
    "display": TEXT,
    "administrator": TRUTH,
    "disabled": TRUTH,
    "created_at": MOMENT,
}
ACCOUNT: Final = told(_FIELDS)
_MADE: Final = told(_FIELDS, at_times={"password": {**TEXT, "description": "Only where it was made here."}})
_NEW: Final = sent(
    {"login": NAME, "display": DISPLAY, "password": _PASSWORD, "administrator": TRUTH}, required=["login"]
)
_CHANGE: Final = sent(
    {
        "display": DISPLAY,
        "password": _PASSWORD,
        "old_password": {"type": "string", "maxLength": LONGEST_PASSWORD},
        "administrator": TRUTH,
        "disabled": TRUTH,
    }
)
_USER: Final = in_path("login", "The name of the account.")
_ONE: Final = f"{OWN}/users/{{login}}"


class AccountsApi:
    def __init__(self, users: Users) -> None:
        self._users = users

    def operations(self) -> tuple[Operation, ...]:
        return (*self._of_all(), *self._of_one())

    def _of_all(self) -> tuple[Operation, ...]:
        return (
            Operation(
                id="wharf/users/list",
                method="GET",
                path=f"{OWN}/users",
                about="The accounts of people, by name.",
                needs="the scope admin; an administrator",
                handler=self._list,
                answers={200: listed(ACCOUNT)},
                parameters=(PAGE, PER_PAGE),
                refusals=(403,),
            ),
            Operation(
                id="wharf/users/create",
                method="POST",
                path=f"{OWN}/users",
                about="A new account. Without a password one is made, and told in this answer alone.",
                needs="the scope admin; an administrator",
                handler=self._create,
                answers={201: _MADE},
                made_at={"login": "login"},
                body=_NEW,
                example={"login": "alice", "display": "Alice"},
                refusals=(403, 409),
            ),
        )

    def _of_one(self) -> tuple[Operation, ...]:
        return (
            Operation(
                id="wharf/users/get",
                method="GET",
                path=_ONE,
                about="An account: one's own, or any for an administrator.",
                needs="the scope read:packages for one's own; the scope admin and an administrator for others",
                handler=self._get,
                answers={200: ACCOUNT},
                parameters=(_USER,),
            ),
            Operation(
                id="wharf/users/update",
                method="PATCH",
                path=_ONE,
                about="Change an account. Whoever changes their own password tells the old one too.",
                needs="the scope admin; an administrator, but for the display and password of one's own",
                handler=self._update,
                answers={200: ACCOUNT},
                parameters=(_USER,),
                body=_CHANGE,
                example={"display": "Alice of the crew"},
                refusals=(403, 404, 409),
            ),
            Operation(
                id="wharf/users/delete",
                method="DELETE",
                path=_ONE,
                about="Delete an account that owns no packages, with its tokens.",
                needs="the scope admin; an administrator",
                handler=self._delete,
                answers={204: None},
                parameters=(_USER,),
                refusals=(403, 404, 409),
            ),
        )

    async def _list(self, request: ApiRequest) -> ApiReply:
        page = parameters.page(request.query)
        accounts, total = await self._users.page(request.caller, page.start, page.size)
        return ApiReply(200, [account_document(each) for each in accounts], linked(request, page, total))

    async def _create(self, request: ApiRequest) -> ApiReply:
        body = request.body
        new = NewUser(
            Login.parse(parameters.text_in(body, "login")),
            one_line(parameters.text_in(body, "display", "")),
            parameters.text_in(body, "password") if "password" in body else None,
            parameters.truth_in(body, "administrator", default=False),
        )
        made = await self._users.create(request.caller, new)
        once = {} if made.password is None else {"password": made.password}
        return ApiReply(201, {**account_document(made.account), **once})

    async def _get(self, request: ApiRequest) -> ApiReply:
        account = await self._users.see(request.caller, parameters.login(request, "login"))
        return ApiReply(200, account_document(account))

    async def _update(self, request: ApiRequest) -> ApiReply:
        body = request.body
        wish = UserChange(
            display=one_line(parameters.text_in(body, "display")) if "display" in body else None,
            password=parameters.text_in(body, "password") if "password" in body else None,
            old_password=parameters.text_in(body, "old_password") if "old_password" in body else None,
            is_administrator=_maybe(request, "administrator"),
            is_disabled=_maybe(request, "disabled"),
        )
        account = await self._users.change(request.caller, parameters.login(request, "login"), wish)
        return ApiReply(200, account_document(account))

    async def _delete(self, request: ApiRequest) -> ApiReply:
        await self._users.delete(request.caller, parameters.login(request, "login"))
        return ApiReply(204)


def account_document(account: AccountRecord) -> dict[str, object]:
    return {
        "id": account.id,
        "login": str(account.login),
        "kind": account.kind.value,
        "display": account.display,
        "administrator": account.is_administrator,
        "disabled": not account.is_active,
        "created_at": moments.written(account.created_at),
    }


def one_line(text: str) -> str:
    """What is shown in lists and logs has neither line ends nor the signs that terminals obey."""
    return "".join(letter if letter.isprintable() else " " for letter in text).strip()


def _maybe(request: ApiRequest, name: str) -> bool | None:
    return parameters.truth_in(request.body, name, default=False) if name in request.body else None
