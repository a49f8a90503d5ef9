"""The shell: the one place where the wire is touched. What arrives becomes a request, what a reply says is sent."""

import itertools
import logging
import re
import secrets
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, MutableMapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from wharf.errors import WharfError
from wharf.registry.http.body import Allowance, Body, Patience, ReadAhead, Receive
from wharf.registry.http.errors import unforeseen_reply
from wharf.registry.http.health import Health
from wharf.registry.http.message import NO_QUERY, FileBody, Query, Reply, Request, StreamBody
from wharf.registry.http.peer import Peers
from wharf.registry.http.request_log import RequestLog, Served
from wharf.registry.http.site import Site, replied
from wharf.registry.services.access import ANYBODY, Caller, Doorkeeper
from wharf.registry.services.statistics.meter import Meter

# What ASGI hands over is a dictionary of all kinds of things; it is turned into a Request here and goes no further.
Scope = MutableMapping[str, Any]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

_SANE_ID = re.compile(rb"[A-Za-z0-9._-]{1,64}")
_WITH_BODY = {"PUT", "POST", "PATCH"}
_AUTHORIZATION = b"authorization"
_DISCARD_BYTES = 8 << 20
_DISCARD_SECONDS = 5.0
_LINGER_BYTES = 64 << 20
_ASKS_FIRST = b"100-continue"
_log = logging.getLogger("wharf.registry")


class Shell:
    def __init__(
        self,
        sites: Sequence[Site],
        doorkeeper: Doorkeeper,
        health: Health,
        log: RequestLog,
        peers: Peers,
        patience: Patience,
        on_live: Callable[[], None],
        close: Callable[[], Awaitable[None]],
        *,
        reads_ahead: bool,
        meter: Meter | None = None,
    ) -> None:
        """The first site that serves an address answers; the last one serves all that are left."""
        self._sites = tuple(sites)
        self._doorkeeper = doorkeeper
        self._health = health
        self._log = log
        self._peers = peers
        self._patience = patience
        self._allowance = Allowance()
        self._on_live = on_live
        self._close = close
        self._reads_ahead = reads_ahead
        self._meter = meter
        self._ids = itertools.count(1)
        self._prefix = secrets.token_hex(4)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await self._serve(scope, receive, send)
        elif scope["type"] == "lifespan":
            await self._live(receive, send)

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        moment, started = time.time(), time.perf_counter()
        received = _received(scope["headers"])
        request_id = self._request_id(received)
        ahead = ReadAhead(receive) if self._reads_ahead and scope["http_version"] == "2" else None
        body = Body(ahead or receive, self._patience, self._allowance)
        connection = (scope.get("client") or ("-", 0))[0]
        peer = self._peers.address(connection, received)
        scheme = self._peers.scheme(connection, scope.get("scheme", "http"), received)
        request = Request(
            scope["method"], scope["path"], NO_QUERY, received, body, ANYBODY, request_id, _raw_path(scope), scheme
        )
        reply, caller = await self._reply(request, scope["query_string"], peer)
        is_sending = False
        if reply.status >= 400 and scope["method"] in _WITH_BODY:
            reply, is_sending = await _heard(reply, body, received)
        if ahead is not None:
            ahead.close()
        if scope["method"] == "HEAD":
            reply = reply.to_head()
        try:
            await _send(reply, request_id, send)
        finally:
            seconds = time.perf_counter() - started
            served = Served(
                moment, scope["method"], scope["path"], reply.status, seconds, peer, caller.name, request_id
            )
            self._tell(served, body.received, reply)
        if is_sending and scope.get("http_version") != "2":
            await body.discard(_LINGER_BYTES, _DISCARD_SECONDS)

    def _tell(self, served: Served, received: int, reply: Reply) -> None:
        self._log.add(served)
        if self._meter is not None:
            self._meter.served(served.method, served.path, served.status, served.seconds, received, _size(reply))

    async def _reply(self, request: Request, query: bytes, peer: str) -> tuple[Reply, Caller]:
        """With who it was that asked: a credential that is not good leaves them unknown."""
        caller = ANYBODY
        try:
            if (healthy := await self._health.reply(request)) is not None:
                return healthy, caller
            site = next(site for site in self._sites if site.serves(request.path))
            try:
                identify = partial(self._doorkeeper.identify, request.header(_AUTHORIZATION), peer)
                caller = await identify()
                full = request.of(caller, Query.parse(query), identify)
                return await replied(site, full), caller
            except WharfError as error:
                return site.refusal(error, request), caller
        except Exception:  # noqa: BLE001 - the outermost place: what nobody foresaw is logged, and answered
            _log.exception("request %s failed: %s %s", request.request_id, request.method, ascii(request.path))
            return unforeseen_reply(request.request_id), caller

    def _request_id(self, received: Mapping[bytes, bytes]) -> str:
        """The client's or the proxy's own, so that their logs and ours can be laid side by side."""
        given = received.get(b"x-request-id")
        if given is not None and _SANE_ID.fullmatch(given):
            return given.decode("ascii")
        return f"{self._prefix}-{next(self._ids):x}"

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        self._on_live()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self.close()
        await send({"type": "lifespan.shutdown.complete"})

    async def close(self) -> None:
        """What was gathered is written down, and the stores are closed."""
        self._health.leaving = True
        self._log.flush()
        await self._close()


def _size(reply: Reply) -> int:
    if isinstance(reply.body, bytes):
        return len(reply.body)
    return int(next((value for name, value in reply.headers if name == b"content-length"), b"0"))


def _received(lines: Sequence[tuple[bytes, bytes]]) -> Mapping[bytes, bytes]:
    """Two credentials are none: who stands before us may have looked at the other one."""
    received = dict(lines)
    if len(received) < len(lines):
        credentials = [value for name, value in lines if name == _AUTHORIZATION]
        if len(credentials) > 1:
            received[_AUTHORIZATION] = b", ".join(credentials)
    return received


async def _heard(reply: Reply, body: Body, received: Mapping[bytes, bytes]) -> tuple[Reply, bool]:
    """Read on, so that a client that listens only when it has sent all hears the refusal.

    Past a limit the connection must end; with True where the client may be sending still. Closed under its hands, it
    would tell of a broken pipe, and not of the refusal. One that asked whether to send, and was not told to, does not.
    """
    asks_first = received.get(b"expect", b"").lower() == _ASKS_FIRST and not body.received
    if not asks_first:
        await body.discard(_DISCARD_BYTES, _DISCARD_SECONDS)
    if body.ended:
        return reply, False
    return replace(reply, headers=(*reply.headers, (b"connection", b"close"))), not asks_first


async def _send(reply: Reply, request_id: str, send: Send) -> None:
    headers = [*reply.headers, (b"x-request-id", request_id.encode())]
    await send({"type": "http.response.start", "status": reply.status, "headers": headers})
    match reply.body:
        case FileBody(path):
            await send({"type": "http.response.pathsend", "path": str(path)})
        case StreamBody(pieces):
            await _send_pieces(pieces, send)
        case body:
            await send({"type": "http.response.body", "body": body})


async def _send_pieces(pieces: AsyncIterator[bytes], send: Send) -> None:
    async for piece in pieces:
        await send({"type": "http.response.body", "body": piece, "more_body": True})
    await send({"type": "http.response.body", "body": b""})


def _raw_path(scope: Scope) -> bytes:
    raw: bytes = scope.get("raw_path") or b""
    return raw
