import pytest
from hypothesis import given
from hypothesis import strategies as st

from wharf.access.login import Login
from wharf.errors import MalformedLogin


@pytest.mark.parametrize("text", ["mara", "crew-1", "a.b", "a__b", "crew+ci", "Mara", " mara "])
def test_logins(text: str) -> None:
    assert text.strip().lower() == str(Login.parse(text))


@pytest.mark.parametrize("text", ["", "-a", "a-", "a..b", "a/b", "a+", "+a", "a+b+c", "a b", "ä", "a\n", "a" * 256])
def test_what_is_none(text: str) -> None:
    with pytest.raises(MalformedLogin):
        Login(text)


def test_a_service_belongs_to_its_organisation() -> None:
    assert (Login("crew"), "ci") == (Login("crew+ci").organisation, Login("crew+ci").name_of_service)
    assert (None, "") == (Login("crew").organisation, Login("crew").name_of_service)


@pytest.mark.parametrize("text", ["token", "v2", "api", "user"])
def test_words_that_stand_first_in_our_addresses_are_nobodys(text: str) -> None:
    assert Login(text).is_reserved


@given(st.text(max_size=40))
def test_any_text_is_a_login_or_refused(text: str) -> None:
    try:
        login = Login.parse(text)
    except MalformedLogin:
        return
    assert login == Login.parse(str(login))
