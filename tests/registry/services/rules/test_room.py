"""What cannot fit is refused before its bytes are taken; what may fit is not."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from wharf.oci.digest import Digest
from wharf.testing.registry import Answer, InProcessRegistry, Wire

UPLOADS = "/v2/crew/app/blobs/uploads/"
OWNERS = "/api/wharf/v1/owners"
QUOTA = 1000


class Crew:
    """An organisation with a quota, and a client that asks before it sends: it sends only what is going to be taken."""

    def __init__(self, registry: InProcessRegistry) -> None:
        self.registry = registry
        self.told("POST", "/api/wharf/v1/orgs", {"login": "crew"})
        self.quota(QUOTA)

    def told(self, method: str, path: str, body: object = None) -> Answer:
        sent = b"" if body is None else json.dumps(body).encode()
        answer = self.registry.request(method, path, sent, {"content-type": "application/json"})
        assert answer.status < 300, answer
        return answer

    def quota(self, most: int, owner: str = "crew") -> None:
        self.told("PUT", f"{OWNERS}/{owner}/quota", {"bytes": most})

    def used(self) -> int:
        return int(self.told("GET", f"{OWNERS}/crew/quota").json()["used"])

    def begin(self) -> str:
        return self.told("POST", UPLOADS).headers["location"]

    def sent(self, method: str, target: str, pieces: list[bytes], length: int | None = None) -> tuple[Answer, int]:
        """The answer, and how many of the pieces were taken."""
        wire = Wire(pieces)
        headers = {"authorization": self.registry.authorization, "expect": "100-continue"}
        if length is not None:
            headers["content-length"] = str(length)
        return self.registry.exchange(method, target, wire, headers), wire.pieces_taken


@pytest.fixture
def crew(tmp_path: Path) -> Iterator[Crew]:
    with InProcessRegistry(tmp_path, admin_password="correct horse") as registry:
        yield Crew(registry)


def whole(data: bytes) -> str:
    return f"{UPLOADS}?digest={Digest.of(data)}"


LARGE = b"x" * (QUOTA + 1)


def test_a_layer_that_is_too_large_is_refused_before_any_of_it_came(crew: Crew) -> None:
    answer, taken = crew.sent("POST", whole(LARGE), [LARGE], len(LARGE))
    assert (403, "crew has no room left") == (answer.status, answer.json()["errors"][0]["detail"]["cause"])
    assert (0, 0) == (taken, crew.used())


def test_a_last_part_that_is_too_large_is_refused_before_any_of_it_came(crew: Crew) -> None:
    place = crew.begin()
    assert 202 == crew.sent("PATCH", place, [LARGE[:500]], 500)[0].status
    answer, taken = crew.sent("PUT", f"{place}?digest={Digest.of(LARGE)}", [LARGE[500:]], len(LARGE) - 500)
    assert (403, 0) == (answer.status, taken)


def test_a_chunk_that_makes_more_than_could_fit_is_refused_before_any_of_it_came(crew: Crew) -> None:
    place = crew.begin()
    assert 202 == crew.sent("PATCH", place, [LARGE[:500]], 500)[0].status
    answer, taken = crew.sent("PATCH", place, [LARGE[500:]], len(LARGE) - 500)
    assert (403, 0) == (answer.status, taken)


def test_a_stream_is_refused_when_it_is_more_than_could_fit_and_nothing_of_it_stays(crew: Crew) -> None:
    place = crew.begin()
    wire = Wire([b"x" * 100] * 50, hangs_up=True)
    answer = crew.registry.exchange("PATCH", place, wire, {"authorization": crew.registry.authorization})
    assert 403 == answer.status
    assert 404 == crew.registry.request("GET", place).status


@pytest.mark.parametrize("length", [QUOTA, None])
def test_what_may_fit_exactly_is_taken(crew: Crew, length: int | None) -> None:
    data = LARGE[:QUOTA]
    place = crew.begin()
    assert 202 == crew.sent("PATCH", place, [data[:400], data[400:]], length)[0].status
    assert 201 == crew.sent("PUT", f"{place}?digest={Digest.of(data)}", [b""], 0)[0].status
    assert QUOTA == crew.used()


def test_what_the_owner_holds_already_is_taken_again_however_full_it_is(crew: Crew) -> None:
    data = LARGE[:QUOTA]
    crew.registry.push_blob("crew/other", data)
    crew.quota(10)
    assert 201 == crew.sent("POST", whole(data), [data], len(data))[0].status


@pytest.mark.parametrize("length", [QUOTA, None])
def test_a_digest_that_is_not_known_yet_may_be_that_of_a_blob_that_the_owner_holds(
    crew: Crew, length: int | None
) -> None:
    data = LARGE[:QUOTA]
    crew.registry.push_blob("crew/other", data)
    crew.quota(10)
    place = crew.begin()
    assert 202 == crew.sent("PATCH", place, [data[:400], data[400:]], length)[0].status
    assert 201 == crew.sent("PUT", f"{place}?digest={Digest.of(data)}", [b""], 0)[0].status


@pytest.mark.parametrize(("held", "length"), [([600], 601), ([500, 300], 501), ([150, 200, 250, 160], 251)])
def test_what_is_larger_than_each_that_the_owner_holds_and_than_the_room_left_cannot_be_one_of_them(
    crew: Crew, held: list[int], length: int
) -> None:
    for size in held:
        crew.registry.push_blob("crew/other", LARGE[:size])
    answer, taken = crew.sent("PATCH", crew.begin(), [LARGE[:length]], length)
    assert (403, 0) == (answer.status, taken)


def test_what_went_meanwhile_has_made_room(crew: Crew) -> None:
    crew.registry.push_image("crew/app", "1.0", LARGE[:300])
    crew.told("DELETE", "/orgs/crew/packages/container/app")
    data = b"y" * QUOTA
    assert 201 == crew.sent("POST", whole(data), [data], len(data))[0].status


def test_the_quota_of_the_whole_registry_holds_for_each_owner(crew: Crew) -> None:
    crew.quota(100, "-")
    answer, taken = crew.sent("POST", whole(LARGE[:101]), [LARGE[:101]], 101)
    assert ("this registry has no room left", 0) == (answer.json()["errors"][0]["detail"]["cause"], taken)


def test_who_may_not_push_hears_nothing_of_quotas(crew: Crew) -> None:
    crew.registry.authorization = ""
    assert 401 == crew.registry.exchange("POST", whole(LARGE), Wire([LARGE]), {}).status
