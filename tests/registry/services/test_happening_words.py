"""The words of the audit log, and what a webhook may ask for."""

import re

import pytest

from tests.house.sources import ROOT
from wharf.errors import MalformedChoice
from wharf.registry.services.happening_words import FAMILIES, HAPPENINGS, is_wanted, parse_events

FILES = {"gc.lock"}
_WORD = re.compile(r'"((?:' + "|".join(FAMILIES) + r')\.[a-z]+)"')


def test_each_word_that_is_noted_is_one_of_the_table() -> None:
    sources = (ROOT / "src" / "wharf" / "registry").rglob("*.py")
    noted = {word for source in sources for word in _WORD.findall(source.read_text())}
    assert set() == noted - HAPPENINGS.keys() - FILES


@pytest.mark.parametrize("page", ["docs/audit.md", "docs/ko/audit.md"])
def test_each_word_of_the_table_stands_on_the_page_about_the_audit_log(page: str) -> None:
    text = (ROOT / page).read_text()
    assert [] == [word for word in HAPPENINGS if f"`{word}`" not in text]


def test_a_webhook_that_asks_for_nothing_hears_of_all() -> None:
    assert ("*",) == parse_events([])


def test_what_is_asked_for_twice_is_asked_for_once() -> None:
    assert ("package", "tag.move") == parse_events(["package", "tag.move", "package"])


@pytest.mark.parametrize(
    "word", ["", "push", "package.", "package.pushed", "PACKAGE", "*.push", "package.push tag.move"]
)
def test_a_word_that_is_none_is_refused(word: str) -> None:
    with pytest.raises(MalformedChoice):
        parse_events([word])


@pytest.mark.parametrize(
    ("events", "happening", "expected"),
    [
        (("*",), "quota.set", True),
        (("package",), "package.push", True),
        (("package.push",), "package.push", True),
        (("package",), "package-of-something.push", False),
        (("tag.move",), "tag.delete", False),
    ],
)
def test_a_happening_is_wanted_by_word_or_family(events: tuple[str, ...], happening: str, *, expected: bool) -> None:
    assert expected == is_wanted(events, happening)
