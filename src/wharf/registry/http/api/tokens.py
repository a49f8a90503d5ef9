"""Personal access tokens, over the API."""

from typing import Final

from wharf.access.limits import parse_limits
from wharf.access.login import Login
from wharf.access.permission import Permission, words
from wharf.access.secret_text import SecretKind, recognised
from wharf.metadata.records import AccountRecord, Moment, TokenId, TokenRecord
from wharf.registry.http.api import moments, parameters
from wharf.registry.http.api.accounts import LOGIN, one_line
from wharf.registry.http.api.operation import OWN, ApiReply, ApiRequest, Operation, Parameter, Place
from wharf.registry.http.api.paging import linked
from wharf.registry.http.api.parameters import PAGE, PER_PAGE, in_path
from wharf.registry.http.api.schemas import (
    COUNT,
    ID,
    LARGEST_NUMBER,
    MAYBE_MOMENT,
    MAYBE_TEXT,
    MOMENT,
    REPOSITORIES,
    SCOPE,
    TEXT,
    TEXTS,
    TRUTH,
    Shape,
    listed,
    one_of,
    sent,
    told,
)
from wharf.registry.services.accounts.personal_tokens import (
    LONGEST_OVERLAP,
    SHORTEST_LIFE,
    MadeToken,
    PersonalTokens,
    Wish,
)
from wharf.registry.services.clock import Clock

_FIELDS: Final[Shape] = {
    "id": ID,
    "account": TEXT,
    "kind": one_of(kind.value for kind in SecretKind),
    "label": TEXT,
    "hint": TEXT,
    "scopes": listed(SCOPE),
    "repositories": TEXTS,
    "origin": TEXT,
    "state": one_of(["good", "expired", "revoked"]),
    "created_at": MOMENT,
    "expires_at": MOMENT,
    "revoked_at": MAYBE_MOMENT,
    "last_used_at": MAYBE_MOMENT,
    "last_used_from": MAYBE_TEXT,
}
_TOKEN: Final = told(_FIELDS)
_MADE: Final = told({**_FIELDS, "token": TEXT})
_NEW: Final = sent(
    {
        "label": {"type": "string", "maxLength": 100},
        "scopes": listed(SCOPE, minItems=1, maxItems=16),
        "repositories": REPOSITORIES,
        "expires_in": {"type": "integer", "minimum": SHORTEST_LIFE, "maximum": LARGEST_NUMBER},
        "account": LOGIN,
    },
    required=["scopes"],
)
_ROTATION: Final = sent({"overlap_seconds": {**COUNT, "maximum": LONGEST_OVERLAP}})
_REVOKED: Final = told({"revoked": COUNT})
_SHOWN: Final = sent({"token": {"type": "string", "maxLength": 4096}}, required=["token"])
_GIVEN_UP: Final = told({"revoked": TRUTH})
_WHOSE: Final = Parameter(
    "account",
    Place.QUERY,
    "Whose tokens, if not one's own: a service of an organisation that one owns, anybody for administrators.",
    LOGIN,
)
_ID: Final = in_path("id", "The number of the token.", ID)
_NEEDS: Final = "the scope admin; one's own account, or one that one answers for"
_OR_ITSELF: Final = f"{_NEEDS}; or the token itself"


