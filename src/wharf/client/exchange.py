"""The exchange: one registry, and the right to talk to it. What stands above sees requests and responses only.

Below it lie connections, TLS, proxies, the challenge and its tokens, redirects, and what may be tried again.
"""

from collections.abc import Sequence
from typing import Final, Protocol

from wharf.client.message import OpenResponse, Request, Response
from wharf.protocol.scope import Scope

LARGEST_DOCUMENT: Final = 4 * 1024 * 1024
"""Manifests, lists and errors beyond it are refused."""


class Exchange(Protocol):
    @property
    def registry(self) -> str:
        """Its name, as in a reference: host, or host:port."""

    async def ask(self, request: Request, scopes: Sequence[Scope], limit: int = LARGEST_DOCUMENT) -> Response:
        """The whole response, of any status but 401 after an accepted challenge: what a status means is the caller's.

        Raises Unreachable, TlsRefused, PlainHttp, RemoteUnauthenticated, RemoteDenied (both from the token service),
        RateLimited (when patience ends), RemoteMisbehaved.
        """

    async def open(self, request: Request, scopes: Sequence[Scope]) -> OpenResponse:
        """As `ask`, with a body that is still to be read; redirects are followed, credentials stay at home."""

    async def close(self) -> None:
        """Twice does no harm."""
