from tests.doctor.failure_pages import FOLDER, written


def test_every_known_failure_has_a_page_in_each_language_as_the_catalogue_says_it() -> None:
    stale = [path.name for path, text in written().items() if not path.is_file() or path.read_text("utf-8") != text]
    assert [] == stale, "make failures-page"


def test_there_is_no_page_of_what_is_not_known() -> None:
    assert set() == {*FOLDER.rglob("*.md")} - written().keys()
