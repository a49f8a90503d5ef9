import pytest

from tests.doctor.rules.index import index
from tests.doctor.rules.pages import path_of
from wharf.doctor.language import Language


@pytest.mark.parametrize("language", Language)
def test_the_list_of_rules_is_up_to_date(language: Language) -> None:
    assert index(language) == path_of("README", language.value).read_text(encoding="utf-8")
