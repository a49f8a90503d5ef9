import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.doctor.way.texts import text
from wharf.doctor.way.image_name import image_name
from wharf.doctor.way.likeness import Likeness, likeness, likeness_of_names
from wharf.formats.hole import Unknown
from wharf.formats.text import HOLE, Text


@pytest.mark.parametrize(
    ("one", "other", "like"),
    [
        ("app:1", "app:1", Likeness.YES),
        ("app:1", "app:2", Likeness.NO),
        ("<USER>/app:1", "<USER>/app:1", Likeness.YES),
        ("<USER>/app:1", "<OWNER>/app:1", Likeness.PERHAPS),
        ("<USER>/app:1", "acme/app:1", Likeness.PERHAPS),
        ("<USER>/app:1", "acme/app:2", Likeness.NO),
        ("app:v<N>.<M>", "app:v1.2", Likeness.PERHAPS),
        ("app:v<N>.<M>", "app:v12", Likeness.NO),
        ("app:<N>", "web:<N>", Likeness.NO),
        ("app:<N>-x", "app:<M>-y", Likeness.NO),
    ],
)
def test_texts_with_holes_are_compared(one: str, other: str, like: Likeness) -> None:
    assert like == likeness(text(one), text(other))
    assert like == likeness(text(other), text(one))


def test_what_a_machine_says_may_be_something_else_each_time() -> None:
    printed = text("app:<date>", Unknown.COMMAND)

    assert Likeness.PERHAPS is likeness(printed, printed)


def test_a_digest_that_the_build_gives_is_that_of_what_it_pushes() -> None:
    pushed, asked = image_name(text("ghcr.io/acme/app:1")), image_name(text("ghcr.io/acme/app@<digest>"))

    assert Likeness.YES is likeness_of_names(pushed, asked)


def test_a_digest_that_stands_in_a_file_may_be_any() -> None:
    pushed, asked = image_name(text("ghcr.io/acme/app:1")), image_name(text("ghcr.io/acme/app@sha256:ab"))

    assert Likeness.PERHAPS is likeness_of_names(pushed, asked)


@given(st.lists(st.sampled_from(["a", "b", HOLE]), max_size=8), st.text("ab", max_size=8))
@settings(max_examples=100)
def test_what_a_pattern_can_become_is_never_called_different(parts: list[str], put_in: str) -> None:
    pattern = Text.joined(Text.unknown(Unknown.SECRET, "x") if part == HOLE else Text.known(part) for part in parts)
    filled = "".join(put_in if part == HOLE else part for part in parts)

    assert likeness(pattern, Text.known(filled)) is not Likeness.NO