class TokensApi:
    def __init__(self, tokens: PersonalTokens, clock: Clock) -> None:
        self._tokens = tokens
        self._clock = clock

    def operations(self) -> tuple[Operation, ...]:
        return (*self._of_all(), *self._of_one(), self._by_itself())

    def _of_all(self) -> tuple[Operation, ...]:
        return (
            Operation(
                id="wharf/tokens/list",
                method="GET",
                path=f"{OWN}/tokens",
                about="The tokens of an account, the newest first, those that ended too. No secret is among it.",
                needs=_NEEDS,
                handler=self._list,
                answers={200: listed(_TOKEN)},
                parameters=(_WHOSE, PAGE, PER_PAGE),
            ),
            Operation(
                id="wharf/tokens/create",
                method="POST",
                path=f"{OWN}/tokens",
                about="A new token, which may no more than what it is asked with. It is told in this answer alone.",
                needs=_NEEDS,
                handler=self._create,
                answers={201: _MADE},
                made_at={"id": "id"},
                body=_NEW,
                example={"label": "builds", "scopes": ["read:packages"], "repositories": ["crew/*"]},
            ),
            Operation(
                id="wharf/tokens/revoke-all",
                method="DELETE",
                path=f"{OWN}/tokens",
                about="Revoke all tokens of an account, those that docker keeps too.",
                needs=_NEEDS,
                handler=self._revoke_all,
                answers={200: _REVOKED},
                parameters=(_WHOSE,),
            ),
        )

    def _of_one(self) -> tuple[Operation, ...]:
        return (
            Operation(
                id="wharf/tokens/revoke",
                method="DELETE",
                path=f"{OWN}/tokens/{{id}}",
                about="Revoke a token, and what was bought with it.",
                needs=_OR_ITSELF,
                handler=self._revoke,
                answers={204: None},
                parameters=(_ID,),
            ),
            Operation(
                id="wharf/tokens/rotate",
                method="POST",
                path=f"{OWN}/tokens/{{id}}/rotate",
                about="Another token with the same rights; the one before ends after the overlap.",
                needs=_OR_ITSELF,
                handler=self._rotate,
                answers={201: _MADE},
                parameters=(_ID,),
                body=_ROTATION,
                example={"overlap_seconds": 3600},
            ),
        )

    def _by_itself(self) -> Operation:
        return Operation(
            id="wharf/tokens/give-up",
            method="POST",
            path=f"{OWN}/revocations",
            about=(
                "Revoke the token in the body, of any kind, one that docker keeps too: whoever has a token may end it,"
                " also somebody who found it. `revoked` says whether it was good until now."
            ),
            needs="nothing but the token in the body",
            handler=self._give_up,
            answers={200: _GIVEN_UP},
            body=_SHOWN,
            example={"token": "wharf_pat_of_whoever_logs_out"},
            refusals=(),
        )

    async def _list(self, request: ApiRequest) -> ApiReply:
        page = parameters.page(request.query)
        account, tokens, total = await self._tokens.page(request.caller, _whose(request), page.start, page.size)
        now = self._clock()
        return ApiReply(200, [_token(account, each, now) for each in tokens], linked(request, page, total))

    async def _create(self, request: ApiRequest) -> ApiReply:
        body = request.body
        wish = Wish(
            one_line(parameters.text_in(body, "label", "")),
            frozenset(Permission.parse(scope) for scope in parameters.texts_in(body, "scopes")),
            parse_limits(parameters.texts_in(body, "repositories")),
            parameters.number_in(body, "expires_in") if "expires_in" in body else None,
        )
        whose = Login.parse(parameters.text_in(body, "account")) if "account" in body else None
        return self._made(await self._tokens.create(request.caller, whose, wish))

    async def _revoke_all(self, request: ApiRequest) -> ApiReply:
        return ApiReply(200, {"revoked": await self._tokens.revoke_all(request.caller, _whose(request))})

    async def _revoke(self, request: ApiRequest) -> ApiReply:
        await self._tokens.revoke(request.caller, _id(request))
        return ApiReply(204)

    async def _give_up(self, request: ApiRequest) -> ApiReply:
        secret = recognised(parameters.text_in(request.body, "token"))
        is_new = secret is not None and await self._tokens.give_up(secret, request.caller.address)
        return ApiReply(200, {"revoked": is_new})

    async def _rotate(self, request: ApiRequest) -> ApiReply:
        overlap = parameters.number_in(request.body, "overlap_seconds", 0)
        return self._made(await self._tokens.rotate(request.caller, _id(request), overlap))

    def _made(self, made: MadeToken) -> ApiReply:
        return ApiReply(201, {**_token(made.account, made.token, self._clock()), "token": made.secret.text})


def _id(request: ApiRequest) -> TokenId:
    return TokenId(parameters.number(request, "id", "token"))


def _whose(request: ApiRequest) -> Login | None:
    given = request.query.get("account")
    return None if given is None else Login.parse(given)


def _token(account: AccountRecord, token: TokenRecord, now: Moment) -> dict[str, object]:
    return {
        "id": token.id,
        "account": str(account.login),
        "kind": token.kind.value,
        "label": token.label,
        "hint": token.hint,
        "scopes": words(token.permissions),
        "repositories": token.limits.words,
        "origin": token.origin,
        "state": _state(token, now),
        "created_at": moments.written(token.created_at),
        "expires_at": moments.written(token.expires_at),
        "revoked_at": moments.maybe_written(token.revoked_at),
        "last_used_at": moments.maybe_written(token.last_used_at),
        "last_used_from": token.last_used_from,
    }


def _state(token: TokenRecord, now: Moment) -> str:
    if token.revoked_at is not None:
        return "revoked"
    return "good" if token.is_good_at(now) else "expired"
