"""The delivery of a blob as a conversation: every answer has its next question, and every conversation an end."""

from collections.abc import Iterable, Mapping, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.oci.hostile import steady
from wharf.client.blobs.delivery import CHUNK_AFTER_A_BREAK, SMALL, Ask, Delivery, Send, Step
from wharf.client.blobs.patience import PAUSES, WORTHWHILE
from wharf.client.message import Headers, Response
from wharf.errors import RateLimited, RemoteAnswered, RemoteDenied, RemoteMisbehaved, Unreachable, WharfError
from wharf.images.sink import Arrival
from wharf.oci.descriptor import Descriptor
from wharf.oci.digest import Digest
from wharf.oci.reference import RepositoryName

NAME = RepositoryName("team/app")
DIGEST = Digest.of(b"some content")
QUERY = f"digest={str(DIGEST).replace(':', '%3A')}"
LARGE = 100_000_000
BASE = "http://registry.example"
UPLOAD = f"{BASE}/v2/team/app/blobs/uploads/u1?_state=x"
GONE = Unreachable("registry.example", "the connection broke")

Outcome = Response | WharfError


def answer(status: int, headers: Mapping[str, str] | None = None, body: bytes = b"") -> Response:
    return Response(status, Headers((headers or {}).items()), body, f"{BASE}/v2/")


ABSENT = answer(404)
BEGUN = answer(202, {"Location": UPLOAD})
STORED = answer(201, {"Docker-Content-Digest": str(DIGEST)})


def appended(received: int) -> Response:
    return answer(202, {"Location": UPLOAD, "Range": f"0-{received - 1}"})


def delivery(size: int = LARGE, mount_from: str = "", *, may_mount: bool = True) -> Delivery:
    source = RepositoryName(mount_from) if mount_from else None
    return Delivery("registry.example", NAME, Descriptor("x/y", DIGEST, size), source, may_mount=may_mount)


def held(talk: Delivery, outcomes: Iterable[Outcome]) -> tuple[Arrival, list[Step]]:
    """How it ends, and what was asked until then."""
    steps, asked, rest = talk.steps(), list[Step](), iter(outcomes)
    try:
        asked.append(next(steps))
        while True:
            outcome = next(rest)
            asked.append(steps.send(outcome) if isinstance(outcome, Response) else steps.throw(outcome))
    except StopIteration as end:
        arrival: Arrival = end.value
        return arrival, asked


def seen(asked: Sequence[Step]) -> list[str]:
    return [_in_short(step) for step in asked]


def _in_short(step: Step) -> str:
    if isinstance(step, Send):
        return f"{step.method} {step.start}-{step.stop}"
    path, _, query = step.request.url.removeprefix(BASE).removeprefix("/v2/team/app/blobs/").partition("?")
    what = "blob" if path == str(DIGEST) else path
    return " ".join([step.request.method, what, *(["mount"] if "mount=" in query else [])])


def test_what_is_there_is_not_sent() -> None:
    assert (Arrival.PRESENT, ["HEAD blob"]) == _told(delivery(), [answer(200, {"Content-Length": str(LARGE)})])


@pytest.mark.parametrize("headers", [{"Content-Length": "7"}, {"Docker-Content-Digest": str(Digest.of(b"other"))}])
def test_what_is_there_and_is_something_else_does_not_count(headers: Mapping[str, str]) -> None:
    arrival, asked = held(delivery(10), [answer(200, headers), BEGUN, STORED])
    assert (Arrival.SENT, 3) == (arrival, len(asked))


def test_a_mounted_blob_is_not_sent() -> None:
    assert (Arrival.MOUNTED, ["HEAD blob", "POST uploads/ mount"]) == _told(delivery(), [ABSENT, STORED])


def test_the_source_of_a_mount_is_named_and_its_right_asked_for() -> None:
    _, asked = held(delivery(mount_from="other/app"), [ABSENT, STORED])
    assert isinstance(asked[1], Ask)
    assert asked[1].mounts
    assert asked[1].request.url.endswith("&from=other%2Fapp")


def test_a_mount_that_is_not_done_has_begun_the_upload() -> None:
    expected = ["HEAD blob", "POST uploads/ mount", f"PATCH 0-{LARGE}", "PUT uploads/u1"]
    assert (Arrival.SENT, expected) == _told(delivery(), [ABSENT, BEGUN, appended(LARGE), STORED])


def test_a_small_blob_goes_in_one_request() -> None:
    expected = ["HEAD blob", "POST uploads/ mount", f"PUT 0-{SMALL}"]
    assert (Arrival.SENT, expected) == _told(delivery(SMALL), [ABSENT, BEGUN, STORED])


def test_the_query_of_the_place_is_kept() -> None:
    _, asked = held(delivery(SMALL), [ABSENT, BEGUN, STORED])
    assert isinstance(asked[2], Send)
    assert f"{UPLOAD}&{QUERY}" == asked[2].url


