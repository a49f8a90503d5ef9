"""Rules as people write them, as they are kept, and as they are told."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wharf.access.limits import Pattern
from wharf.access.login import Login
from wharf.errors import MalformedField, MalformedPattern
from wharf.metadata.records import RuleKind
from wharf.oci.reference import RepositoryName, Tag
from wharf.registry.services.rules.terms import (
    Immutable,
    Retention,
    in_words,
    is_given_by_people,
    read,
    repository_patterns,
    tag_patterns,
    written,
)

APP = RepositoryName("crew/app")
CREW = Login("crew")
SUBJECT = "0" * 64

texts = st.lists(st.from_regex(r"[a-z0-9*?][A-Za-z0-9._*?-]{0,20}", fullmatch=True), max_size=4)
patterns = texts.map(lambda some: tuple(map(Pattern, some)))
numbers = st.none() | st.integers(1, 1000)


@pytest.mark.parametrize(
    ("tag", "held"), [("v1", True), ("v1.2-rc", True), ("latest", False), ("v9-test", False), ("V1", False)]
)
def test_a_rule_holds_tags_of_its_form(tag: str, held: bool) -> None:
    rule = Immutable(tags=(Pattern("v*"),), except_tags=(Pattern("*-test"),))
    assert held == rule.holds(APP, Tag(tag))


def test_a_rule_without_patterns_is_about_everything() -> None:
    assert Immutable().holds(APP, Tag("anything"))


def test_a_rule_is_about_its_repositories_alone() -> None:
    rule = Immutable(repositories=(Pattern("crew/a*"),))
    assert rule.holds(APP, Tag("1"))
    assert not rule.holds(RepositoryName("crew/lib"), Tag("1"))


@pytest.mark.parametrize("tag", [f"sha256-{SUBJECT}", f"sha256-{SUBJECT}.sig", f"sha512-{SUBJECT}"])
def test_tags_that_clients_move_as_they_need_are_free(tag: str) -> None:
    assert not is_given_by_people(Tag(tag))
    assert not Immutable().holds(APP, Tag(tag))


def test_a_rule_that_keeps_nothing_is_refused() -> None:
    with pytest.raises(MalformedField, match="everything would go"):
        Retention(tags=(Pattern("v*"),))


@pytest.mark.parametrize("number", [0, -1, 10**12])
def test_numbers_that_mean_nothing_are_refused(number: int) -> None:
    with pytest.raises(MalformedField):
        Retention(keep_newest=number)


@pytest.mark.parametrize("text", ["app", "crews/app", "cre?/app", "other/*"])
def test_a_pattern_that_matches_nothing_of_the_owner_is_refused(text: str) -> None:
    with pytest.raises(MalformedPattern, match="it matches no repository of crew"):
        repository_patterns([text], CREW)


@pytest.mark.parametrize("text", ["crew/app", "crew/*", "*", "*/app"])
def test_a_pattern_for_the_owner_s_repositories_is_taken(text: str) -> None:
    assert (Pattern(text),) == repository_patterns([text], CREW)


def test_the_registry_as_a_whole_has_all_repositories() -> None:
    assert (Pattern("app"), Pattern("crew/app")) == repository_patterns(["app", "crew/app", "app"], None)


@given(st.text(max_size=140))
def test_every_text_is_a_pattern_of_tags_or_refused(text: str) -> None:
    try:
        found = tag_patterns([text])
    except MalformedPattern:
        assert re.fullmatch(r"[A-Za-z0-9._*?-]{1,128}", text) is None
    else:
        assert (Pattern(text),) == found


def test_a_rule_has_only_so_many_patterns() -> None:
    with pytest.raises(MalformedPattern):
        tag_patterns(map(str, range(51)))


@given(patterns, patterns, patterns)
def test_an_immutable_rule_is_read_as_it_was_written(
    repositories: tuple[Pattern, ...], tags: tuple[Pattern, ...], others: tuple[Pattern, ...]
) -> None:
    rule = Immutable(repositories, tags, others)
    assert rule == read(RuleKind.IMMUTABLE, written(rule))


@given(patterns, patterns, numbers, numbers, st.integers(1, 1000))
def test_a_retention_rule_is_read_as_it_was_written(
    repositories: tuple[Pattern, ...], tags: tuple[Pattern, ...], newest: int | None, age: int | None, pulled: int
) -> None:
    rule = Retention(repositories, tags, tags, newest, age, pulled)
    assert rule == read(RuleKind.RETENTION, written(rule))


def test_rules_are_told_in_a_sentence() -> None:
    held = Immutable((Pattern("crew/app"),), (Pattern("v*"), Pattern("r*")), (Pattern("*-rc"),))
    assert "tags like v*, r*, but not *-rc, stay where they are, in crew/app" == str(held)
    rule = Retention((), (Pattern("v*"),), (Pattern("lts"),), 10, 30 * 86_400, 3600)
    words = "keep the newest 10, what is younger than 30 days, what was pulled within 1 hour, what has a tag like lts"
    assert f"{words} of those with a tag like v*" == str(rule)


@pytest.mark.parametrize(("seconds", "words"), [(1, "1 second"), (90, "90 seconds"), (7200, "2 hours")])
def test_a_time_is_told_in_its_largest_unit(seconds: int, words: str) -> None:
    assert words == in_words(seconds)
