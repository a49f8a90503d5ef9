"""Errors are one tree, drawn where it is defined, and each of them stands on the page that explains them."""

from collections import Counter

from tests.house.errors_page import EXAMPLES, PAGE, drawing, family, page
from wharf.errors import WharfError


def written(kind: type[WharfError], depth: int = 0) -> list[tuple[int, str]]:
    below = [entry for child in kind.__subclasses__() for entry in written(child, depth + 1)]
    return [(depth, kind.__name__), *below]


def test_the_drawn_tree_is_the_tree_of_classes() -> None:
    assert [(depth, name) for depth, name, _ in drawing()] == written(WharfError)


def test_every_code_belongs_to_one_error() -> None:
    counted = Counter(kind.code for kind in family(WharfError))
    assert [] == [code for code, times in counted.items() if times > 1]


def test_every_error_has_an_example_on_the_page() -> None:
    leaves = {kind for kind in family(WharfError) if not kind.__subclasses__()}
    assert set() == leaves - {type(example) for example in EXAMPLES}


def test_every_error_with_words_of_its_own_says_what_to_do_next() -> None:
    speaking = [example for example in EXAMPLES if "__init__" in vars(type(example))]
    assert [] == [example.code for example in speaking if not example.diagnostics().next_step]


def test_the_page_of_errors_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run: make errors-page"
