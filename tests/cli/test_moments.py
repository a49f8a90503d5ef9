from datetime import UTC, datetime, timedelta

import click
import pytest

from wharf.cli.moments import SinceParameter, SpanParameter, ago, moment_of

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-21T09:00:00Z", NOW - timedelta(hours=3)),
        ("2026-11-21T09:00:00.123456789+00:00", NOW - timedelta(hours=3) + timedelta(microseconds=123456)),
        ("2026-11-21", NOW - timedelta(hours=12)),
        ("yesterday", None),
        ("", None),
    ],
)
def test_a_moment_is_read_as_builders_write_it(text: str, expected: datetime | None) -> None:
    assert expected == moment_of(text)


@pytest.mark.parametrize("text", ["1970-01-01T00:00:00Z", "1980-01-01T00:00:01Z", "0001-01-01T00:00:00Z"])
def test_a_time_that_was_left_out_is_no_moment(text: str) -> None:
    assert moment_of(text) is None


@pytest.mark.parametrize(
    ("before", "words"),
    [
        (timedelta(0), "just now"),
        (timedelta(seconds=-5), "just now"),
        (timedelta(seconds=1), "1 second ago"),
        (timedelta(minutes=59), "59 minutes ago"),
        (timedelta(hours=25), "1 day ago"),
        (timedelta(days=61), "2 months ago"),
        (timedelta(days=800), "2 years ago"),
    ],
)
def test_an_age_is_said_in_one_unit(before: timedelta, words: str) -> None:
    assert words == ago(NOW - before, NOW)


def test_a_span_counts_back_from_now() -> None:
    found = SinceParameter().convert("30d", None, None)
    assert timedelta(days=30) <= datetime.now(UTC) - found < timedelta(days=30, minutes=1)


def test_a_day_is_a_day() -> None:
    assert NOW - timedelta(hours=12) == SinceParameter().convert("2026-11-21", None, None)


@pytest.mark.parametrize("text", ["soon", "30", "d", "-3d", "9999999d", "3 fortnights"])
def test_what_is_neither_is_refused(text: str) -> None:
    with pytest.raises(click.BadParameter, match="30d"):
        SinceParameter().convert(text, None, None)


@pytest.mark.parametrize(("text", "seconds"), [("90s", 90), ("10m", 600), ("1h", 3_600), ("30d", 2_592_000)])
def test_a_span_is_so_many_seconds(text: str, seconds: int) -> None:
    assert seconds == SpanParameter().convert(text, None, None)


@pytest.mark.parametrize("text", ["soon", "30", "2026-11-21", "-1h", ""])
def test_what_is_no_span_is_refused(text: str) -> None:
    with pytest.raises(click.BadParameter, match="12h"):
        SpanParameter().convert(text, None, None)
