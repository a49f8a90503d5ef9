"""The distribution API: which handler answers which request below /v2/."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from wharf.errors import (
    ChunkOutOfOrder,
    NoSuchAddress,
    NotAuthenticated,
    NotSupported,
    RangeNotSatisfiable,
    StillInUse,
    WharfError,
)
from wharf.protocol import routes
from wharf.protocol.challenge import Challenge
from wharf.protocol.ranges import unsatisfied
from wharf.protocol.routes import (
    ApiBase,
    BlobAt,
    Catalog,
    ManifestAt,
    ReferrersOf,
    Route,
    TagList,
    UploadAt,
    UploadStart,
)
from wharf.registry.http.blobs import BlobHandlers
from wharf.registry.http.errors import JSON, error_reply
from wharf.registry.http.listings import ListingHandlers
from wharf.registry.http.manifests import ManifestHandlers
from wharf.registry.http.message import Headers, Reply, Request, headers
from wharf.registry.http.uploads import UploadHandlers

Handler = Callable[[Any, Request], Awaitable[Reply]]
Methods = Mapping[str, Handler]

_VERSION = ((b"docker-distribution-api-version", b"registry/2.0"),)


@dataclass(frozen=True, slots=True)
class Realm:
    """Where a client is told to ask for a token; nothing while the registry is open."""

    challenge: Challenge | None = None


class Distribution:
    def __init__(
        self,
        blobs: BlobHandlers,
        uploads: UploadHandlers,
        manifests: ManifestHandlers,
        listings: ListingHandlers,
        realm: Realm,
    ) -> None:
        self._realm = realm
        self._handlers: dict[type[Route], Methods] = {
            ApiBase: {"GET": _base, "HEAD": _base},
            Catalog: {"GET": listings.catalog, "HEAD": listings.catalog},
            TagList: {"GET": listings.tags, "HEAD": listings.tags},
            ReferrersOf: {"GET": listings.referrers, "HEAD": listings.referrers},
            ManifestAt: {
                "GET": manifests.get,
                "HEAD": manifests.head,
                "PUT": manifests.put,
                "DELETE": manifests.delete,
            },
            BlobAt: {"GET": blobs.get, "HEAD": blobs.head, "DELETE": blobs.delete},
            UploadStart: {"POST": uploads.start},
            UploadAt: {
                "GET": uploads.status,
                "HEAD": uploads.status,
                "PATCH": uploads.append,
                "PUT": uploads.finish,
                "DELETE": uploads.cancel,
            },
        }

    async def reply(self, request: Request) -> Reply:
        answer = await self._answer(request)
        if request.method == "HEAD":
            answer = answer.to_head()
        return Reply(answer.status, answer.headers + _VERSION, answer.body)

    async def _answer(self, request: Request) -> Reply:
        route = routes.match(request.path)
        if route is None:
            return error_reply(NoSuchAddress(request.path), request.request_id)
        try:
            return await self._handler(route, request.method)(route, request)
        except WharfError as error:
            return error_reply(error, request.request_id, self._hints(error, route))

    def _handler(self, route: Route, method: str) -> Handler:
        methods = self._handlers[type(route)]
        if method not in methods:
            raise NotSupported(method, sorted(methods))
        return methods[method]

    def _hints(self, error: WharfError, route: Route) -> Headers:
        """What a client needs beside the error's text to go on."""
        if isinstance(error, NotSupported):
            return headers(((b"allow", ", ".join(error.allowed)),))
        if isinstance(error, StillInUse):
            return headers(((b"allow", "GET, HEAD"),))
        if isinstance(error, ChunkOutOfOrder) and isinstance(route, UploadAt):
            received = f"0-{max(error.expected - 1, 0)}"
            return headers(((b"location", routes.build(route)), (b"range", received)))
        if isinstance(error, RangeNotSatisfiable):
            return headers(((b"content-range", unsatisfied(error.size)),))
        if isinstance(error, NotAuthenticated) and self._realm.challenge:
            return headers(((b"www-authenticate", str(self._realm.challenge)),))
        return ()


async def _base(_route: ApiBase, _request: Request) -> Reply:
    return Reply(200, headers(((b"content-type", JSON), (b"content-length", 2))), b"{}")
