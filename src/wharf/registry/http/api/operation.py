"""An operation: one thing that the API does, as a value. The router, the OpenAPI document and the tests read it.

GitHub's operations answer under `/` and under `/api/v3/`, where its clients look for a server of one's own. wharf's own
answer under `/api/wharf/v1/`, so that nobody takes them for GitHub's.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Final

from wharf.oci.strict_json import JsonValue
from wharf.registry.http.message import Headers, Query, Request
from wharf.registry.services.access import Caller

GITHUB: Final = ("", "/api/v3")
OWN: Final = "/api/wharf/v1"
Schema = Mapping[str, JsonValue]


class Place(Enum):
    PATH = "path"
    QUERY = "query"


@dataclass(frozen=True, slots=True)
class Parameter:
    """`schema` is a JSON Schema; a query is checked against it at the door, and refused with 422."""

    name: str
    place: Place
    about: str
    schema: Schema
    required: bool = False


@dataclass(frozen=True, slots=True)
class ApiRequest:
    """What a handler is given. `path`: the values in the address, decoded; `body`: a JSON object, empty without one."""

    caller: Caller
    path: Mapping[str, str]
    query: Query
    body: Mapping[str, JsonValue]
    base: str
    wire: Request


@dataclass(frozen=True, slots=True)
class ApiReply:
    """`document` is sent as JSON; None sends nothing. `text` beside it is for the few answers that are no JSON."""

    status: int
    document: object = None
    headers: Headers = ()
    text: bytes | None = None
    content_type: str = "application/json; charset=utf-8"


Handler = Callable[[ApiRequest], Awaitable[ApiReply]]


@dataclass(frozen=True, slots=True)
class Operation:
    """`needs`: in words, the scope and role that it takes. `answers`: a schema for each status that is a success.
    `also_at`: whole addresses at which clients look for it beside the usual ones. `made_at`: for what it makes, the
    part of an address below its own, and the member of the answer that is written there. `example`: of a body.
    `refusals`: statuses of its own, beside those that any question can have.

    Segments of the path in braces are parameters; one holds no slash, unless it was sent escaped.
    """

    id: str
    method: str
    path: str
    about: str
    needs: str
    handler: Handler
    answers: Mapping[int, Schema | None]
    parameters: tuple[Parameter, ...] = ()
    body: Schema | None = None
    example: Mapping[str, JsonValue] | None = None
    refusals: tuple[int, ...] = (403, 404)
    also_at: tuple[str, ...] = ()
    made_at: Mapping[str, str] = field(default_factory=dict, hash=False)

    @property
    def is_own(self) -> bool:
        return self.path.startswith(OWN)

    @property
    def paths(self) -> tuple[str, ...]:
        """All the addresses at which it answers."""
        usual = (self.path,) if self.is_own else tuple(prefix + self.path for prefix in GITHUB)
        return (*usual, *self.also_at)
