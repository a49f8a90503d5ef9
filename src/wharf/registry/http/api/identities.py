"""CI without a secret: the rules for identity tokens, and the exchange of one for a short token."""

from collections.abc import Mapping

from wharf.access.limits import parse_limits
from wharf.access.login import Login
from wharf.access.permission import Permission, words
from wharf.errors import MalformedField
from wharf.metadata.records import IdentityRuleRecord
from wharf.oci.strict_json import JsonValue
from wharf.registry.http.api import moments
from wharf.registry.http.api.accounts import LOGIN
from wharf.registry.http.api.operation import OWN, ApiReply, ApiRequest, Operation, Schema
from wharf.registry.http.api.paging import linked
from wharf.registry.http.api.parameters import (
    PAGE,
    PER_PAGE,
    in_path,
    number,
    number_in,
    page,
    text_in,
    texts_in,
)
from wharf.registry.http.api.schemas import ID, MOMENT, REPOSITORIES, SCOPE, TEXT, Shape, listed, sent, told
from wharf.registry.services.identity.exchange import Exchange
from wharf.registry.services.identity.identity_rules import (
    LONGEST_LIFE,
    LONGEST_TEXT,
    MOST_CLAIMS,
    SHORTEST_LIFE,
    USUAL_LIFE,
    IdentityRules,
    IdentityRuleText,
)

_TEXT: Shape = {"type": "string", "minLength": 1, "maxLength": LONGEST_TEXT}
_CLAIMS: Shape = {
    "type": "object",
    "maxProperties": MOST_CLAIMS,
    "propertyNames": _TEXT,
    "additionalProperties": _TEXT,
}
_FIELDS: Shape = {
    "label": _TEXT,
    "issuer": _TEXT,
    "audience": _TEXT,
    "subject": _TEXT,
    "claims": _CLAIMS,
    "account": LOGIN,
    "scopes": listed(SCOPE, minItems=1),
    "repositories": REPOSITORIES,
    "expires_in": {"type": "integer", "minimum": SHORTEST_LIFE, "maximum": LONGEST_LIFE},
}
_RULE = told({"id": ID, "created_at": MOMENT, **_FIELDS})
_NEW_RULE = sent(_FIELDS, required=["label", "issuer", "audience", "subject", "account", "scopes"])
_EXAMPLE: Schema = {
    "label": "releases",
    "issuer": "https://token.actions.githubusercontent.com",
    "audience": "registry.example",
    "subject": "repo:crew/app:ref:refs/tags/*",
    "account": "crew+ci",
    "scopes": ["read:packages", "write:packages"],
    "repositories": ["crew/app"],
}
_EXCHANGED = told({"token": TEXT, "expires_at": MOMENT, "account": TEXT})
_ADMINISTRATORS = "an administrator, the scope admin"


class IdentitiesApi:
    def __init__(self, rules: IdentityRules, exchange: Exchange) -> None:
        self._rules = rules
        self._exchange = exchange

    def operations(self) -> tuple[Operation, ...]:
        return (*self._rule_rows(), self._exchange_row())

    def _rule_rows(self) -> tuple[Operation, ...]:
        return (
            Operation(
                id="wharf/list-identity-rules",
                method="GET",
                path=f"{OWN}/identity-rules",
                about="The rules that say which identity tokens of CI are believed, the oldest first.",
                needs=_ADMINISTRATORS,
                handler=self._list,
                answers={200: listed(_RULE)},
                parameters=(PAGE, PER_PAGE),
                refusals=(403,),
            ),
            Operation(
                id="wharf/create-identity-rule",
                method="POST",
                path=f"{OWN}/identity-rules",
                about=(
                    "Believe identity tokens of this issuer, for this audience, whose subject and claims are like these"
                    " patterns: they are exchanged for a token of the account, with these scopes, for these"
                    " repositories."
                ),
                needs=_ADMINISTRATORS,
                handler=self._create,
                answers={201: _RULE},
                made_at={"id": "id"},
                body=_NEW_RULE,
                example=_EXAMPLE,
                refusals=(403, 404, 409),
            ),
            Operation(
                id="wharf/delete-identity-rule",
                method="DELETE",
                path=f"{OWN}/identity-rules/{{id}}",
                about="Believe them no more; what the rule gave ends too.",
                needs=_ADMINISTRATORS,
                handler=self._delete,
                answers={204: None},
                parameters=(in_path("id", "The number of the rule.", ID),),
            ),
        )

    def _exchange_row(self) -> Operation:
        return Operation(
            id="wharf/exchange",
            method="POST",
            path=f"{OWN}/exchange",
            about="Give an identity token of CI, once, for a short token of the account that its rule names.",
            needs="an identity token that a rule believes",
            handler=self._give,
            answers={201: _EXCHANGED},
            body=sent({"token": TEXT}, required=["token"]),
            example={"token": "eyJhbGciOiJSUzI1NiIsImtpZCI6IjEifQ.e30.c2lnbmF0dXJl"},
            refusals=(),
        )

    async def _list(self, request: ApiRequest) -> ApiReply:
        rules, asked = await self._rules.all(request.caller), page(request.query)
        return ApiReply(200, [_written(rule) for rule in asked.of(rules)], linked(request, asked, len(rules)))

    async def _create(self, request: ApiRequest) -> ApiReply:
        login, text = Login.parse(text_in(request.body, "account")), _rule_text(request.body)
        return ApiReply(201, _written(await self._rules.create(request.caller, login, text)))

    async def _delete(self, request: ApiRequest) -> ApiReply:
        await self._rules.delete(request.caller, number(request, "id", "identity rule"))
        return ApiReply(204)

    async def _give(self, request: ApiRequest) -> ApiReply:
        given = await self._exchange.exchange(text_in(request.body, "token"), request.caller.address)
        document = {"token": given.text, "expires_at": moments.written(given.expires_at), "account": str(given.login)}
        return ApiReply(201, document)


def _rule_text(body: Mapping[str, JsonValue]) -> IdentityRuleText:
    return IdentityRuleText(
        label=text_in(body, "label"),
        issuer=text_in(body, "issuer"),
        audience=text_in(body, "audience"),
        subject=text_in(body, "subject"),
        permissions=frozenset(Permission.parse(word) for word in texts_in(body, "scopes")),
        limits=parse_limits(texts_in(body, "repositories")),
        claims=_claims(body.get("claims", {})),
        life=number_in(body, "expires_in", USUAL_LIFE),
    )


def _claims(given: JsonValue) -> Mapping[str, str]:
    if not isinstance(given, dict):
        raise MalformedField("claims", "claims are an object of patterns")
    claims: dict[str, str] = {}
    for name, pattern in given.items():
        if not isinstance(pattern, str):
            raise MalformedField(f"claims.{name}", "the pattern of a claim is a text")
        claims[name] = pattern
    return claims


def _written(rule: IdentityRuleRecord) -> dict[str, object]:
    return {
        "id": rule.id,
        "label": rule.label,
        "issuer": rule.issuer,
        "audience": rule.audience,
        "subject": rule.subject,
        "claims": dict(rule.claims),
        "account": str(rule.login),
        "scopes": words(rule.permissions),
        "repositories": rule.limits.words,
        "expires_in": rule.life,
        "created_at": moments.written(rule.created_at),
    }
