"""The JSON API of a wharf registry, as commands ask it: an address goes out, what is read of the answer comes back.

The credential is the one that is kept for the registry, shown as it is. What the registry says of a refusal, it says
with cause, evidence and next step; they become those of the error.
"""

import json
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final, TypeAlias, TypeVar
from urllib.parse import urlencode

from wharf.client.api_refusals import api_refusal
from wharf.client.login.passport import origin_of_credential
from wharf.client.login.proof import to_api
from wharf.client.message import Request, Response
from wharf.client.session import Session
from wharf.errors import Malformed, RemoteMisbehaved
from wharf.oci.members import Members
from wharf.oci.strict_json import JsonValue, parse_value

T = TypeVar("T")

Read: TypeAlias = Callable[[Members], T]
Query: TypeAlias = Mapping[str, str]
Body: TypeAlias = Mapping[str, object]

NO_QUERY: Final[Query] = MappingProxyType({})
_PAGE: Final = 100
_MOST_PAGES: Final = 100
"""The registry numbers no more rows than these hold together."""
_NEXT: Final = 'rel="next"'
_GOOD: Final = range(200, 300)


def as_document(answer: Members) -> dict[str, JsonValue]:
    """All of it, as it came."""
    return answer.values


class WharfApi:
    """`did` is what was asked, as it continues "refused to …"; `read` makes a value of the answer, an empty one too."""

    def __init__(self, session: Session) -> None:
        self._session = session

    @property
    def registry(self) -> str:
        return self._session.registry

    async def get(self, path: str, did: str, read: Read[T], query: Query = NO_QUERY) -> T:
        response = await self._asked("GET", _with_query(path, query), did)
        return self._read_one(response, read)

    async def every(
        self, path: str, did: str, read: Read[T], query: Query = NO_QUERY, most_pages: int = _MOST_PAGES
    ) -> tuple[T, ...]:
        """A list with all its pages, each row read."""
        rows: list[T] = []
        for page in range(1, min(most_pages, _MOST_PAGES) + 1):
            numbered = {**query, "per_page": str(_PAGE), "page": str(page)}
            response = await self._asked("GET", _with_query(path, numbered), did)
            rows += self._read_rows(response, read)
            if _NEXT not in (response.headers.first("link") or ""):
                break
        return tuple(rows)

    async def post(self, path: str, did: str, read: Read[T], body: Body) -> T:
        return self._read_one(await self._asked("POST", path, did, body), read)

    async def put(self, path: str, did: str, read: Read[T], body: Body) -> T:
        return self._read_one(await self._asked("PUT", path, did, body), read)

    async def patch(self, path: str, did: str, read: Read[T], body: Body) -> T:
        return self._read_one(await self._asked("PATCH", path, did, body), read)

    async def delete(self, path: str, did: str, query: Query = NO_QUERY) -> dict[str, JsonValue]:
        response = await self._asked("DELETE", _with_query(path, query), did)
        return self._read_one(response, as_document)

    async def _asked(self, method: str, url: str, did: str, body: Body | None = None) -> Response:
        """The answer, if it is a success."""
        lookup = await self._session.passport.lookup(())
        headers = {"accept": "application/json"}
        if proof := to_api(lookup.credential):
            headers["authorization"] = proof
        if body is not None:
            headers["content-type"] = "application/json"
        sent = b"" if body is None else json.dumps(body).encode()
        response = await self._session.send(Request(method, url, headers, sent))
        if response.status not in _GOOD:
            raise api_refusal(self.registry, did, response, origin_of_credential(lookup))
        return response

    def _read_one(self, response: Response, read: Read[T]) -> T:
        return self._believed(response, lambda value: read(Members.of(value or {}, "", Malformed)))

    def _read_rows(self, response: Response, read: Read[T]) -> list[T]:
        def rows(value: JsonValue) -> list[T]:
            return [read(row) for row in Members({"": value}, "", Malformed).each("")]

        return self._believed(response, rows)

    def _believed(self, response: Response, read: Callable[[JsonValue], T]) -> T:
        try:
            return read(parse_value(response.body) if response.body else None)
        except Malformed as problem:
            lines = [*problem.diagnostics().evidence, f"from: {response.shown_url}"]
            raise RemoteMisbehaved(self.registry, f"its answer cannot be read: {problem}", lines) from problem


def _with_query(path: str, query: Query) -> str:
    return f"{path}?{urlencode(query)}" if query else path
