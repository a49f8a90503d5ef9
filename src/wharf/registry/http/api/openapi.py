"""The API as a document: OpenAPI 3.1, made from the rows that the router serves, so that it cannot differ from them.

GitHub's operations stand in it under `/api/v3`, where its clients look for a server of one's own; they answer without
that prefix too.
"""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Final

from wharf import __version__
from wharf.registry.http.api import strictness
from wharf.registry.http.api.components import SCHEMAS, gathered
from wharf.registry.http.api.links import links
from wharf.registry.http.api.operation import GITHUB, OWN, ApiReply, ApiRequest, Operation, Parameter, Place, Schema
from wharf.registry.http.api.schemas import TEXT, TEXTS, told

_ABOUT: Final = (
    "GitHub's Packages API under `/api/v3` and under `/`, and wharf's own under `/api/wharf/v1`. Send a token as"
    " `Authorization: Bearer`, `Authorization: token`, or as the password of `Basic`."
)
_REFUSED: Final = "Refusal"
_REFUSAL: Final = told(
    {"message": TEXT, "documentation_url": TEXT, "status": TEXT},
    at_times={
        "request_id": TEXT,
        "wharf": told({"code": TEXT, "cause": TEXT, "evidence": TEXTS, "nextStep": TEXT}),
    },
)
# A credential that is not good, a query that cannot be read, too many attempts, a store that is busy or away.
_ALWAYS: Final = (400, 401, 429, 503)
_TOO_LARGE: Final = 413
_UNREADABLE: Final = 422
_NO_ROOM: Final = 507
_WITHOUT_A_CREDENTIAL: Final = ("nothing", "anybody", "an identity token")


class OpenApi:
    def __init__(self, operations: Sequence[Operation]) -> None:
        self._operations = (*operations, *self.operations())

    def operations(self) -> tuple[Operation, ...]:
        return (
            Operation(
                id="wharf/openapi",
                method="GET",
                path=f"{OWN}/openapi.json",
                about="This document.",
                needs="nothing",
                handler=self._document,
                answers={200: {"type": "object", "required": ["openapi", "info", "paths"]}},
                refusals=(),
            ),
        )

    async def _document(self, request: ApiRequest) -> ApiReply:
        return ApiReply(200, document(self._operations, request.base))


def document(operations: Sequence[Operation], base: str) -> dict[str, object]:
    paths: dict[str, dict[str, object]] = {}
    for operation in operations:
        paths.setdefault(_path(operation), {})[operation.method.lower()] = _described(operation, operations)
    schemas: dict[str, object] = {_REFUSED: strictness.answered(_REFUSAL)}
    return {
        "openapi": "3.1.0",
        "info": {"title": "wharf", "version": __version__, "description": _ABOUT},
        "servers": [{"url": base}],
        "paths": gathered(paths, schemas),
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer"},
                "login": {"type": "http", "scheme": "basic"},
            },
        },
    }


def _path(operation: Operation) -> str:
    return operation.path if operation.is_own else GITHUB[-1] + operation.path


def _described(operation: Operation, operations: Sequence[Operation]) -> dict[str, object]:
    described: dict[str, object] = {
        "operationId": operation.id,
        "tags": ["wharf" if operation.is_own else "github"],
        "summary": operation.about,
        "description": f"Needs {operation.needs}.",
        "security": _security(operation),
        "parameters": [_parameter(parameter) for parameter in _parameters(operation)],
        "responses": _responses(operation, links(operation, operations) if operation.made_at else {}),
    }
    if operation.body is not None:
        described["requestBody"] = {
            "required": "required" in operation.body,
            "content": _json(strictness.sent(operation.body), operation.example),
        }
    return described


def _security(operation: Operation) -> list[dict[str, list[str]]]:
    """By the words of the row: what is public is told to whoever comes without a credential too."""
    if operation.needs.startswith(_WITHOUT_A_CREDENTIAL):
        return []
    may_be_left_out: list[dict[str, list[str]]] = [{}] if "public" in operation.needs else []
    return [*may_be_left_out, {"token": []}, {"login": []}]


def _parameters(operation: Operation) -> list[Parameter]:
    """Those of the address are parameters also where the row says nothing of them."""
    told = {parameter.name for parameter in operation.parameters if parameter.place is Place.PATH}
    segments = (segment[1:-1] for segment in operation.path.split("/") if segment.startswith("{"))
    unsaid = [Parameter(name, Place.PATH, "", TEXT, required=True) for name in segments]
    return [*(parameter for parameter in unsaid if parameter.name not in told), *operation.parameters]


def _parameter(parameter: Parameter) -> dict[str, object]:
    return {
        "name": parameter.name,
        "in": parameter.place.value,
        "description": parameter.about,
        "required": parameter.required or parameter.place is Place.PATH,
        "schema": strictness.sent(parameter.schema),
    }


def _responses(operation: Operation, following: Mapping[str, object]) -> dict[str, object]:
    said: dict[str, object] = {
        str(status): _success(status, schema, following) for status, schema in operation.answers.items()
    }
    if operation.method == "GET":
        said["304"] = {"description": "Still as it was, by the ETag in If-None-Match"}
    said |= {str(status): _refusal(status) for status in sorted(_refused(operation))}
    return said


def _refused(operation: Operation) -> set[int]:
    refused = {*operation.refusals, *_ALWAYS}
    if operation.body is not None:
        refused |= {_TOO_LARGE, _UNREADABLE}
    if any(parameter.place is Place.QUERY for parameter in operation.parameters):
        refused.add(_UNREADABLE)
    return refused if operation.method == "GET" else {*refused, _NO_ROOM}


def _success(status: int, schema: Schema | None, following: Mapping[str, object]) -> Mapping[str, object]:
    described: dict[str, object] = {"description": HTTPStatus(status).phrase}
    if following:
        described["links"] = following
    return described if schema is None else {**described, "content": _json(strictness.answered(schema))}


def _refusal(status: int) -> Mapping[str, object]:
    return {
        "description": HTTPStatus(status).phrase,
        "content": _json({"$ref": f"{SCHEMAS}/{_REFUSED}"}),
    }


def _json(schema: Schema, example: object = None) -> dict[str, object]:
    told = {} if example is None else {"example": example}
    return {"application/json": {"schema": schema, **told}}
