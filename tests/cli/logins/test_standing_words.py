"""How long something is good for is said as it was given."""

import pytest

from wharf.cli.logins.standing_words import span_in_words

MINUTE, HOUR, DAY = 60, 3_600, 86_400


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (90 * DAY - 5, "90 days"),
        (90 * DAY - HOUR, "89 days"),
        (DAY - 1, "1 day"),
        (12 * HOUR - 2, "12 hours"),
        (12 * HOUR - 2 * MINUTE, "11 hours"),
        (HOUR + 50 * MINUTE, "1 hour"),
        (15 * MINUTE, "15 minutes"),
        (50, "less than a minute"),
    ],
)
def test_what_was_given_a_moment_ago_is_good_for_what_was_given(seconds: float, words: str) -> None:
    assert words == span_in_words(seconds)
