"""What registries say beside their answers."""

import pytest

from wharf.client.message import Headers
from wharf.client.notices import Notices, RateLimit, rate_limit_of, warnings_of


def warned(*values: str) -> tuple[str, ...]:
    return warnings_of(Headers(("Warning", value) for value in values))


def limited(limit: str, remaining: str) -> RateLimit | None:
    return rate_limit_of(Headers([("RateLimit-Limit", limit), ("RateLimit-Remaining", remaining)]))


def test_a_warning_is_read() -> None:
    assert ("moves on 1 March",) == warned('299 - "moves on 1 March"')


def test_warnings_stand_in_one_header_or_several() -> None:
    assert ('say "a"', "b", "c") == warned(r'299 - "say \"a\"", 299 host:1 "b"', '299 - "c"')


@pytest.mark.parametrize("value", ["", "299", '199 - "old"', "299 - bare", '299 - "open', "\x00"])
def test_what_is_no_warning_says_nothing(value: str) -> None:
    assert () == warned(value)


def test_a_warning_is_safe_to_print() -> None:
    assert (r"\x1b[31mred",) == warned('299 - "\x1b[31mred"')


@pytest.mark.parametrize(
    ("limit", "remaining", "expected"),
    [
        ("100;w=21600", "99;w=21600", RateLimit(100, 99, 21600)),
        ("100", "99", RateLimit(100, 99)),
        ("100, 100;w=60", "5", RateLimit(100, 5)),
        ("lots", "5", None),
        ("100;w=21600", "", None),
        ("9" * 50, "5", None),
    ],
)
def test_a_rate_limit_is_read(limit: str, remaining: str, expected: RateLimit | None) -> None:
    assert expected == limited(limit, remaining)


@pytest.mark.parametrize(
    ("window", "words"),
    [(21600, "99 of 100 pulls left within 6 hours"), (3600, "99 of 100 pulls left within 1 hour"),
     (90, "99 of 100 pulls left within 90 seconds"), (0, "99 of 100 pulls left")],
)  # fmt: skip
def test_a_rate_limit_is_told_in_words(window: int, words: str) -> None:
    assert words == str(RateLimit(100, 99, window))


def test_each_notice_is_told_once() -> None:
    told: list[str] = []
    notices = Notices("docker.io", told.append)
    for left in ("99", "98"):
        notices.read(
            Headers([("warning", '299 - "old"'), ("ratelimit-limit", "100;w=60"), ("ratelimit-remaining", left)])
        )
    assert ["docker.io warns: old", "docker.io: 99 of 100 pulls left within 1 minute"] == told
    assert RateLimit(100, 98, 60) == notices.rate_limit


def test_a_flood_of_warnings_is_stemmed() -> None:
    told: list[str] = []
    notices = Notices("r", told.append)
    for number in range(1000):
        notices.read(Headers([("warning", f'299 - "{number}"')]))
    assert 20 == len(told)
