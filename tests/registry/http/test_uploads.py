"""Uploads as clients meet them: continued, broken off, lied about."""

import pytest

from tests.cases import each
from wharf.oci.digest import Algorithm, Digest
from wharf.testing.registry import InProcessRegistry, Wire

APP = "/v2/team/app/blobs/uploads/"
DATA = b"0123456789" * 100


def begun(registry: InProcessRegistry, query: str = "") -> str:
    answer = registry.request("POST", APP + query)
    assert answer.status == 202
    return answer.headers["location"]


def uploads_left(registry: InProcessRegistry) -> int:
    return len(list(registry.content.uploads()))


def test_a_location_is_relative_so_that_no_proxy_can_break_it(registry: InProcessRegistry) -> None:
    assert begun(registry).startswith("/v2/team/app/blobs/uploads/")


def test_an_answer_that_cannot_have_a_body_says_nothing_of_its_length(registry: InProcessRegistry) -> None:
    location = begun(registry)
    status, cancelled = registry.request("GET", location), registry.request("DELETE", location)
    assert (status.status, cancelled.status) == (204, 204)
    assert [] == [answer for answer in (status, cancelled) if "content-length" in answer.headers]


def test_a_connection_that_breaks_keeps_what_came(registry: InProcessRegistry) -> None:
    location = begun(registry)
    registry.exchange("PATCH", location, Wire((DATA[:300], DATA[300:500]), hangs_up=True))
    status = registry.request("GET", location)
    assert (status.status, status.headers["range"]) == (204, "0-499")
    finished = registry.request("PUT", f"{location}?digest={Digest.of(DATA)}", DATA[500:])
    assert finished.status == 201


def test_a_closing_put_that_breaks_off_can_be_resumed(registry: InProcessRegistry) -> None:
    location = begun(registry)
    target = f"{location}?digest={Digest.of(DATA)}"
    registry.exchange("PUT", target, Wire((DATA[:300],), hangs_up=True), {"content-length": "1000"})
    assert registry.request("GET", location).headers["range"] == "0-299"
    assert registry.request("PUT", target, DATA[300:]).status == 201


def test_a_single_post_that_breaks_off_leaves_nothing(registry: InProcessRegistry) -> None:
    target = f"{APP}?digest={Digest.of(DATA)}"
    registry.exchange("POST", target, Wire((DATA[:300],), hangs_up=True), {"content-length": "1000"})
    assert uploads_left(registry) == 0


@pytest.mark.parametrize(
    ("span", "status", "code"),
    [
        ("0-998", 400, "SIZE_INVALID"),
        ("5-1004", 416, "BLOB_UPLOAD_INVALID"),
        ("9-1", 400, "SIZE_INVALID"),
        ("all of it", 400, "SIZE_INVALID"),
    ],
)
def test_a_chunk_that_lies_about_its_place_is_refused(
    registry: InProcessRegistry, span: str, status: int, code: str
) -> None:
    location = begun(registry)
    answer = registry.request("PATCH", location, DATA, {"content-range": span})
    assert (answer.status, answer.code) == (status, code)
    assert registry.request("GET", location).headers["range"] == "0-0"


def test_a_chunk_out_of_order_says_where_to_go_on(registry: InProcessRegistry) -> None:
    location = begun(registry)
    registry.request("PATCH", location, DATA[:400], {"content-range": "0-399"})
    answer = registry.request("PATCH", location, DATA[600:], {"content-range": "600-999"})
    assert (answer.status, answer.headers["range"], answer.headers["location"]) == (416, "0-399", location)
    assert "byte 400" in answer.json()["errors"][0]["detail"]["nextStep"]


def test_a_stream_that_is_longer_than_its_range_is_cut_at_the_range(registry: InProcessRegistry) -> None:
    location = begun(registry)
    answer = registry.exchange("PATCH", location, Wire((DATA[:50], DATA[50:])), {"content-range": "0-99"})
    assert answer.code == "SIZE_INVALID"


@each("length", ["-1", "1e3", "١", "9" * 30, ""])
def test_a_length_that_is_no_number_is_refused(registry: InProcessRegistry, length: str) -> None:
    answer = registry.exchange("PATCH", begun(registry), Wire((DATA,)), {"content-length": length})
    assert (answer.status, answer.code) == (400, "SIZE_INVALID")


@pytest.mark.parametrize("digest", ["", "sha256:short", "md5:0123", "sha256:" + "A" * 64, "sha256:" + "0" * 65])
def test_a_malformed_digest_is_refused_and_the_upload_stays(registry: InProcessRegistry, digest: str) -> None:
    location = begun(registry)
    answer = registry.request("PUT", f"{location}?digest={digest}", DATA)
    assert (answer.status, answer.code) == (400, "DIGEST_INVALID")
    assert registry.request("GET", location).status == 204


def test_other_content_than_announced_is_refused_and_leaves_nothing(registry: InProcessRegistry) -> None:
    location = begun(registry)
    answer = registry.request("PUT", f"{location}?digest={Digest.of(b'else')}", DATA)
    assert (answer.status, answer.code) == (400, "DIGEST_INVALID")
    assert f"computed: {Digest.of(DATA)}" in answer.json()["errors"][0]["detail"]["evidence"]
    assert uploads_left(registry) == 0
    assert list(registry.content.copies()) == []


def test_an_upload_of_one_repository_is_unknown_in_another(registry: InProcessRegistry) -> None:
    location = begun(registry).replace("team/app", "team/other")
    assert registry.request("PATCH", location, DATA).code == "BLOB_UPLOAD_UNKNOWN"


@each("upload", ["0" * 31, "..", "%2e%2e", "x" * 5000, "0" * 32, "G" * 32])
def test_an_upload_that_never_was_is_unknown(registry: InProcessRegistry, upload: str) -> None:
    assert registry.request("GET", APP + upload).status == 404


def test_an_algorithm_may_be_chosen_at_the_start(registry: InProcessRegistry) -> None:
    location = begun(registry, "?digest-algorithm=sha512")
    assert registry.request("PUT", f"{location}?digest={Digest.of(DATA, Algorithm.SHA512)}", DATA).status == 201


def test_an_unknown_algorithm_is_refused_by_name(registry: InProcessRegistry) -> None:
    answer = registry.request("POST", APP + "?digest-algorithm=md5")
    assert answer.status == 400
    assert "sha256, sha512" in answer.json()["errors"][0]["detail"]["nextStep"]


def test_pushing_a_blob_twice_keeps_one_copy(registry: InProcessRegistry) -> None:
    registry.push_blob("team/app", DATA)
    registry.push_blob("team/other", DATA)
    assert len(list(registry.content.copies())) == 1


def test_a_copy_that_was_lost_is_asked_for_and_healed_by_the_next_push(registry: InProcessRegistry) -> None:
    digest = registry.push_blob("team/app", DATA)
    for copy in registry.content.copies():
        registry.content.remove(copy.location)
    assert registry.request("HEAD", f"/v2/team/app/blobs/{digest}").status == 404
    registry.push_blob("team/app", DATA)
    assert registry.request("GET", f"/v2/team/app/blobs/{digest}").body == DATA
