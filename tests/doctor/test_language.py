import pytest

from wharf.doctor.language import Language, Words, language_of


@pytest.mark.parametrize("locale", ["ko_KR.UTF-8", "ko", "ko_KR", "ko-KR", "KO_kr.eucKR", "ko.UTF-8@dict", "korean"])
def test_a_korean_locale_gives_korean(locale: str) -> None:
    assert Language.KOREAN is language_of({"LANG": locale})


@pytest.mark.parametrize("locale", ["C", "POSIX", "C.UTF-8", "en_GB.UTF-8", "de_DE", "kok_IN", "", "_", "."])
def test_any_other_locale_gives_english(locale: str) -> None:
    assert Language.ENGLISH is language_of({"LANG": locale})


def test_nothing_set_gives_english() -> None:
    assert Language.ENGLISH is language_of({})


def test_the_variable_for_everything_comes_before_that_for_messages_and_that_before_the_general_one() -> None:
    assert Language.KOREAN is language_of({"LC_ALL": "ko_KR", "LC_MESSAGES": "en_US", "LANG": "en_US"})
    assert Language.KOREAN is language_of({"LC_MESSAGES": "ko_KR", "LANG": "en_US"})
    assert Language.ENGLISH is language_of({"LC_ALL": "C", "LANG": "ko_KR"})


def test_a_variable_that_is_empty_counts_as_not_set() -> None:
    assert Language.KOREAN is language_of({"LC_ALL": "", "LANG": "ko_KR.UTF-8"})


def test_words_are_said_in_the_language_that_is_asked_for() -> None:
    words = Words("yes", "예")
    assert ["yes", "예"] == [words.in_(language) for language in (Language.ENGLISH, Language.KOREAN)]
