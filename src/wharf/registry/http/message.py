"""A request and a reply as values: what a handler is given and what it gives back. Only `shell` touches the wire."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl

from wharf.errors import MalformedHeader, MalformedQuery
from wharf.registry.http.body import Body
from wharf.registry.services.access import Caller

Headers = tuple[tuple[bytes, bytes], ...]

_MOST_PARAMETERS = 200
_MOST_DIGITS = 19


@dataclass(frozen=True, slots=True)
class Query:
    pairs: tuple[tuple[str, str], ...] = ()

    @classmethod
    def parse(cls, raw: bytes) -> "Query":
        if not raw:
            return NO_QUERY
        try:
            text = raw.decode("ascii").replace("+", "%2B")  # media types have a plus, and nothing here has a space
            pairs = parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=_MOST_PARAMETERS)
        except ValueError as error:
            raise MalformedQuery(repr(raw[:200]), "the query cannot be read") from error
        return cls(tuple(pairs))

    def get(self, name: str) -> str | None:
        """The first value; several of them are asked for by `all`."""
        return next((value for key, value in self.pairs if key == name), None)

    def all(self, name: str) -> list[str]:
        return [value for key, value in self.pairs if key == name]


NO_QUERY = Query()


@dataclass(frozen=True, slots=True)
class Request:
    method: str
    path: str
    query: Query
    headers: Mapping[bytes, bytes]
    body: Body
    caller: Caller
    request_id: str
    raw_path: bytes = b""  # as it was sent: an escaped slash is still one
    scheme: str = "http"
    identify: Callable[[], Awaitable[Caller]] | None = None  # who it is by now, where that may change under way

    def header(self, name: bytes) -> str | None:
        value = self.headers.get(name)
        return None if value is None else value.decode("latin-1")

    def of(self, caller: Caller, query: Query, identify: Callable[[], Awaitable[Caller]] | None = None) -> "Request":
        """The same, now that it is known who asks and what for. Written out: it is made for each request."""
        known = (self.headers, self.body, caller, self.request_id, self.raw_path, self.scheme, identify)
        return Request(self.method, self.path, query, *known)

    async def sender(self) -> Caller:
        """Who stands behind it now that its body is here: what they may do can have ended while it trickled in."""
        return self.caller if self.identify is None else await self.identify()

    @property
    def content_length(self) -> int | None:
        text = self.header(b"content-length")
        if text is None:
            return None
        if not (text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS):
            raise MalformedHeader(text, "Content-Length is not a number of bytes")
        return int(text)


@dataclass(frozen=True, slots=True)
class FileBody:
    """A whole file, for the kernel to send."""

    path: Path


@dataclass(frozen=True, slots=True)
class StreamBody:
    pieces: AsyncIterator[bytes]


@dataclass(frozen=True, slots=True)
class Reply:
    """`Content-Length` is among the headers where the body is not plain bytes."""

    status: int
    headers: Headers = ()
    body: bytes | FileBody | StreamBody = b""

    def to_head(self) -> "Reply":
        """The headers alone: HTTP/2 breaks a stream off on which bytes follow them.

        A refusal says nothing of its length, for GET may be told more than HEAD is.
        """
        kept = (pair for pair in self.headers if self.status < 400 or pair[0] != b"content-length")
        return Reply(self.status, tuple(kept))


def headers(pairs: Iterable[tuple[bytes, str | int]]) -> Headers:
    return tuple((name, str(value).encode("latin-1")) for name, value in pairs)
