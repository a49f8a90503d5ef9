"""The smallest exchange that talks to a real server: a fresh plain connection for each request, no credentials."""

import asyncio
import http.client
from collections.abc import Sequence
from contextlib import suppress
from urllib.parse import urljoin, urlsplit

from wharf.client.exchange import LARGEST_DOCUMENT
from wharf.client.message import Headers, OpenResponse, Request, Response, Upload
from wharf.errors import RemoteMisbehaved, Unreachable
from wharf.images.reading import CHUNK
from wharf.protocol.scope import Scope

_MOST_REDIRECTS = 5


class OpenBody:
    def __init__(self, connection: http.client.HTTPConnection, response: http.client.HTTPResponse) -> None:
        self._connection = connection
        self._response = response

    def readinto(self, buffer: memoryview, /) -> int:
        try:
            return self._response.readinto(buffer)
        except (http.client.HTTPException, OSError) as problem:
            raise Unreachable(self._connection.host, str(problem)) from problem

    def close(self) -> None:
        self._response.close()
        self._connection.close()


class PlainExchange:
    """`asked` remembers the requests, for tests that count them."""

    def __init__(self, registry: str, timeout: float = 10.0) -> None:
        self.registry = registry
        self.asked: list[str] = []
        self._timeout = timeout

    async def ask(self, request: Request, scopes: Sequence[Scope], limit: int = LARGEST_DOCUMENT) -> Response:
        opened = await self.open(request, scopes)
        try:
            body = await asyncio.to_thread(self._whole, opened, limit)
        finally:
            opened.reader.close()
        return Response(opened.status, opened.headers, body, opened.url)

    async def open(self, request: Request, scopes: Sequence[Scope]) -> OpenResponse:
        self.asked.append(f"{request.method} {request.url}")
        url = urljoin(f"http://{self.registry}/", request.url)
        for _ in range(_MOST_REDIRECTS):
            opened = await _unless_cancelled(
                asyncio.get_running_loop().run_in_executor(None, self._exchanged, request, url)
            )
            if opened.status not in {301, 302, 303, 307, 308}:
                return opened
            opened.reader.close()
            url = urljoin(url, opened.headers.first("location") or "")
        raise RemoteMisbehaved(self.registry, "redirects without end")

    async def close(self) -> None:
        pass

    def _exchanged(self, request: Request, url: str) -> OpenResponse:
        parts = urlsplit(url)
        connection = http.client.HTTPConnection(parts.netloc, timeout=self._timeout)
        try:
            connection.connect()
            with suppress(BrokenPipeError, ConnectionResetError):
                _send(connection, request, f"{parts.path}?{parts.query}" if parts.query else parts.path)
            response = connection.getresponse()
        except (http.client.HTTPException, OSError) as problem:
            connection.close()
            raise Unreachable(self.registry, str(problem)) from problem
        except BaseException:
            connection.close()
            raise
        return OpenResponse(response.status, Headers(response.getheaders()), OpenBody(connection, response), url)

    def _whole(self, opened: OpenResponse, limit: int) -> bytes:
        content = bytearray()
        buffer = memoryview(bytearray(64 * 1024))
        while count := opened.reader.readinto(buffer) or 0:
            content += buffer[:count]
            if len(content) > limit:
                raise RemoteMisbehaved(self.registry, f"a document of more than {limit} bytes")
        return bytes(content)


async def _unless_cancelled(exchange: asyncio.Future[OpenResponse]) -> OpenResponse:
    """A response that nobody waits for any longer is closed."""
    try:
        return await asyncio.shield(exchange)
    except asyncio.CancelledError:
        exchange.add_done_callback(lambda done: None if done.exception() else done.result().reader.close())
        raise


def _send(connection: http.client.HTTPConnection, request: Request, target: str) -> None:
    body = request.body
    connection.putrequest(request.method, target, skip_accept_encoding=True)
    length = body.size if isinstance(body, Upload) else len(body)
    for name, value in request.headers.items():
        if name.lower() != "content-length":
            connection.putheader(name, value)
    if length is None:
        connection.putheader("Transfer-Encoding", "chunked")
    elif length or request.method not in {"GET", "HEAD", "DELETE"}:
        connection.putheader("Content-Length", str(length))
    connection.endheaders()
    if isinstance(body, bytes):
        connection.send(body)
    else:
        _pour(connection, body)


def _pour(connection: http.client.HTTPConnection, body: Upload) -> None:
    buffer = memoryview(bytearray(CHUNK))
    while count := body.reader.readinto(buffer) or 0:
        piece = bytes(buffer[:count])
        connection.send(piece if body.size is not None else b"%x\r\n%s\r\n" % (count, piece))
        if body.moved:
            body.moved(count)
    if body.size is None:
        connection.send(b"0\r\n\r\n")
