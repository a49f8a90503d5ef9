"""HTTP/1.1 with as little as a load generator can do with: requests made beforehand, answers read only where needed."""

from dataclasses import dataclass

from bench.measure import BenchFailed

END_OF_HEAD = b"\r\n\r\n"


@dataclass(frozen=True, slots=True)
class Answer:
    """The start of a response, how long its body is, and how many bytes it takes in all."""

    status: int
    location: bytes
    body: int
    length: int


def request(method: str, target: bytes, headers: bytes = b"", body: bytes = b"") -> bytes:
    return b"%s %s HTTP/1.1\r\nHost: 127.0.0.1\r\n%sContent-Length: %d\r\n\r\n%s" % (
        method.encode(),
        target,
        headers,
        len(body),
        body,
    )


def parse(received: bytes) -> Answer | None:
    """The answer at the front of what was received; None until it is whole."""
    if END_OF_HEAD not in received:
        return None
    answer = head(received)
    return answer if len(received) >= answer.length else None


def head(received: bytes) -> Answer:
    """The answer that a whole head promises."""
    end = received.index(END_OF_HEAD)
    start = received[: end + 2]
    lowered = start.lower()
    if b"\r\ntransfer-encoding:" in lowered:
        raise BenchFailed("an answer of unknown length: " + start.decode("latin-1"))
    body = int(field(start, lowered, b"content-length") or b"0")
    return Answer(int(start[9:12]), field(start, lowered, b"location"), body, end + len(END_OF_HEAD) + body)


def field(start: bytes, lowered: bytes, name: bytes) -> bytes:
    at = lowered.find(b"\r\n" + name + b":")
    if at < 0:
        return b""
    at += len(name) + 3
    return start[at : start.index(b"\r\n", at)].strip()


def path_of(location: bytes) -> bytes:
    """The target to ask for: docker-registry answers whole addresses, wharf paths."""
    if location.startswith(b"/"):
        return location
    _, _, rest = location.partition(b"://")
    return rest[rest.index(b"/") :]


def with_digest(location: bytes, digest: str) -> bytes:
    target = path_of(location)
    return target + (b"&" if b"?" in target else b"?") + b"digest=" + digest.encode()
