import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.oci.hostile import steady
from wharf.doctor.squeezed import Places, small, squeezed, squeezed_log, without_colours

_noise = st.text(st.sampled_from("aÄ7 \t\n\r\"'`\\‘”│\x1b[0m]8;;\x07∅ï\u00a0"), max_size=60)


@pytest.mark.parametrize(
    "text",
    [
        "denied:denied",
        "denied: denied",
        '"denied:\t`denied`"',
        "\x1b[31mdenied\x1b[0m: denied\r\n",
        "│ denied:\n│  denied",
    ],
)
def test_what_carries_no_meaning_is_gone(text: str) -> None:
    assert "denied:denied" == squeezed(text)


def test_letters_stay_as_they_are_in_a_text_and_become_small_in_a_log() -> None:
    assert ("GetÏ", "getÏ") == (squeezed("Get Ï"), squeezed_log("Get Ï".encode()).decode())


@pytest.mark.parametrize("nothing", ["``", "''", '""', '\\"\\"', "\\'\\'"])
def test_quotes_with_nothing_between_them_are_seen(nothing: str) -> None:
    assert "out:∅" == squeezed(f"out: {nothing}\n")


def test_what_a_terminal_hides_is_gone() -> None:
    link = "\x1b]8;;https://registry.example\x07denied\x1b]8;;\x07"
    assert "denied" == squeezed(link) == without_colours(link)


@given(_noise | st.text())
@steady
def test_a_text_and_a_log_are_squeezed_alike(text: str) -> None:
    tidy = text.encode("utf-8", "replace").decode()
    assert small(squeezed(tidy)) == squeezed_log(tidy.encode()).decode() == small(Places(tidy).tight)


@given(_noise)
@steady
def test_each_line_of_a_log_is_squeezed_as_within_it(text: str) -> None:
    assert squeezed_log(text.encode()) == b"".join(squeezed_log(line.encode()) for line in text.split("\n"))


@given(_noise)
@steady
def test_between_two_characters_that_stayed_stands_what_stood_there(text: str) -> None:
    places = Places(text)
    for end in range(1, len(places.tight) + 1):
        assert places.tight[:end] == squeezed(places.of(0, end)) or "∅" in places.tight
