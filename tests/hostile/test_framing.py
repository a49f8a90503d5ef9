"""Each request of a connection gets its own answer, in order, whatever the ones before it were like."""

import socket

import pytest

from tests.durability.processes import eventually
from tests.hostile.raw import DEADLINE, HOST, SENTINEL, request, talk
from wharf.oci.digest import Digest
from wharf.testing.registry_process import RegistryProcess

pytestmark = pytest.mark.slow

ZEROS = b"0" * 32
NONE = str(Digest.of(b"none")).encode()
ROUTES = {
    "base": b"/v2/",
    "catalog": b"/v2/_catalog",
    "tags": b"/v2/team/app/tags/list",
    "tag": b"/v2/team/app/manifests/latest",
    "manifest": b"/v2/team/app/manifests/" + NONE,
    "blob": b"/v2/team/app/blobs/" + NONE,
    "start": b"/v2/team/app/blobs/uploads/",
    "upload": b"/v2/team/app/blobs/uploads/" + ZEROS,
    "referrers": b"/v2/team/app/referrers/" + NONE,
    "no route": b"/v2/team",
    "healthz": b"/healthz",
    "no text": b"/v2/%ff%00%2e%2e/manifests/%ed%a0%80",
    "bad query": b"/v2/_catalog?n=%ff",
}
METHODS = (b"GET", b"HEAD", b"PUT", b"POST", b"PATCH", b"DELETE", b"OPTIONS", b"TRACE", b"BREW", b"get")
TARGETS = {
    "absolute": (b"GET", b"http://elsewhere.example/v2/", 200),
    "absolute with a user": (b"GET", b"http://user:pass@elsewhere.example/v2/", 200),
    "authority": (b"GET", b"elsewhere.example:80", 404),
    "to connect": (b"CONNECT", b"elsewhere.example:443", 404),
    "asterisk": (b"OPTIONS", b"*", 404),
    "a fragment": (b"GET", b"/v2/#latest", 200),
    "dots": (b"GET", b"/v2/../../etc/passwd", 404),
    "backslashes": (b"GET", b"/v2\\..\\wharf.db", 404),
    "two slashes": (b"GET", b"//v2/", 404),
    "encoded": (b"GET", b"/%76%32/", 200),
}


def put(target: bytes, body: bytes, *lines: bytes) -> bytes:
    return request(b"PUT", target, *lines, body=body)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("target", ROUTES.values(), ids=ROUTES)
def test_no_body_is_read_as_the_next_request(port: int, method: bytes, target: bytes) -> None:
    """The body looks like a request; the answer to HEAD has no body of its own."""
    body = request(b"GET", b"/healthz", b"X-Request-Id: smuggled")
    heard = talk(port, request(method, target, body=body), SENTINEL, methods=(method.decode(),))
    first, *others = heard.answers
    assert first.status < 500
    assert all(answer.headers["x-request-id"] == "sentinel" for answer in others)
    assert len(others) == 1 or first.headers["connection"] == "close"


def test_sixteen_requests_at_once_are_answered_in_order(port: int) -> None:
    targets = list(ROUTES.values())
    said = [request(b"GET", targets[number % len(targets)], b"X-Request-Id: %d" % number) for number in range(16)]
    heard = talk(port, b"".join(said), SENTINEL)
    assert [*map(str, range(16)), "sentinel"] == [answer.headers["x-request-id"] for answer in heard.answers]


def test_a_push_said_in_one_breath_is_taken(port: int) -> None:
    layer = b"in one breath"
    target = b"/v2/team/breath/blobs/uploads/?digest=" + str(Digest.of(layer)).encode()
    got = request(b"GET", b"/v2/team/breath/blobs/" + str(Digest.of(layer)).encode())
    heard = talk(
        port, request(b"POST", target, body=layer) + request(b"HEAD", b"/v2/") + got, SENTINEL, methods=("", "HEAD")
    )
    assert [201, 200, 200, 200] == heard.statuses
    assert layer == heard.answers[2].body


@pytest.mark.parametrize("size", [100, 70_000, 2 << 20])
def test_a_refusal_leaves_the_connection_usable_or_says_that_it_ends(port: int, size: int) -> None:
    heard = talk(port, put(b"/v2/NO/manifests/latest", b"x" * size), SENTINEL)
    assert [400, 200] == heard.statuses or "close" == heard.answers[0].headers["connection"]


def test_what_is_too_large_to_be_read_to_its_end_ends_the_connection(port: int) -> None:
    heard = talk(port, put(b"/v2/team/app/manifests/latest", b" " * (32 << 20)), SENTINEL)
    assert heard.statuses in ([413], [])  # when both sides have given up, the answer may be lost on the way
    assert not heard.was_sentinel_heard


