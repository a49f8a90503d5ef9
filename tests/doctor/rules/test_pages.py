"""Every rule has a page in English and in Korean, and what the page calls bad and good is so."""

import pytest

from tests.cases import each
from tests.doctor.repositories import GRAVE, checkout_of, examined, told
from tests.doctor.rules.pages import LANGUAGES, PAGES, Page, page_of, path_of
from wharf.doctor.examine import known_rules
from wharf.doctor.rule import Rule
from wharf.formats.files import WrittenFiles

every_rule = each("rule", known_rules(), ids=lambda rule: rule.id)
every_rule_about_files = pytest.mark.parametrize(
    "rule", [rule for rule in known_rules() if not rule.asks_registry], ids=lambda rule: rule.id
)
every_language = pytest.mark.parametrize("language", LANGUAGES)


def pages_that_differ(rule: Rule) -> list[Page]:
    """Where both languages show the same files, one of them is enough."""
    english, korean = (page_of(rule.id, language) for language in LANGUAGES)
    return [english] if (english.bad, english.good) == (korean.bad, korean.good) else [english, korean]


@every_rule
def test_its_name_is_that_of_its_module(rule: Rule) -> None:
    assert rule.id.replace("-", "_") == rule.check.__module__.rsplit(".", 1)[-1]


@every_rule
def test_its_title_is_said_in_both_languages(rule: Rule) -> None:
    assert rule.title.english
    assert rule.title.korean


@every_language
@every_rule
def test_it_has_a_page_of_the_common_form(rule: Rule, language: str) -> None:
    page = page_of(rule.id, language)

    assert rule.id == page.title
    assert len(page.headings) >= 3
    assert page.bad
    assert page.good
    if language == "en":
        assert ("Why", "Bad", "Good") == page.headings[:3]
        assert f"({rule.severity.value})" in page.says


@pytest.mark.slow
@every_rule_about_files
def test_what_its_page_calls_bad_is_found_by_it_alone(rule: Rule) -> None:
    for page in pages_that_differ(rule):
        found = examined(checkout_of(WrittenFiles(page.bad))).found

        assert rule.id in {each.rule.id for each in found}, f"found: {told(found)}"
        assert [] == [each.rule.id for each in found if each.rule.id != rule.id and each.severity in GRAVE], told(found)


@pytest.mark.slow
@every_rule_about_files
def test_what_its_page_calls_good_is_left_in_peace(rule: Rule) -> None:
    for page in pages_that_differ(rule):
        grave = examined(checkout_of(WrittenFiles(page.good))).of(*GRAVE)

        assert () == grave, told(grave)


@every_language
def test_no_page_is_about_a_rule_that_is_not_there(language: str) -> None:
    there = {path.stem for path in path_of("x", language).parent.glob("*.md")} if PAGES.exists() else set()

    assert [] == sorted(there - {rule.id for rule in known_rules()} - {"README"})