@pytest.mark.parametrize("refusal", [answer(400), answer(405), RemoteDenied("registry.example", "pull", 403)])
def test_a_mount_that_is_refused_is_followed_by_a_plain_beginning(refusal: Outcome) -> None:
    talk = delivery(10, "other/app")
    expected = ["HEAD blob", "POST uploads/ mount", "POST uploads/", "PUT 0-10"]
    assert (Arrival.SENT, expected) == _told(talk, [ABSENT, refusal, BEGUN, STORED])


def test_without_the_wish_to_mount_none_is_made() -> None:
    expected = ["HEAD blob", "POST uploads/", "PUT 0-10"]
    assert (Arrival.SENT, expected) == _told(delivery(10, may_mount=False), [ABSENT, BEGUN, STORED])


def test_after_a_break_the_registry_is_asked_how_much_it_has() -> None:
    half = LARGE // 2
    expected = [
        "HEAD blob",
        "POST uploads/ mount",
        f"PATCH 0-{LARGE}",
        "HEAD blob",
        "GET uploads/u1",
        f"PATCH {half}-{half + CHUNK_AFTER_A_BREAK}",
    ]
    status = answer(204, {"Location": UPLOAD, "Range": f"0-{half - 1}"})
    answers: list[Outcome] = [ABSENT, BEGUN, GONE, ABSENT, status]
    assert expected == _asked_until(delivery(), answers)


def test_a_resumed_chunk_says_where_it_belongs() -> None:
    step = _last_after(delivery(), [ABSENT, BEGUN, GONE, ABSENT, answer(204, {"Range": "0-99"})])
    assert isinstance(step, Send)
    assert ("Content-Range", f"100-{99 + CHUNK_AFTER_A_BREAK}") in step.headers


def test_the_pauses_after_breaks_grow() -> None:
    pauses: list[float] = []
    answers: list[Outcome] = [ABSENT, BEGUN]
    for _ in PAUSES:
        answers += [GONE, ABSENT, answer(204, {"Range": "0-0"})]
        step = _last_after(delivery(), answers[:-2])
        assert isinstance(step, Ask)
        pauses.append(step.pause)
    assert list(PAUSES) == pauses


def test_a_registry_that_asks_for_time_is_given_it() -> None:
    busy = answer(503, {"Retry-After": "7"})
    step = _last_after(delivery(), [ABSENT, BEGUN, busy])
    assert isinstance(step, Ask)
    assert 7.0 == step.pause


def test_after_as_many_breaks_as_there_are_pauses_the_last_is_told() -> None:
    rounds: list[Outcome] = [GONE, ABSENT, answer(204, {"Range": "0-0"})]
    with pytest.raises(Unreachable):
        held(delivery(), [ABSENT, BEGUN, *(rounds * len(PAUSES)), GONE])


def test_progress_restores_patience() -> None:
    answers: list[Outcome] = [ABSENT, BEGUN]
    for part in range(1, 3 * len(PAUSES)):
        answers += [GONE, ABSENT, answer(204, {"Range": f"0-{part * WORTHWHILE}"})]
    assert isinstance(_last_after(delivery(), answers), Send)


@pytest.mark.parametrize("status", [400, 404, 410, 416])
def test_an_upload_that_is_gone_is_begun_anew(status: int) -> None:
    expected = ["POST uploads/", f"PATCH 0-{CHUNK_AFTER_A_BREAK}"]
    assert expected == _asked_until(delivery(), [ABSENT, BEGUN, GONE, ABSENT, answer(status), BEGUN])[-2:]


def test_a_chunk_out_of_order_begins_anew() -> None:
    assert "POST uploads/" == _asked_until(delivery(), [ABSENT, BEGUN, answer(416), ABSENT])[-1]


def test_a_blob_that_arrived_without_a_word_is_not_sent_again() -> None:
    there = answer(200, {"Content-Length": str(LARGE)})
    assert Arrival.SENT is held(delivery(), [ABSENT, BEGUN, appended(LARGE), GONE, there])[0]


def test_what_was_taken_in_part_is_continued() -> None:
    status = answer(204, {"Range": "0-999"})
    step = _last_after(delivery(), [ABSENT, BEGUN, appended(1000), ABSENT, status])
    assert isinstance(step, Send)
    assert 1000 == step.start


def test_a_registry_that_takes_a_byte_at_a_time_is_given_up() -> None:
    answers: list[Outcome] = [ABSENT, BEGUN]
    for count in range(2, 100):
        answers += [appended(count), ABSENT, answer(204, {"Range": f"0-{count - 1}"})]
    with pytest.raises(RemoteMisbehaved):
        held(delivery(), answers)


def test_a_clear_no_is_final() -> None:
    with pytest.raises(RemoteAnswered) as caught:
        held(delivery(), [ABSENT, BEGUN, answer(403)])
    assert 403 == caught.value.status


def test_content_that_the_registry_calls_untrue_is_not_sent_twice() -> None:
    with pytest.raises(RemoteAnswered):
        held(delivery(10), [ABSENT, BEGUN, answer(400, body=b'{"errors":[{"code":"DIGEST_INVALID"}]}')])


