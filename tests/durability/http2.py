"""A client of HTTP/2 that does on a stream what no tidy client does: says half, says too much, or hangs up."""

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.events import ConnectionTerminated, DataReceived, Event, ResponseReceived, StreamEnded, StreamReset
from h2.exceptions import StreamClosedError

from tests.durability.client import PATIENCE_SECONDS
from wharf.client.line.over_tls import over_tls
from wharf.testing.registry_process import RegistryProcess


@dataclass(slots=True)
class Stream:
    """What came back on one stream. Status 0: nothing."""

    status: int = 0
    body: bytes = b""
    is_over: bool = False
    was_reset: bool = False


@dataclass(slots=True)
class Http2Wire:
    socket: ssl.SSLSocket
    protocol: H2Connection
    streams: dict[int, Stream] = field(default_factory=dict)
    is_closed: bool = False

    def ask(self, method: str, path: str, *headers: tuple[str, str], body: bytes = b"", ends: bool = True) -> int:
        """Send a request, or the beginning of one; the number of its stream."""
        stream = self.protocol.get_next_available_stream_id()
        head = [(":method", method), (":path", path), (":scheme", "https"), (":authority", "registry"), *headers]
        self.protocol.send_headers(stream, head, end_stream=ends and not body)
        self.streams[stream] = Stream()
        if body:
            self.say(stream, body, ends=ends)
        self._flush()
        return stream

    def say(self, stream: int, body: bytes, *, ends: bool = False) -> None:
        for start in range(0, len(body), 16_000):
            self.protocol.send_data(stream, body[start : start + 16_000])
        if ends:
            self.protocol.end_stream(stream)
        self._flush()

    def reset(self, stream: int) -> None:
        self.protocol.reset_stream(stream)
        self._flush()

    def answer(self, stream: int) -> Stream:
        """When the stream, or the connection, is over."""
        while not self.streams[stream].is_over and not self.is_closed:
            data = self.socket.recv(65_536)
            self.is_closed = not data
            for event in self.protocol.receive_data(data) if data else []:
                self._take(event)
            self._flush()
        return self.streams[stream]

    def _take(self, event: Event) -> None:
        match event:
            case ResponseReceived():
                self.streams[event.stream_id].status = int(dict(event.headers)[b":status"])
            case DataReceived():
                self.streams[event.stream_id].body += event.data
                try:
                    self.protocol.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
                except StreamClosedError:
                    return
            case StreamEnded():
                self.streams[event.stream_id].is_over = True
            case StreamReset():
                self.streams[event.stream_id].is_over = self.streams[event.stream_id].was_reset = True
            case ConnectionTerminated():
                self.is_closed = True

    def _flush(self) -> None:
        self.socket.sendall(self.protocol.data_to_send())


@contextmanager
def http2_wire(registry: RegistryProcess) -> Iterator[Http2Wire]:
    trusting = ssl.create_default_context()
    trusting.check_hostname = False
    trusting.verify_mode = ssl.CERT_NONE
    trusting.set_alpn_protocols(["h2"])
    plain = socket.create_connection(("127.0.0.1", registry.port), timeout=PATIENCE_SECONDS)
    with over_tls(plain, trusting, "localhost") as secured:
        protocol = H2Connection(
            H2Configuration(client_side=True, header_encoding=None, validate_outbound_headers=False)
        )
        protocol.initiate_connection()
        wire = Http2Wire(secured, protocol)
        wire._flush()
        yield wire
