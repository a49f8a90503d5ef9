"""The distribution API: which handler answers which request below /v2/."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Protocol

from wharf.errors import (
    ChunkOutOfOrder,
    CredentialRefused,
    GrantMissing,
    NoSuchAddress,
    NotAuthenticated,
    NotSupported,
    RangeNotSatisfiable,
    StillInUse,
    WharfError,
)
from wharf.protocol import routes
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


class Realm(Protocol):
    """Where a client is told to ask for a token, and for which rights."""

    def challenge(self, error: WharfError, route: Route | None, request: Request) -> Headers: ...

    def greeting(self, request: Request) -> None:
        """Asked at /v2/ itself. Raises NotAuthenticated where even an anonymous caller needs a token."""


class NoRealm:
    """An open registry asks nobody who they are."""

    def challenge(self, error: WharfError, route: Route | None, request: Request) -> Headers:
        return ()

    def greeting(self, request: Request) -> None:
        return


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
            ApiBase: {"GET": self._base, "HEAD": self._base},
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

    def serves(self, path: str) -> bool:
        """Also what nobody else serves: clients that lost their way expect a registry's answer."""
        return True

    async def reply(self, request: Request) -> Reply:
        route = routes.match(request.path)
        if route is None:
            raise NoSuchAddress(request.path)
        return _versioned(await self._handler(route, request.method)(route, request))

    def refusal(self, error: WharfError, request: Request) -> Reply:
        hints = self._hints(error, routes.match(request.path), request)
        return _versioned(error_reply(error, request.request_id, hints))

    def _handler(self, route: Route, method: str) -> Handler:
        methods = self._handlers[type(route)]
        if method not in methods:
            raise NotSupported(method, sorted(methods))
        return methods[method]

    async def _base(self, _route: ApiBase, request: Request) -> Reply:
        self._realm.greeting(request)
        return Reply(200, headers(((b"content-type", JSON), (b"content-length", 2))), b"{}")

    def _hints(self, error: WharfError, route: Route | None, request: Request) -> Headers:
        """What a client needs to go on with what it asked here."""
        if isinstance(error, StillInUse):
            return headers(((b"allow", "GET, HEAD"),))
        if isinstance(error, ChunkOutOfOrder) and isinstance(route, UploadAt):
            received = f"0-{max(error.expected - 1, 0)}"
            return headers(((b"location", routes.build(route)), (b"range", received)))
        if isinstance(error, RangeNotSatisfiable):
            return headers(((b"content-range", unsatisfied(error.size)),))
        if isinstance(error, NotAuthenticated | CredentialRefused | GrantMissing):
            return self._realm.challenge(error, route, request)
        return ()


def _versioned(answer: Reply) -> Reply:
    return Reply(answer.status, answer.headers + _VERSION, answer.body)