@pytest.mark.parametrize(("method", "target", "status"), TARGETS.values(), ids=TARGETS)
def test_other_forms_of_a_target_are_read_or_refused(port: int, method: bytes, target: bytes, status: int) -> None:
    assert [status, 200] == talk(port, request(method, target), SENTINEL).statuses


def test_a_method_that_is_not_known_is_told_what_is(port: int) -> None:
    first, _ = talk(port, request(b"B" * 5000, b"/v2/"), SENTINEL).answers
    assert (405, "GET, HEAD") == (first.status, first.headers["allow"])


@pytest.mark.parametrize("version", [b"HTTP/1.0", b"HTTP/1.1"])
def test_the_connection_ends_where_it_should(port: int, version: bytes) -> None:
    closing = request(b"GET", b"/v2/", b"Connection: close", version=version)
    assert [200] == talk(port, closing, SENTINEL).statuses


def test_an_old_client_may_keep_its_connection(port: int) -> None:
    keeping = request(b"GET", b"/v2/", b"Connection: keep-alive", version=b"HTTP/1.0")
    assert [200, 200] == talk(port, keeping, SENTINEL).statuses


@pytest.mark.parametrize("line", [b"Upgrade: h2c", b"Upgrade: websocket", b"Upgrade: TLS/1.0, HTTP/1.1"])
def test_nobody_is_upgraded(port: int, line: bytes) -> None:
    lines = (line, b"Connection: Upgrade, HTTP2-Settings", b"HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA")
    assert [200, 200] == talk(port, request(b"GET", b"/v2/", *lines), SENTINEL).statuses


def test_who_waits_to_be_asked_for_the_body_is_asked(port: int) -> None:
    layer = b"waited for"
    target = b"/v2/team/app/blobs/uploads/?digest=" + str(Digest.of(layer)).encode()
    head = request(b"POST", target, b"Expect: 100-continue", b"Content-Length: %d" % len(layer))
    with socket.create_connection(("127.0.0.1", port), timeout=DEADLINE) as connection:
        connection.sendall(head)
        assert connection.recv(1000) == b"HTTP/1.1 100 Continue\r\n\r\n"
        connection.sendall(layer)
        assert connection.recv(1000).startswith(b"HTTP/1.1 201 ")


def test_a_body_in_another_coding_is_taken_as_the_bytes_it_is(port: int) -> None:
    answer, _ = talk(
        port, put(b"/v2/team/app/manifests/latest", b"\x1f\x8b\x08\x00", b"Content-Encoding: gzip"), SENTINEL
    ).answers
    assert (400, "MANIFEST_INVALID") == (answer.status, answer.code)


def test_who_stops_speaking_is_answered_or_let_go(port: int) -> None:
    """A half-closed connection counts as given up, as most servers see it."""
    assert talk(port, request(b"GET", b"/v2/"), hang_up=True).statuses in ([], [200])


def test_who_stops_in_the_middle_of_a_body_leaves_nothing(server: RegistryProcess, port: int) -> None:
    target = b"/v2/team/half/blobs/uploads/?digest=" + NONE
    before = uploads_of(server)
    cut = request(b"POST", target, b"Content-Length: 1000") + b"x" * 500
    assert [408] == talk(port, cut, hang_up=True).statuses
    assert eventually(lambda: before >= uploads_of(server))


def test_who_goes_away_while_a_blob_is_sent_hurts_nobody(port: int) -> None:
    layer = bytes(4 << 20)
    digest = str(Digest.of(layer)).encode()
    talk(port, request(b"POST", b"/v2/team/large/blobs/uploads/?digest=" + digest, body=layer), SENTINEL)
    for _ in range(3):
        with socket.create_connection(("127.0.0.1", port), timeout=DEADLINE) as connection:
            connection.sendall(request(b"GET", b"/v2/team/large/blobs/" + digest))
            assert connection.recv(100).startswith(b"HTTP/1.1 200 ")


def uploads_of(server: RegistryProcess) -> set[str]:
    return {path.name for path in (server.data / "uploads").iterdir()}


def test_lines_may_end_without_a_carriage_return(port: int) -> None:
    """RFC 9112, 2.2 lets a reader be so kind; the framing is the same either way."""
    assert [200, 200] == talk(port, b"GET /v2/ HTTP/1.1\nHost: a\n\n", SENTINEL).statuses
    assert [200, 200] == talk(port, b"\r\n\r\nGET /v2/ HTTP/1.1\r\n" + HOST + b"\r\n", SENTINEL).statuses
