"""Many requests of one kind over a few connections, for setting up: no latency is measured here."""

import threading
from collections.abc import Iterator

from bench.measure import BenchFailed
from bench.servers import Server
from bench.transfers import connected, expect

CONNECTIONS = 16


class Shared:
    """One iterator that several threads take from."""

    def __init__(self, messages: Iterator[bytes]) -> None:
        self._messages = messages
        self._lock = threading.Lock()
        self.failure: str | None = None

    def take(self) -> bytes | None:
        with self._lock:
            return None if self.failure is not None else next(self._messages, None)


def send_all(server: Server, messages: Iterator[bytes], status: int) -> None:
    """Send every message, and have the expected answer to each."""
    shared = Shared(messages)
    threads = [threading.Thread(target=send_share, args=(server.port, shared, status)) for _ in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if shared.failure is not None:
        raise BenchFailed(f"setting up {server.name}: {shared.failure}")


def send_share(port: int, shared: Shared, status: int) -> None:
    try:
        with connected(port) as line:
            while message := shared.take():
                line.sendall(message)
                expect(line, status)
    except (OSError, BenchFailed) as broken:
        shared.failure = str(broken)
