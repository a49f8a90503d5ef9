"""A client on one connection, with the steps of a push one by one, as no tidy client would show them."""

import http.client
import socket
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType
from typing import Self
from urllib.parse import quote, urlencode

from tests.durability.cargo import IMAGE_TYPE
from tests.journeys.crew import Answer
from wharf.oci.digest import Digest
from wharf.testing.registry_process import RegistryProcess

PATIENCE_SECONDS = 120
LOST = (OSError, http.client.HTTPException)
"""What a client sees when the registry dies under it."""


class Client:
    def __init__(self, registry: RegistryProcess) -> None:
        self._connection = http.client.HTTPConnection(registry.host, timeout=PATIENCE_SECONDS)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self._connection.close()

    def ask(self, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None) -> Answer:
        self._connection.request(method, path, body or None, dict(headers or {}))
        answer = self._connection.getresponse()
        return Answer(answer.status, answer.headers, answer.read())

    def begin(self, name: str) -> str:
        """A new upload; the place where it goes on."""
        return self.ask("POST", f"/v2/{name}/blobs/uploads/").headers["Location"]

    def append(self, place: str, content: bytes, start: int) -> Answer:
        return self.ask("PATCH", place, content, {"Content-Range": f"{start}-{start + len(content) - 1}"})

    def finish(self, place: str, digest: Digest, content: bytes = b"") -> Answer:
        return self.ask("PUT", f"{place}?digest={digest}", content)

    def push(self, name: str, content: bytes) -> Answer:
        """A blob in one request."""
        return self.ask("POST", f"/v2/{name}/blobs/uploads/?digest={Digest.of(content)}", content)

    def mount(self, name: str, digest: Digest, source: str) -> Answer:
        return self.ask("POST", f"/v2/{name}/blobs/uploads/?mount={digest}&from={quote(source, safe='')}")

    def put_manifest(self, name: str, reference: str | Digest, raw: bytes, tags: tuple[str, ...] = ()) -> Answer:
        query = "?" + urlencode([("tag", tag) for tag in tags]) if tags else ""
        return self.ask("PUT", f"/v2/{name}/manifests/{reference}{query}", raw, {"Content-Type": IMAGE_TYPE})

    def has_blob(self, name: str, digest: Digest) -> bool:
        return self.ask("HEAD", f"/v2/{name}/blobs/{digest}").status == 200

    def blob(self, name: str, digest: Digest) -> Answer:
        return self.ask("GET", f"/v2/{name}/blobs/{digest}")

    def manifest(self, name: str, reference: str | Digest) -> Answer:
        return self.ask("GET", f"/v2/{name}/manifests/{reference}")


@dataclass(slots=True)
class RawWire:
    """A connection on which anything may be sent, and on which one may stop in the middle."""

    socket: socket.socket

    @classmethod
    def to(cls, registry: RegistryProcess, *, receive_buffer: int = 0) -> Self:
        wire = socket.socket()
        if receive_buffer:
            wire.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        wire.settimeout(PATIENCE_SECONDS)
        try:
            wire.connect(("127.0.0.1", registry.port))
        except BaseException:
            wire.close()
            raise
        return cls(wire)

    def say(self, method: str, path: str, *headers: str, body: bytes = b"") -> None:
        lines = [f"{method} {path} HTTP/1.1", "Host: registry", *headers]
        self.socket.sendall("\r\n".join([*lines, "", ""]).encode() + body)

    def send_while_taken(self, content: bytes) -> None:
        """The registry may refuse in the middle and end the connection; what it said can be read even then."""
        with suppress(ConnectionError):
            self.socket.sendall(content)

    def heard(self) -> http.client.HTTPResponse:
        """The answer's head; its body is still to be read."""
        answer = http.client.HTTPResponse(self.socket)
        answer.begin()
        return answer

    def is_closed(self) -> bool:
        """Whether the registry has ended the connection; waits for it."""
        try:
            return self.socket.recv(1) == b""
        except ConnectionError:
            return True
        except TimeoutError:
            return False

    def close(self) -> None:
        self.socket.close()


def clients_of_both_workers(registry: RegistryProcess) -> tuple[Client, Client]:
    """Two clients whose connections were taken by different workers: a worker has its own prefix of request ids."""
    first, other = Client(registry), Client(registry)
    try:
        while _worker(first) == _worker(other):
            other.close()
            other = Client(registry)
    except BaseException:
        first.close()
        other.close()
        raise
    return first, other


def _worker(client: Client) -> str:
    return client.ask("GET", "/v2/").headers["X-Request-Id"].partition("-")[0]