def test_a_resumed_upload_that_became_untrue_is_sent_once_more() -> None:
    resumed: list[Outcome] = [ABSENT, BEGUN, GONE, ABSENT, answer(204, {"Range": f"0-{LARGE - 1}"})]
    assert "POST uploads/" == _asked_until(delivery(), [*resumed, answer(400), ABSENT])[-1]


def test_a_false_confirmation_is_no_arrival() -> None:
    with pytest.raises(RemoteMisbehaved):
        held(delivery(10), [ABSENT, BEGUN, answer(201, {"Docker-Content-Digest": str(Digest.of(b"other"))})])


def test_the_shortest_chunk_that_a_registry_takes_is_kept() -> None:
    begun = answer(202, {"Location": UPLOAD, "OCI-Chunk-Min-Length": "50000000"})
    step = _last_after(delivery(), [ABSENT, begun, GONE, ABSENT, answer(204, {"Range": "0-0"})])
    assert isinstance(step, Send)
    assert 50_000_000 == step.stop


def test_a_limit_on_the_way_makes_the_chunks_smaller() -> None:
    too_long: list[Outcome] = [answer(413), ABSENT, answer(204, {"Range": "0-0"})]
    sizes = [_stop(_last_after(delivery(), [ABSENT, BEGUN, *(too_long * times)])) for times in (1, 2, 3)]
    assert [CHUNK_AFTER_A_BREAK, CHUNK_AFTER_A_BREAK // 4, CHUNK_AFTER_A_BREAK // 16] == sizes
    with pytest.raises(RemoteAnswered):
        held(delivery(), [ABSENT, BEGUN, *(too_long * 3), answer(413)])


_headers = st.fixed_dictionaries(
    {},
    optional={
        "Location": st.sampled_from([UPLOAD, "", "//", "/v2/x", "ftp://x/"]) | st.text(max_size=5),
        "Range": st.sampled_from(["0-0", "0-99", f"0-{LARGE - 1}", f"0-{LARGE}", "5-1"]) | st.text(max_size=5),
        "Docker-Content-Digest": st.sampled_from([str(DIGEST), str(Digest.of(b"")), "x"]),
        "Content-Length": st.sampled_from(["0", str(LARGE), "x"]),
        "OCI-Chunk-Min-Length": st.sampled_from(["0", "99999999", "-1", "x"]),
        "Retry-After": st.sampled_from(["0", "3", "x"]),
    },
)
_statuses = st.sampled_from([200, 201, 202, 204, 206, 307, 400, 401, 403, 404, 413, 416, 429, 500, 503])
_answers: st.SearchStrategy[Outcome] = st.builds(answer, _statuses, _headers)
_outcomes = st.lists(_answers | st.sampled_from([GONE, RateLimited("r", "d", 429)]), min_size=1, max_size=12)


@given(_outcomes, st.sampled_from([0, 1, SMALL, LARGE]))
@steady
def test_every_conversation_ends(outcomes: list[Outcome], size: int) -> None:
    """However a registry answers, in a circle and for ever: it ends, and in an error of the tree if not in success."""
    talk = delivery(size)
    endless = (outcomes[number % len(outcomes)] for number in range(2000))
    try:
        arrival, asked = held(talk, endless)
    except WharfError:
        return
    assert isinstance(arrival, Arrival)
    assert len(asked) < 2000


def _told(talk: Delivery, outcomes: Iterable[Outcome]) -> tuple[Arrival, list[str]]:
    arrival, asked = held(talk, outcomes)
    return arrival, seen(asked)


def _steps_until(talk: Delivery, outcomes: Iterable[Outcome]) -> list[Step]:
    steps = talk.steps()
    first = next(steps)
    rest = [steps.send(each) if isinstance(each, Response) else steps.throw(each) for each in outcomes]
    steps.close()
    return [first, *rest]


def _asked_until(talk: Delivery, outcomes: Iterable[Outcome]) -> list[str]:
    return seen(_steps_until(talk, outcomes))


def _last_after(talk: Delivery, outcomes: Iterable[Outcome]) -> Step:
    return _steps_until(talk, outcomes)[-1]


def _stop(step: Step) -> int:
    assert isinstance(step, Send)
    return step.stop


@pytest.mark.parametrize(
    ("until", "pause"), [("Thu, 01 Jan 1970 00:16:47 GMT", 7.0), ("Thu, 01 Jan 1970 00:00:01 GMT", PAUSES[0])]
)
def test_a_registry_may_say_until_when_to_wait(until: str, pause: float) -> None:
    talk = Delivery("registry.example", NAME, Descriptor("x/y", DIGEST, LARGE), now=lambda: 1000.0)
    busy = answer(503, {"Retry-After": until})
    step = _last_after(talk, [ABSENT, BEGUN, busy])
    assert isinstance(step, Ask)
    assert pause == step.pause
