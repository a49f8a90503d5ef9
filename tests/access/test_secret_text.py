import pytest
from hypothesis import given
from hypothesis import strategies as st

from wharf.access.secret_text import ANYWHERE, SecretKind, SecretText, recognised


@pytest.mark.parametrize("kind", SecretKind)
def test_a_new_one_is_recognised(kind: SecretKind) -> None:
    secret = SecretText.new(kind)
    assert secret == recognised(secret.text)
    assert secret.text.startswith(f"wharf_{kind.value}_")


def test_no_two_are_alike() -> None:
    assert 100 == len({SecretText.new(SecretKind.PERSONAL).text for _ in range(100)})


@given(place=st.integers(10, 51), letter=st.sampled_from("aZ09"))
def test_a_slip_of_the_pen_is_seen(place: int, letter: str) -> None:
    text = SecretText.new(SecretKind.PERSONAL).text
    slipped = text[:place] + letter + text[place + 1 :]
    assert (slipped == text) == (recognised(slipped) is not None)


@given(st.text(max_size=60))
def test_other_texts_are_none(text: str) -> None:
    assert None is recognised(text)


def test_it_is_found_in_what_leaked() -> None:
    text = SecretText.new(SecretKind.CI).text
    found = ANYWHERE.search(f"export TOKEN={text}\n")
    assert found is not None
    assert text == found[0]


def test_it_is_not_shown() -> None:
    secret = SecretText.new(SecretKind.PERSONAL)
    assert secret.text not in repr(secret)
    assert len(secret.hint) < 20
    assert secret.hint[:-1] in secret.text
