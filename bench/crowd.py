"""A crowd of builders: many connections in one thread, each pushing one small image after another in five requests."""

import selectors
import socket
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from bench.measure import BenchFailed
from bench.payloads import MANIFEST_TYPE, SmallImage, small_images
from bench.servers import Server
from bench.wire import Answer, parse, request, with_digest

OCTETS = b"Content-Type: application/octet-stream\r\n"
MANIFEST = b"Content-Type: " + MANIFEST_TYPE.encode() + b"\r\n"
EXPECTED = (202, 201, 202, 201, 201)
RECEIVE = 65_536
SILENCE = 30.0


@dataclass(slots=True)
class Tally:
    """What a crowd did: how long every push took, and everything that went wrong."""

    seconds: list[float] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    began: float = 0.0
    ended: float = 0.0

    @property
    def per_second(self) -> float:
        return len(self.seconds) / (self.ended - self.began)

    def percentile(self, share: float) -> float:
        return sorted(self.seconds)[min(len(self.seconds) - 1, int(len(self.seconds) * share))]


class Pusher:
    """One connection, and how far its present push has come."""

    def __init__(self, server: Server, repository: str) -> None:
        self.socket = socket.create_connection(("127.0.0.1", server.port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.settimeout(0)
        self.unsent = memoryview(b"")
        self.step = 0
        self.began = 0.0
        self._received = b""
        self._image: SmallImage | None = None
        self._manifests = f"/v2/{repository}/manifests/".encode()
        self._start = request("POST", f"/v2/{repository}/blobs/uploads/".encode())

    def begin(self, image: SmallImage) -> None:
        self._image = image
        self.step = 0
        self.began = time.perf_counter()
        self._say(self._start)

    def hear(self) -> Answer | None:
        piece = self.socket.recv(RECEIVE)
        if not piece:
            raise ConnectionResetError("the server closed the connection")
        self._received += piece
        answer = parse(self._received)
        if answer is not None:
            self._received = self._received[answer.length :]
        return answer

    def go_on(self, answer: Answer) -> bool:
        """Say what follows an answer; False when the push is done."""
        image = self._image
        assert image is not None
        self.step += 1
        if self.step == 1:
            self._say(request("PUT", with_digest(answer.location, image.config_digest), OCTETS, image.config))
        elif self.step == 2:
            self._say(self._start)
        elif self.step == 3:
            self._say(request("PUT", with_digest(answer.location, image.layer_digest), OCTETS, image.layer))
        elif self.step == 4:
            self._say(request("PUT", self._manifests + image.tag.encode(), MANIFEST, image.manifest))
        return self.step < len(EXPECTED)

    def _say(self, message: bytes) -> None:
        self.unsent = memoryview(message)
        self.send()

    def send(self) -> None:
        try:
            self.unsent = self.unsent[self.socket.send(self.unsent) :]
        except BlockingIOError:
            return


class Swarm:
    """Runs the pushers until the images or the patience of the caller are at an end."""

    def __init__(self, server: Server, clients: int, prefix: str) -> None:
        self._server = server
        self._selector = selectors.DefaultSelector()
        self._pushers = [Pusher(server, f"{prefix}/client{number}") for number in range(clients)]

    def push(self, images: Iterable[SmallImage], go_on: Callable[[], bool]) -> Tally:
        waiting = iter(images)
        tally = Tally(began=time.perf_counter())
        for pusher in self._pushers:
            self._selector.register(pusher.socket, selectors.EVENT_READ, pusher)
            self._next(pusher, waiting, go_on)
        while self._selector.get_map():
            ready = self._selector.select(SILENCE)
            if not ready:
                tally.failures.append(f"no answer within {SILENCE:g} s")
                break
            for key, _ in ready:
                self._serve(key.data, waiting, go_on, tally)
        tally.ended = time.perf_counter()
        return tally

    def _serve(self, pusher: Pusher, waiting: Iterator[SmallImage], go_on: Callable[[], bool], tally: Tally) -> None:
        try:
            if pusher.unsent:
                pusher.send()
                self._listen(pusher)
                if pusher.unsent:
                    return
            answer = pusher.hear()
        except BlockingIOError:
            return
        except OSError as broken:
            tally.failures.append(f"step {pusher.step}: {broken}")
            self._selector.unregister(pusher.socket)
            return
        if answer is not None:
            self._take(pusher, answer, waiting, go_on, tally)

    def _take(
        self,
        pusher: Pusher,
        answer: Answer,
        waiting: Iterator[SmallImage],
        go_on: Callable[[], bool],
        tally: Tally,
    ) -> None:
        if answer.status != EXPECTED[pusher.step]:
            tally.failures.append(f"step {pusher.step}: {answer.status}")
            self._next(pusher, waiting, go_on)
        elif pusher.go_on(answer):
            self._listen(pusher)
        else:
            tally.seconds.append(time.perf_counter() - pusher.began)
            self._next(pusher, waiting, go_on)

    def _next(self, pusher: Pusher, waiting: Iterator[SmallImage], go_on: Callable[[], bool]) -> None:
        image = next(waiting, None) if go_on() else None
        if image is None:
            self._selector.unregister(pusher.socket)
        else:
            pusher.begin(image)
            self._listen(pusher)

    def _listen(self, pusher: Pusher) -> None:
        events = selectors.EVENT_READ | (selectors.EVENT_WRITE if pusher.unsent else 0)
        if self._selector.get_key(pusher.socket).events != events:
            self._selector.modify(pusher.socket, events, pusher)

    def close(self) -> None:
        self._selector.close()
        for pusher in self._pushers:
            pusher.socket.close()


def push_small_images(server: Server, clients: int, at_most: int, seconds: float) -> Tally:
    """Push until the time or the images are used up; every push that began is finished, and none may fail."""
    tally = push_and_count(server, clients, list(small_images(at_most)), for_seconds(seconds))
    if tally.failures or not tally.seconds:
        raise BenchFailed(f"{len(tally.failures)} pushes to {server.name} failed: {tally.failures[:3]}")
    return tally


def push_and_count(
    server: Server, clients: int, images: Iterable[SmallImage], go_on: Callable[[], bool], prefix: str = "bench"
) -> Tally:
    swarm = Swarm(server, clients, prefix)
    try:
        return swarm.push(images, go_on)
    finally:
        swarm.close()


def for_seconds(seconds: float) -> Callable[[], bool]:
    """True until so many seconds after it is first asked."""
    ends: list[float] = []

    def go_on() -> bool:
        now = time.perf_counter()
        if not ends:
            ends.append(now + seconds)
        return now < ends[0]

    return go_on
