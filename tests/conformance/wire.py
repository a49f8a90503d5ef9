"""The wire between a client and a registry: requests go out as written, answers come back as they were sent.

Neither paths nor headers are tidied on the way, because a registry must cope with what clients really write: several
`Accept` lines, bodies without a length, percent signs in a path.
"""

import http.client
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import cast
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

Json = dict[str, "Json"] | list["Json"] | str | int | float | bool | None
HeaderLines = tuple[tuple[str, str], ...]

PATIENCE = 120.0
# What Go's client, and with it most registry clients, says on every GET: the registry must not start to compress.
GO_ASKS = ("Accept-Encoding", "gzip")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a registry said to one request, and where the request went."""

    target: str = field(repr=False)
    status: int
    headers: HeaderLines = field(repr=False)
    body: bytes

    def values(self, name: str) -> tuple[str, ...]:
        """Every value sent under this header name, comma lists taken apart."""
        lines = (value for key, value in self.headers if key.lower() == name.lower())
        return tuple(part.strip() for line in lines for part in line.split(","))

    def header(self, name: str) -> str | None:
        """The header's first line as it was sent."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)

    def json(self) -> dict[str, Json]:
        value = json.loads(self.body)
        assert isinstance(value, dict), f"{self.target} answered JSON that is no object: {self.body[:200]!r}"
        return cast("dict[str, Json]", value)

    def location(self, **parameters: str) -> str:
        """Where `Location` leads from here, with these query parameters added to those it already has."""
        place = self.header("Location")
        assert place, f"{self.target} answered {self.status} without a Location: {self.body[:300]!r}"
        return with_query(urljoin(self.target, place), **parameters)

    def error_codes(self) -> tuple[str, ...]:
        rows = self.json().get("errors")
        assert isinstance(rows, list), f"{self.target} answered no error list: {self.body[:300]!r}"
        return tuple(str(row["code"]) for row in rows if isinstance(row, dict))


class Wire:
    """One kept-alive connection to one registry."""

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")
        self._connection = _connect(self.url)

    def close(self) -> None:
        self._connection.close()

    def get(self, target: str, *headers: tuple[str, str]) -> Answer:
        return self.send("GET", target, (*headers, GO_ASKS))

    def head(self, target: str, *headers: tuple[str, str]) -> Answer:
        return self.send("HEAD", target, (*headers, GO_ASKS))

    def delete(self, target: str) -> Answer:
        return self.send("DELETE", target)

    def send(self, method: str, target: str, headers: Iterable[tuple[str, str]] = (), body: bytes = b"") -> Answer:
        """Send a body whose length is told beforehand."""
        length = [("Content-Length", str(len(body)))] if body or method in {"POST", "PUT", "PATCH"} else []
        return self._exchange(method, target, [*headers, *length], [body] if body else [])

    def stream(self, method: str, target: str, headers: Iterable[tuple[str, str]], pieces: Iterable[bytes]) -> Answer:
        """Send a body of unknown length, as `Transfer-Encoding: chunked`."""
        lines = [*headers, ("Transfer-Encoding", "chunked")]
        return self._exchange(method, target, lines, _chunked(pieces))

    def _exchange(
        self, method: str, target: str, headers: Iterable[tuple[str, str]], pieces: Sequence[bytes]
    ) -> Answer:
        place = urljoin(self.url, target)
        connection = self._connection if _origin(place) == _origin(self.url) else _connect(place)
        was_open = connection.sock is not None
        lines = [*headers]
        try:
            return _converse(connection, method, place, lines, pieces)
        except ConnectionError:
            if not was_open:
                raise
        # A kept-alive connection may have been closed in the meantime, and that is no fault: every client asks again.
        return _converse(connection, method, place, lines, pieces)


def with_query(target: str, **parameters: str) -> str:
    """The target with more query parameters, the query written anew and sorted by name, as Go's client does it."""
    parts = urlsplit(target)
    pairs = [*parse_qsl(parts.query, keep_blank_values=True), *parameters.items()]
    return parts._replace(query=urlencode(sorted(pairs))).geturl()


def _connect(url: str) -> http.client.HTTPConnection:
    parts = urlsplit(url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    return kind(parts.netloc, timeout=PATIENCE)


def _origin(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme, parts.netloc


def _path(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def _chunked(pieces: Iterable[bytes]) -> list[bytes]:
    return [*(b"%x\r\n%b\r\n" % (len(piece), piece) for piece in pieces if piece), b"0\r\n\r\n"]


def _converse(
    connection: http.client.HTTPConnection,
    method: str,
    place: str,
    headers: Iterable[tuple[str, str]],
    pieces: Sequence[bytes],
) -> Answer:
    try:
        connection.putrequest(method, _path(place), skip_accept_encoding=True)
        for name, value in headers:
            connection.putheader(name, value)
        connection.endheaders()
        was_read = _send(connection, pieces)
        response = connection.getresponse()
        answer = Answer(place, response.status, tuple(response.getheaders()), response.read())
    except (OSError, http.client.HTTPException):
        connection.close()
        raise
    if not was_read:
        connection.close()
    return answer


def _send(connection: http.client.HTTPConnection, pieces: Sequence[bytes]) -> bool:
    """Whether all of it was taken: a registry may refuse before it has read everything, and what it says counts."""
    try:
        for piece in pieces:
            connection.send(piece)
    except ConnectionError:
        return False
    return True
