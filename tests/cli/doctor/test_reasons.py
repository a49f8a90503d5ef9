import pytest

from wharf.cli.doctor.reasons import reason_in_words
from wharf.doctor.language import Words
from wharf.formats.hole import Reason, Unknown


@pytest.mark.parametrize("kind", Unknown)
def test_every_reason_is_told_in_words(kind: Unknown) -> None:
    words = reason_in_words(Reason(kind, "{this}"))

    assert "{this}" in words.english
    assert "{this}" in words.korean


def test_an_input_is_given_by_somebody() -> None:
    told = Words("whoever starts the run gives the input tag", "입력 tag은(는) 실행하는 사람이 줍니다")

    assert told == reason_in_words(Reason(Unknown.INPUT, "tag"))
