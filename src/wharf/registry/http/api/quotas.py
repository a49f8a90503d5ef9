"""The API of quotas: how many bytes an owner may hold, and how many it does. wharf's own."""

from typing import Final

from wharf.registry.http.api.operation import ApiReply, ApiRequest, Operation
from wharf.registry.http.api.owner_path import AT_OWNER, OWNER, owner_in, shown
from wharf.registry.http.api.parameters import number_in
from wharf.registry.http.api.schemas import COUNT, TEXT, sent, told
from wharf.registry.services.rules.rulebook import MOST_BYTES, Room, Rulebook

_AT: Final = f"{AT_OWNER}/quota"
_QUOTA: Final = told({"owner": TEXT, "bytes": {"type": ["integer", "null"], "minimum": 0}, "used": COUNT})
_NEW_QUOTA: Final = sent({"bytes": {**COUNT, "maximum": MOST_BYTES}}, required=["bytes"])
_ADMINISTRATOR: Final = "admin, and to be an administrator"


class QuotasApi:
    def __init__(self, rulebook: Rulebook) -> None:
        self._rulebook = rulebook

    def operations(self) -> tuple[Operation, ...]:
        return (
            Operation(
                id="wharf/get-quota",
                method="GET",
                path=_AT,
                about="How many bytes an owner may hold (null: as many as there is room for), and how many it does.",
                needs="read:packages, and the role reader; of the registry as a whole: to be its administrator",
                handler=self._show,
                answers={200: _QUOTA},
                parameters=(OWNER,),
            ),
            Operation(
                id="wharf/set-quota",
                method="PUT",
                path=_AT,
                about="How many bytes an owner may hold. What it holds already stays, also where that is more.",
                needs=_ADMINISTRATOR,
                handler=self._set,
                answers={200: _QUOTA},
                parameters=(OWNER,),
                body=_NEW_QUOTA,
                example={"bytes": 10_000_000_000},
            ),
            Operation(
                id="wharf/delete-quota",
                method="DELETE",
                path=_AT,
                about="The owner may hold as much as there is room for.",
                needs=_ADMINISTRATOR,
                handler=self._drop,
                answers={204: None},
                parameters=(OWNER,),
            ),
        )

    async def _show(self, request: ApiRequest) -> ApiReply:
        return ApiReply(200, _room(await self._rulebook.room(request.caller, owner_in(request))))

    async def _set(self, request: ApiRequest) -> ApiReply:
        most = number_in(request.body, "bytes")
        return ApiReply(200, _room(await self._rulebook.set_quota(request.caller, owner_in(request), most)))

    async def _drop(self, request: ApiRequest) -> ApiReply:
        await self._rulebook.drop_quota(request.caller, owner_in(request))
        return ApiReply(204)


def _room(room: Room) -> dict[str, object]:
    return {"owner": shown(room.owner), "bytes": room.most, "used": room.used}
