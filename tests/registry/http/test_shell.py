"""What every answer has, and what no answer and no log line may have."""

import io
from collections.abc import MutableMapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.cases import each
from tests.registry.conftest import HandClock
from wharf.content.memory import MemoryContent
from wharf.content.store import Location, UploadId
from wharf.errors import StoreFull
from wharf.oci.digest import Algorithm
from wharf.oci.reference import RepositoryName
from wharf.registry.http.request_log import Format, RequestLog, Served, human, machine
from wharf.testing.registry import InProcessRegistry, Wire


class BrokenContent(MemoryContent):
    async def begin(self, name: RepositoryName, algorithm: Algorithm) -> UploadId:
        raise ZeroDivisionError("the secret inner life")


class Listening(Wire):
    """A client that notes how much it had sent when the answer came."""

    taken_until_answered = -1

    async def send(self, message: MutableMapping[str, Any]) -> None:
        if self.taken_until_answered < 0:
            self.taken_until_answered = self.pieces_taken
        await super().send(message)


class FullContent(MemoryContent):
    async def begin(self, name: RepositoryName, algorithm: Algorithm) -> UploadId:
        raise StoreFull("/data")

    def size(self, location: Location) -> int | None:
        return super().size(location)


def test_every_answer_has_an_id_and_says_what_it_speaks(registry: InProcessRegistry) -> None:
    answer = registry.request("GET", "/v2/")
    assert answer.headers["x-request-id"]
    assert answer.headers["docker-distribution-api-version"] == "registry/2.0"


def test_a_refused_head_has_no_body(registry: InProcessRegistry) -> None:
    answer = registry.request("HEAD", "/v2/team/app/manifests/latest")
    assert (answer.status, answer.body) == (404, b"")


def test_an_id_that_a_proxy_gave_is_kept(registry: InProcessRegistry) -> None:
    assert registry.request("GET", "/v2/", headers={"x-request-id": "abc-1"}).headers["x-request-id"] == "abc-1"


@each("given", ["a b", "x" * 65, 'a"b', "a\r\nb", ""])
def test_an_id_that_could_forge_a_log_is_not_kept(registry: InProcessRegistry, given: str) -> None:
    assert registry.request("GET", "/v2/", headers={"x-request-id": given}).headers["x-request-id"] != given


def test_what_breaks_inside_is_nobody_elses_business(tmp_path: Path) -> None:
    with InProcessRegistry(tmp_path, content=BrokenContent()) as registry:
        answer = registry.request("POST", "/v2/team/app/blobs/uploads/")
        assert answer.status == 500
        assert b"secret" not in answer.body
        assert answer.json()["errors"][0]["detail"] == {"requestId": answer.headers["x-request-id"]}


def test_a_full_disk_is_said_and_reading_goes_on(tmp_path: Path) -> None:
    with InProcessRegistry(tmp_path) as registry:
        digest = registry.push_blob("team/app", b"from better days")
        content = FullContent()
        content.__dict__.update(registry.content.__dict__)
        with InProcessRegistry(tmp_path, content=content) as full:
            answer = full.request("POST", "/v2/team/app/blobs/uploads/")
            assert answer.status == 507
            assert full.request("GET", f"/v2/team/app/blobs/{digest}").body == b"from better days"


def test_an_unread_body_is_read_on_so_that_the_answer_is_heard(registry: InProcessRegistry) -> None:
    wire = Wire((b"x" * 1000, b"y" * 1000, b"z"))
    registry.exchange("PATCH", "/v2/team/app/blobs/uploads/" + "0" * 32, wire)
    assert wire.answer().status == 404
    assert wire.pieces_taken == 3
    assert "connection" not in wire.answer().headers


def test_a_connection_with_too_much_left_unread_is_ended_in_words(registry: InProcessRegistry) -> None:
    wire = Listening([b"x" * (1 << 20)] * 200)
    registry.exchange("PUT", "/v2/team/app/manifests/latest", wire)
    answer = wire.answer()
    assert (answer.status, answer.headers["connection"]) == (413, "close")
    assert wire.taken_until_answered < 20


