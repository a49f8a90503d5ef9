"""Places on this machine that take a call as no server should: not at all, without a word, or to hang up."""

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress


@contextmanager
def full_of_calls() -> Iterator[str]:
    """As many wait already as the system lets wait: whoever calls hears nothing."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        waiting = [socket.socket() for _ in range(4)]
        for each in waiting:
            each.settimeout(0)
            with suppress(BlockingIOError):
                each.connect(listener.getsockname())
        try:
            yield _place(listener)
        finally:
            for each in waiting:
                each.close()


@contextmanager
def speechless() -> Iterator[str]:
    """It listens, and says nothing."""
    with socket.create_server(("127.0.0.1", 0), backlog=64) as listener:
        yield _place(listener)


@contextmanager
def hanging_up() -> Iterator[str]:
    def serve() -> None:
        while True:
            try:
                caller, _ = listener.accept()
            except OSError:
                return
            caller.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            caller.close()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield _place(listener)
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            thread.join()


def _place(listener: socket.socket) -> str:
    return f"127.0.0.1:{listener.getsockname()[1]}"
