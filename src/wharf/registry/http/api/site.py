"""The API as a part of the address space: finds the operation, reads what it was sent, and writes what it answers."""

import json
from collections.abc import Mapping, Sequence
from typing import Final

from wharf.access.permission import written
from wharf.errors import MalformedJson, WharfError
from wharf.oci.digest import Digest
from wharf.oci.strict_json import JsonValue, parse_object
from wharf.registry.http.api.operation import ApiReply, ApiRequest, Operation, Schema
from wharf.registry.http.api.parameters import checked
from wharf.registry.http.api.refusals import NOT_KEPT, refused
from wharf.registry.http.api.router import Router
from wharf.registry.http.api.schema_check import check_object
from wharf.registry.http.blobs import matches_etag
from wharf.registry.http.message import Headers, Reply, Request, headers
from wharf.registry.http.origin import Origin
from wharf.registry.services.access import Caller

_MOST_BYTES: Final = 1 << 20
_AS_JSON: Final = "send one JSON object, each name in it once"
_READING: Final = ("GET", "HEAD")
_OF_A_BODY: Final = (b"content-type", b"content-length")
# GitHub's clients may ask for a version of its API. There is one here, and it is told which.
_VERSION: Final = headers(
    ((b"x-github-api-version-selected", "2022-11-28"), (b"x-github-media-type", "github.v3; format=json"))
)


class ApiSite:
    def __init__(self, operations: Sequence[Operation], origin: Origin) -> None:
        self._router = Router(operations)
        self._origin = origin

    def serves(self, path: str) -> bool:
        return self._router.serves(path)

    async def reply(self, request: Request) -> Reply:
        method = "GET" if request.method == "HEAD" else request.method
        operation, path = self._router.match(request.raw_path or request.path.encode(), method)
        checked(operation, request.query)
        body, caller = await _body_and_sender(operation.body, request)
        asked = ApiRequest(caller, path, request.query, body, self._origin.url(request), request)
        return _unless_known(_written(await operation.handler(asked), operation, request), request)

    def refusal(self, error: WharfError, request: Request) -> Reply:
        return refused(error, request.request_id)


async def _body_and_sender(schema: Schema | None, request: Request) -> tuple[Mapping[str, JsonValue], Caller]:
    """Whatever kind it is said to be of, it is read as JSON: `curl -d` says that it were a form."""
    if schema is None:
        return {}, request.caller
    raw = await request.body.whole("request", _MOST_BYTES)
    body = _object(raw) if raw.strip() else {}
    check_object(body, schema)
    return body, await request.sender()


def _object(raw: bytes) -> dict[str, JsonValue]:
    """Of what cannot be read nothing is repeated: it may be a password, or a token that was sent as a form."""
    try:
        return parse_object(raw)
    except MalformedJson as problem:
        raise MalformedJson("", problem.reason, where=problem.where, next_step=_AS_JSON) from problem
    except ValueError as problem:
        raise MalformedJson("", "this is not a JSON object", next_step=_AS_JSON) from problem


def _written(answer: ApiReply, operation: Operation, request: Request) -> Reply:
    body = answer.text
    if body is None:
        body = b"" if answer.document is None else json.dumps(answer.document, ensure_ascii=False).encode()
    facts = () if answer.status == 204 else headers(((b"content-length", len(body)),))
    kind = headers(((b"content-type", answer.content_type),)) if body else ()
    version = () if operation.is_own else _VERSION
    return Reply(answer.status, (*kind, *facts, *NOT_KEPT, *version, *_scopes(request, answer), *answer.headers), body)


def _unless_known(answer: Reply, request: Request) -> Reply:
    """Whoever asks again and again keeps an answer by its digest, and is told whether it is still the same."""
    if answer.status != 200 or request.method not in _READING or not isinstance(answer.body, bytes):
        return answer
    digest = Digest.of(answer.body)
    facts = (*answer.headers, *headers(((b"etag", f'W/"{digest}"'),)))
    if not matches_etag(request.header(b"if-none-match"), digest):
        return Reply(answer.status, facts, answer.body)
    return Reply(304, tuple(pair for pair in facts if pair[0] not in _OF_A_BODY))


def _scopes(request: Request, answer: ApiReply) -> Headers:
    """GitHub's clients read here what their token may do."""
    if request.caller.name is None or any(name == b"x-oauth-scopes" for name, _ in answer.headers):
        return ()
    return headers(((b"x-oauth-scopes", written(request.caller.rights.permissions).replace(" ", ", ")),))
