"""The key that signs short-lived tokens, as administrators change it."""

from wharf.registry.http.api.operation import OWN, ApiReply, ApiRequest, Operation
from wharf.registry.http.api.parameters import truth_in
from wharf.registry.http.api.schemas import TEXT, TRUTH, sent, told
from wharf.registry.services.identity.key_rotation import KeyRotation


class SigningKeysApi:
    def __init__(self, rotation: KeyRotation) -> None:
        self._rotation = rotation

    def operations(self) -> tuple[Operation, ...]:
        return (
            Operation(
                id="wharf/rotate-signing-key",
                method="POST",
                path=f"{OWN}/signing-keys/rotate",
                about=(
                    "Let a new key sign the short-lived tokens. Nobody is logged out by it, unless `forget` says that"
                    " what was signed before is not good any more: then clients ask for a new token."
                ),
                needs="an administrator, the scope admin",
                handler=self._rotate,
                answers={201: told({"id": TEXT})},
                body=sent({"forget": TRUTH}),
                example={"forget": False},
                refusals=(403,),
            ),
        )

    async def _rotate(self, request: ApiRequest) -> ApiReply:
        forget = truth_in(request.body, "forget", default=False)
        return ApiReply(201, {"id": await self._rotation.rotate(request.caller, forget=forget)})
