import time
from collections.abc import Callable
from io import BytesIO

import pytest

from wharf.doctor.catalogue import known_failures
from wharf.doctor.diagnosis import diagnosis_of
from wharf.doctor.log_pieces import PIECE, pieces_of
from wharf.doctor.looking import Looked, look
from wharf.doctor.recognised import Sighting

DENIED = "Error response from daemon: denied: denied"
HEALTHY = b"2026-03-01T09:00:00Z #12 [stage 4/9] RUN npm ci added packages in 13s\n"
MEGABYTES = 8
SECONDS = 30.0


def looked(log: bytes) -> Looked:
    return look(BytesIO(log), known_failures())


def only(log: bytes) -> Sighting:
    (sighting,) = looked(log).sightings
    return sighting


def test_the_first_place_is_shown_and_the_last_one_known() -> None:
    log = HEALTHY * 3 + DENIED.encode() + b"\n" + HEALTHY * 5 + DENIED.encode()
    assert (4, 10) == (only(log).match.line_number, only(log).last_line)


@pytest.mark.slow
def test_of_very_many_the_last_one_is_known_too() -> None:
    found = only(f"{DENIED}\n".encode() * 100_000)
    assert (1, 100_000) == (found.match.line_number, found.last_line)


def test_of_progress_that_was_written_over_the_last_is_shown() -> None:
    assert DENIED == only(f"1 MB\r20 MB\r{DENIED}\r\n".encode()).match.line


def test_a_line_in_the_midst_of_an_enormous_one_is_shown_with_what_is_around_it() -> None:
    shown = only(b"word " * 300_000 + DENIED.encode() + b" word" * 300_000).match.line
    assert DENIED in shown
    assert 400 >= len(shown)


def test_a_message_that_a_terminal_wrapped_begins_where_its_first_line_does() -> None:
    line = f'failed to pull {"x" * 70} Head "https://ghcr.io/v2/team/app/manifests/1": denied: denied'
    found = only("\n".join(["before", line[:80], line[80:160], line[160:]]).encode())
    assert 2 == found.message


def test_what_lies_around_is_taken_from_its_line() -> None:
    found = only(b'Head "https://ghcr.io/v2/team/app/manifests/1": denied: denied')
    assert {"host": "ghcr.io", "repository": "team/app"} == {
        capture.label: value for capture, value in found.match.captured.items()
    }


@pytest.mark.parametrize("before", [0, 1, 30, PIECE - 60, PIECE - 20, PIECE, PIECE * 2 - 9000, PIECE * 2 - 10])
def test_no_seam_hides_a_failure(before: int) -> None:
    filler = b"a line of words\n" * (before // 16) + b"x" * (before % 16) + b"\n"
    found = only(filler + DENIED.encode() + b"\n" + filler)
    assert filler.count(b"\n") + 1 == found.match.line_number


@pytest.mark.parametrize("ending", [b"\n", b"\r\n", b"\r", b" "])
def test_pieces_hold_all_of_a_log_and_count_its_lines(ending: bytes) -> None:
    log = b"".join(b"line %d%b" % (number, ending) for number in range(100_000))
    pieces = list(pieces_of(BytesIO(log)))
    assert log.endswith(pieces[-1].text)
    assert all(len(piece.text) <= 2 * PIECE for piece in pieces)
    for piece in pieces:
        start = log.index(piece.text[:40])
        assert log.count(b"\n", 0, start) + 1 == piece.first_line or ending in b"\r "


@pytest.mark.parametrize("size", [1, 7, 4096])
def test_a_stream_that_comes_in_small_pieces_is_read_whole(size: int) -> None:
    class Slow(BytesIO):
        def read(self, _: int | None = -1, /) -> bytes:
            return super().read(size)

    assert 1 == len(look(Slow(HEALTHY * 9 + DENIED.encode()), known_failures()).sightings)


HOSTILE: dict[str, Callable[[int], bytes]] = {
    "healthy": lambda size: HEALTHY * (size // len(HEALTHY)),
    "errors": lambda size: f"{DENIED}\n".encode() * (size // 43),
    "one line": lambda size: b"added 312 packages in 6s " * (size // 25),
    "one word": lambda size: b"x" * size,
    "nul": bytes,
    "line ends": lambda size: b"\n" * size,
    "returns": lambda size: b"12%\r" * (size // 4),
    "escapes": lambda size: b"\x1b[" * (size // 2),
    "open links": lambda size: b"\x1b]8;;x" * (size // 6),
    "backslashes": lambda size: b"\\" * size,
    "quotes": lambda size: b"\"'`" * (size // 3),
    "every byte": lambda size: bytes(range(256)) * (size // 256),
    "half of UTF-16": lambda size: b"\xff\xfe" + b"\xd8\x00" * (size // 2),
    "beginnings": lambda size: b"open /a/.docker/config.json: permission " * (size // 40),
    "groups": lambda size: b"##[group]Run x\ndenied: denied\n" * (size // 31),
}


@pytest.mark.slow
@pytest.mark.parametrize("kind", HOSTILE)
def test_no_log_takes_long(kind: str) -> None:
    begun = time.thread_time()
    diagnosis_of(BytesIO(HOSTILE[kind](MEGABYTES * 1_000_000)), known_failures())
    assert SECONDS > time.thread_time() - begun
