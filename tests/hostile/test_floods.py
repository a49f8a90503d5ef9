"""Too much of everything: refused by its own status, or taken, and never at the expense of the next one."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.durability.processes import eventually
from tests.hostile.conftest import assert_no_accidents
from tests.hostile.raw import HOST, SENTINEL, request, talk
from wharf.testing.registry_process import RegistryProcess

pytestmark = pytest.mark.slow

MIB = 1 << 20
BLOB = b"/v2/team/app/blobs/uploads/?digest=sha256:" + b"0" * 64
FLOODS = {
    "500 headers": (request(b"GET", b"/v2/", *(b"X-%d: y" % number for number in range(500))), 431),
    "a header of 2 MiB": (request(b"GET", b"/v2/", b"X-A: " + b"a" * (2 * MIB)), 431),
    "a name of a header of 2 MiB": (request(b"GET", b"/v2/", b"X" * (2 * MIB) + b": a"), 431),
    "cookies of 2 MiB": (request(b"GET", b"/v2/", *(b"Cookie: " + b"a" * 32_000 for _ in range(64))), 431),
    "a path of 70 kB": (request(b"GET", b"/v2/" + b"a" * 70_000), 414),
    "a path of 2 MiB": (request(b"GET", b"/v2/" + b"a/" * MIB), 431),
    "a query of 70 kB": (request(b"GET", b"/v2/_catalog?last=" + b"a" * 70_000), 414),
    "a method of 2 MiB": (request(b"A" * (2 * MIB), b"/v2/"), 431),
}
TAKEN = {
    "90 headers": (request(b"GET", b"/v2/", *(b"X-%d: y" % number for number in range(90))), 200),
    "a header of 100 kB": (request(b"GET", b"/v2/", b"X-A: " + b"a" * 100_000), 200),
    "bytes that are no text": (request(b"GET", b"/v2/", b"X-Request-Id: \xff\xfe", b"Accept: \x80"), 200),
    "a path of 60 kB": (request(b"GET", b"/v2/" + b"a" * 60_000), 404),
    "a name of 60 kB": (request(b"GET", b"/v2/" + b"a" * 60_000 + b"/tags/list"), 404),
    "a path of nothing but slashes": (request(b"GET", b"/" * 60_000), 404),
    "an encoded path of 60 kB": (request(b"GET", b"/v2/" + b"%61" * 20_000), 404),
    "10,000 parameters": (request(b"GET", b"/v2/_catalog?" + b"n=1&" * 10_000), 400),
    "a huge number": (request(b"GET", b"/v2/_catalog?n=" + b"9" * 60_000), 200),
    "200 ranges": (request(b"GET", b"/v2/team/app/blobs/sha256:" + b"0" * 64, b"Range: bytes=" + b"0-0," * 200), 404),
    "3000 hops": (request(b"GET", b"/v2/", b"X-Forwarded-For: " + b"127.0.0.1, " * 3000), 200),
}

# What was said before the silence, and what is answered; half a head is no request, and gets no answer.
SILENCES: dict[str, tuple[bytes, list[int]]] = {
    "nothing": (b"", []),
    "a line": (b"GET /v2/ HTTP/1.1\r\n", []),
    "no end of headers": (b"GET /v2/ HTTP/1.1\r\n" + HOST, []),
    "half a manifest": (request(b"PUT", b"/v2/team/app/manifests/x", b"Content-Length: 10") + b"{", [408]),
    "half a blob": (request(b"POST", BLOB, b"Content-Length: 10") + b"{", [408]),
    "half a chunk": (request(b"PATCH", b"/v2/NO/blobs/uploads/x", b"Transfer-Encoding: chunked") + b"5\r\nab", [400]),
    "no body": (request(b"POST", b"/v2/", b"Content-Length: 1000000"), [405]),
    "after an answer": (request(b"GET", b"/v2/"), [200]),
}


@pytest.mark.parametrize(("said", "status"), FLOODS.values(), ids=FLOODS)
def test_too_much_is_refused_by_its_own_status_and_ends_the_connection(port: int, said: bytes, status: int) -> None:
    heard = talk(port, said, SENTINEL)
    assert heard.statuses in ([status], [])  # the answer may be lost on the way when both sides have given up
    assert not heard.was_sentinel_heard


@pytest.mark.parametrize(("said", "status"), TAKEN.values(), ids=TAKEN)
def test_much_is_answered_like_little(port: int, said: bytes, status: int) -> None:
    assert [status, 200] == talk(port, said, SENTINEL).statuses


def test_no_request_fills_the_log(server: RegistryProcess, port: int) -> None:
    talk(port, request(b"GET", b"/v2/" + b"%0a" * 20_000), SENTINEL)
    assert eventually(lambda: rb"\n\n\n" in server.log.read_bytes())
    assert max(map(len, server.log.read_bytes().splitlines())) < 5000


@pytest.fixture(scope="module")
def let_go(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[int]]:
    """What each heard before the connection was ended. All of them wait at the same time, where nobody is waited for
    long: others, who only had a slow day, would be let go there too."""
    folder = tmp_path_factory.mktemp("hasty")
    with (
        RegistryProcess(folder / "data", "--client-silence", "2s", "--durability", "relaxed") as hasty,
        ThreadPoolExecutor(len(SILENCES)) as waiting,
    ):
        heard = [waiting.submit(talk, hasty.port, said) for said, _ in SILENCES.values()]
        statuses = [each.result().statuses for each in heard]
    assert_no_accidents(hasty)
    return dict(zip(SILENCES, statuses, strict=True))


@pytest.mark.parametrize("kind", SILENCES)
def test_who_falls_silent_is_let_go(let_go: dict[str, list[int]], kind: str) -> None:
    assert SILENCES[kind][1] == let_go[kind]
