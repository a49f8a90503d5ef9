from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wharf.formats.github.metadata.dates import formatted, zone

_MOMENT = datetime(2026, 11, 21, 14, 34, 5, 678_000, tzinfo=UTC)


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ("YYYYMMDD", "20261121"),
        ("YYYY-MM-DD[T]HHmmss", "2026-11-21T143405"),
        ("dddd, MMMM Do YYYY, h:mm:ss a", "Saturday, November 21st 2026, 2:34:05 pm"),
        ("gggg ww GGGG WW E e DDDD Q", "2026 47 2026 47 6 6 325 4"),
        ("x X SSS SSSS", "1795271645678 1795271645 678 6780"),
        ("LLLL", "Saturday, November 21, 2026 2:34 PM"),
        ("llll", "Sat, Nov 21, 2026 2:34 PM"),
        (r"\Y[Y]YY", "YY26"),
        ("", "2026-11-21T14:34:05Z"),
        ("kk hh H Hmm", "14 02 14 1434"),
    ],
)
def test_letters(form: str, expected: str) -> None:
    assert expected == formatted(_MOMENT, form)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Asia/Seoul", "23:34 KST +09:00"),
        ("america/new_york", "09:34 EST -05:00"),
        ("UTC", "14:34 UTC +00:00"),
        ("No/Where", "14:34  +00:00"),
    ],
)
def test_zones(name: str, expected: str) -> None:
    assert expected == formatted(_MOMENT.astimezone(zone(name)), "HH:mm z Z")


@settings(max_examples=100)
@given(st.text(alphabet="YMDdHhmsSAaLlTwWgGQEeNyzZxXok[]\\ -", max_size=20), st.datetimes(timezones=st.just(UTC)))
def test_any_form_says_something(form: str, moment: datetime) -> None:
    assert isinstance(formatted(moment.replace(year=max(2, min(moment.year, 9998))), form), str)
