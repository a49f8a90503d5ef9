"""The page of the API is made from the rows that answer it."""

from tests.house.api_page import PAGE, page


def test_the_page_of_the_api_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run: make api-page"
