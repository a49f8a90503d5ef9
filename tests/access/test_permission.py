import pytest
from hypothesis import given
from hypothesis import strategies as st

from wharf.access.permission import ALL, Permission, includes, of_images, parse_permissions, written
from wharf.errors import MalformedChoice


@given(st.frozensets(st.sampled_from(Permission)))
def test_what_is_written_is_read_again(given_ones: frozenset[Permission]) -> None:
    assert given_ones == parse_permissions(written(given_ones))


def test_commas_are_read_too() -> None:
    assert {Permission.READ, Permission.DELETE} == parse_permissions("read:packages, delete:packages")


@given(st.text(min_size=1, max_size=20))
def test_any_text_is_permissions_or_refused(text: str) -> None:
    try:
        found = parse_permissions(text)
    except MalformedChoice:
        return
    assert found <= ALL


def test_a_word_that_is_none_is_refused_with_those_that_are() -> None:
    with pytest.raises(MalformedChoice) as refusal:
        parse_permissions("write:everything")
    assert "read:packages" in str(refusal.value.diagnostics())


@pytest.mark.parametrize(
    ("given_one", "wanted"),
    [(Permission.WRITE, Permission.READ), *((Permission.ADMIN, each) for each in Permission)],
)
def test_some_include_others(given_one: Permission, wanted: Permission) -> None:
    assert includes(frozenset({given_one}), wanted)


def test_to_delete_is_not_to_read() -> None:
    assert not includes(frozenset({Permission.DELETE}), Permission.READ)


@given(st.frozensets(st.sampled_from(Permission)))
def test_what_is_about_images_is_as_good_for_them_and_for_nothing_else(given_ones: frozenset[Permission]) -> None:
    about_images = ALL - {Permission.ADMIN}
    assert {each for each in about_images if includes(given_ones, each)} == of_images(given_ones)
    assert not includes(of_images(given_ones), Permission.ADMIN)