def test_who_is_still_sending_when_they_are_answered_is_heard_out_for_a_while(registry: InProcessRegistry) -> None:
    patient, endless = (Listening([b"x" * (1 << 20)] * pieces) for pieces in (40, 400))
    for wire in (patient, endless):
        registry.exchange("PUT", "/v2/team/app/manifests/latest", wire)
    assert 40 == patient.pieces_taken
    assert 40 < endless.pieces_taken < 100


def test_who_asks_whether_to_send_and_is_refused_sends_nothing(registry: InProcessRegistry) -> None:
    wire = Wire([b"x" * 1000])
    headers = {"expect": "100-continue", "content-length": "1000"}
    answer = registry.exchange("POST", "/v2/UPPER/blobs/uploads/", wire, headers)
    assert (400, "close", 0) == (answer.status, answer.headers["connection"], wire.pieces_taken)


@each(
    "method, target, status",
    [
        ("GET", "/v1/", 404),
        ("GET", "/v2/UPPER/manifests/latest", 400),
        ("GET", "/v2/team/../../etc/passwd/manifests/latest", 400),
        ("GET", "/v2/team/%2e%2e/manifests/latest", 400),
        ("GET", "/v2/team/app/manifests/..", 400),
        ("GET", "/v2/team//app/manifests/latest", 400),
        ("GET", "/v2/" + "a/" * 200 + "manifests/latest", 400),
        ("GET", "/v2/team/app/manifests/" + "x" * 129, 400),
        ("GET", "/v2/team/app/blobs/sha256:" + "0" * 63, 400),
        ("GET", "/v2/team/app/tags/list?n=-1", 400),
        ("GET", "/v2/team/app/tags/list?n=%00", 400),
        ("GET", "/v2/_catalog?n=x", 400),
        ("GET", "/v2/team/app/referrers/sha256:short", 400),
        ("POST", "/v2/team/app/manifests/latest", 405),
        ("PATCH", "/v2/_catalog", 405),
        ("BREW", "/v2/", 405),
    ],
)
def test_hostile_addresses_get_the_right_refusal(
    registry: InProcessRegistry, method: str, target: str, status: int
) -> None:
    registry.push_image("team/app", "latest")
    answer = registry.request(method, target)
    assert answer.status == status, answer
    assert set(answer.json()["errors"][0]) == {"code", "message", "detail"}


SERVED = Served(1_700_000_000.0, "GET", '/v2/a\n"b/manifests/x', 200, 0.001234, "127.0.0.1", None, "id-1")


def test_a_line_for_a_machine_is_one_line_of_json() -> None:
    assert machine(SERVED) == (
        '{"time":1700000000.000,"event":"request","method":"GET","path":"/v2/a\\n\\"b/manifests/x","status":200,'
        '"seconds":0.001234,"peer":"127.0.0.1","caller":null,"id":"id-1"}\n'
    )


def test_a_line_for_a_person_is_one_line() -> None:
    assert human(SERVED) == "22:13:20 200 GET    '/v2/a\\n\"b/manifests/x'  1.2 ms 127.0.0.1\n"


@pytest.mark.parametrize("form", [human, machine])
def test_no_request_fills_the_log(form: Format) -> None:
    line = form(replace(SERVED, method="BREW" * 1000, path="/v2/" + "a" * 60_000))
    assert len(line) < 1000
    assert line.endswith("\n")


def test_neither_queries_nor_authorisation_are_logged(tmp_path: Path, clock: HandClock) -> None:
    stream = io.StringIO()
    with InProcessRegistry(tmp_path, clock=clock, log=RequestLog(machine, stream)) as registry:
        registry.request("GET", "/v2/?token=hush-query", headers={"authorization": "Bearer hush-header"})
        registry.request("GET", "/v2/_catalog?n=hush", headers={"authorization": "Basic aHVzaA=="})
    assert stream.getvalue().count("\n") == 2
    assert "hush" not in stream.getvalue()
    assert "aHVzaA" not in stream.getvalue()
