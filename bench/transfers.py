"""Large blobs on their way over plain HTTP: one client process for each connection, all let go at the same moment.

Bytes leave by sendfile and arrive in one buffer, so that almost all of the machine is the server's.
"""

import multiprocessing
import socket
import time
from collections.abc import Callable, Sequence
from functools import partial
from multiprocessing.connection import Connection

from bench.measure import BenchFailed
from bench.payloads import Body
from bench.servers import Server
from bench.wire import END_OF_HEAD, Answer, head, parse, request, with_digest

PATIENCE = 300.0
MEGABYTE = 1e6
BUFFER = 1 << 18
FORK = multiprocessing.get_context("fork")

Line = socket.socket
Job = Callable[[Line], Callable[[], None]]
"""What a client does: it prepares on its connection, and returns what is timed."""


def push_rate(server: Server, repository: str, bodies: Sequence[Body]) -> float:
    """Megabytes a second of all bodies together, each sent by a client of its own."""
    taken = seconds_of(server.port, [partial(prepare_push, repository, body) for body in bodies])
    return sum(body.size for body in bodies) / MEGABYTE / taken


def pull_rate(port: int, path: str, size: int, clients: int, times: int) -> float:
    """Megabytes a second of all clients together, each asking for the same file so many times."""
    taken = seconds_of(port, [partial(prepare_pull, path, size, times)] * clients)
    return size * times * clients / MEGABYTE / taken


def seconds_of(port: int, jobs: Sequence[Job]) -> float:
    pipes = [start_client(port, job) for job in jobs]
    for pipe in pipes:
        hear(pipe)
    began = time.monotonic()
    for pipe in pipes:
        pipe.send("go")
    return max(hear(pipe) for pipe in pipes) - began


def start_client(port: int, job: Job) -> "Connection[str, float | str]":
    ours, theirs = FORK.Pipe()
    FORK.Process(target=be_client, args=(port, job, theirs), daemon=True).start()
    theirs.close()
    return ours


def hear(pipe: "Connection[str, float | str]") -> float:
    if not pipe.poll(PATIENCE):
        raise BenchFailed(f"a client was not done within {PATIENCE:g} s")
    try:
        said = pipe.recv()
    except EOFError as gone:
        raise BenchFailed("a client died") from gone
    if isinstance(said, str):
        raise BenchFailed(said)
    return said


def be_client(port: int, job: Job, pipe: "Connection[float | str, str]") -> None:
    """Prepare, report ready, wait for the word, do the job, report when it was done."""
    try:
        with connected(port) as line:
            timed = job(line)
            pipe.send(0.0)
            pipe.recv()
            timed()
            pipe.send(time.monotonic())
    except (OSError, EOFError, BenchFailed) as broken:
        pipe.send(str(broken))


def connected(port: int) -> Line:
    line = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
    line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return line


def prepare_push(repository: str, body: Body, line: Line) -> Callable[[], None]:
    line.sendall(request("POST", f"/v2/{repository}/blobs/uploads/".encode()))
    target = with_digest(expect(line, 202).location, body.digest)
    return partial(send_body, target, body, line)


def send_body(target: bytes, body: Body, line: Line) -> None:
    said = b"PUT %s HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/octet-stream\r\nContent-Length: %d\r\n\r\n"
    line.sendall(said % (target, body.size))
    with body.file.open("rb") as content:
        for _ in range(body.times):
            line.sendfile(content, 0)
    line.sendall(body.tail)
    expect(line, 201)


def prepare_pull(path: str, size: int, times: int, line: Line) -> Callable[[], None]:
    return partial(receive_bodies, request("GET", path.encode()), size, times, line)


def receive_bodies(message: bytes, size: int, times: int, line: Line) -> None:
    buffer = bytearray(BUFFER)
    for _ in range(times):
        line.sendall(message)
        missing = size - received_with_head(line, size)
        while missing > 0:
            count = line.recv_into(buffer, min(missing, BUFFER))
            if count == 0:
                raise BenchFailed(f"the server closed the connection {missing} bytes early")
            missing -= count


def received_with_head(line: Line, size: int) -> int:
    """Read the head of an answer; what of the body came along with it counts."""
    received = b""
    while END_OF_HEAD not in received:
        received += some(line)
    answer = head(received)
    if answer.status != 200 or answer.body != size:
        raise BenchFailed(f"expected 200 and {size} bytes, got {answer.status} and {answer.body}")
    return len(received) - answer.length + answer.body


def expect(line: Line, status: int) -> Answer:
    received = b""
    while (answer := parse(received)) is None:
        received += some(line)
    if answer.status != status:
        raise BenchFailed(f"expected {status}, got {received.decode('latin-1')}")
    return answer


def some(line: Line) -> bytes:
    piece = line.recv(65_536)
    if not piece:
        raise BenchFailed("the server closed the connection")
    return piece


def open_upload(server: Server, repository: str, digest: str) -> str:
    """The path that a PUT of this digest goes to."""
    caller = server.connect()
    caller.request("POST", f"/v2/{repository}/blobs/uploads/")
    answer = caller.getresponse()
    answer.read()
    caller.close()
    location = answer.headers.get("Location")
    if answer.status != 202 or location is None:
        raise BenchFailed(f"{server.name} opened no upload: {answer.status}")
    return with_digest(location.encode(), digest).decode()
