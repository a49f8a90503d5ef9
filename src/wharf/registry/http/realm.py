"""The realm: where a client is told to ask for a token, and for which rights.

/v2/ always asks, also where much may be read without a token: else docker would never send what it was given to log in.
"""

from typing import Final

from wharf.errors import CredentialRefused, GrantMissing, NotAuthenticated, WharfError
from wharf.protocol.challenge import Challenge
from wharf.protocol.routes import ApiBase, BlobAt, Catalog, ManifestAt, Route, UploadAt, UploadStart
from wharf.protocol.scope import Scope
from wharf.registry.http.message import Headers, Request, headers
from wharf.registry.http.origin import Origin

TOKEN_PATH: Final = "/token"  # noqa: S105 - an address


class TokenRealm:
    def __init__(self, origin: Origin) -> None:
        self._origin = origin

    def challenge(self, error: WharfError, route: Route | None, request: Request) -> Headers:
        facts = {"realm": self._origin.url(request) + TOKEN_PATH, "service": self._origin.host(request)}
        scope = _scope(route, request)
        if scope is not None:
            facts["scope"] = str(scope)
        if isinstance(error, GrantMissing):
            facts["error"] = "insufficient_scope"
        if isinstance(error, CredentialRefused):
            facts["error"] = "invalid_token"
        return headers(((b"www-authenticate", str(Challenge("Bearer", facts))),))

    def greeting(self, request: Request) -> None:
        if request.caller.credential == "none":
            raise NotAuthenticated("login", "this registry")


def _scope(route: Route | None, request: Request) -> Scope | None:
    """What the refused request would have needed."""
    if route is None or isinstance(route, ApiBase):
        return None
    if isinstance(route, Catalog):
        return Scope("registry", "catalog", frozenset({"*"}))
    return Scope("repository", route.name, _actions(route, request.method))


def _actions(route: Route, method: str) -> frozenset[str]:
    if method == "DELETE" and isinstance(route, ManifestAt | BlobAt):
        return frozenset({"delete"})
    return frozenset({"pull"} if method in {"GET", "HEAD"} and _is_read(route) else {"pull", "push"})


def _is_read(route: Route) -> bool:
    return not isinstance(route, UploadAt | UploadStart)
