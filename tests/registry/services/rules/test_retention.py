"""What goes and what stays; and that nothing goes of what a kept tag leads to, whatever the rules say."""

from collections.abc import Iterator, Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wharf.access.limits import Pattern
from wharf.metadata.records import HeldVersion, Moment, RuleId
from wharf.oci.digest import Digest
from wharf.oci.reference import RepositoryName, Tag
from wharf.registry.services.fallback import fallback_tag
from wharf.registry.services.rules.retention import Decision, Situation, decide, some_of
from wharf.registry.services.rules.terms import Immutable, Retention

DAY = 86_400
NOW = Moment(20_000 * DAY * 1000)
APP = RepositoryName("crew/app")
LONG_COUNTED = 19_000


def digest(name: str) -> Digest:
    return Digest.of(name.encode())


def ago(days: float) -> Moment:
    return Moment(NOW - int(days * DAY * 1000))


def version(
    name: str,
    days: float,
    *tags: str,
    children: tuple[str, ...] = (),
    subject: str | None = None,
    pulled: float | None = None,
) -> HeldVersion:
    return HeldVersion(
        digest(name),
        ago(days),
        subject=digest(subject) if subject else None,
        pulled_at=None if pulled is None else ago(pulled),
        tags=tuple(map(Tag, tags)),
        children=tuple(map(digest, children)),
    )


def decided(
    versions: list[HeldVersion],
    *rules: Retention,
    immutable: Immutable | None = None,
    first_day: int | None = LONG_COUNTED,
) -> list[Decision]:
    retention = {RuleId(number): rule for number, rule in enumerate(rules, 1)}
    held = {} if immutable is None else {RuleId(9): immutable}
    return decide(versions, Situation(APP, retention, held, NOW, first_day))


def kept(decisions: list[Decision]) -> set[Digest]:
    return {decision.version.digest for decision in decisions if decision.stays}


def why(decisions: list[Decision], name: str) -> str:
    return next(decision.why for decision in decisions if decision.version.digest == digest(name))


def test_where_there_is_no_rule_all_stays() -> None:
    assert {digest("old")} == kept(decided([version("old", 1000)]))


def test_a_rule_for_another_repository_is_none() -> None:
    elsewhere = Retention(repositories=(Pattern("crew/other"),), keep_newest=1)
    assert {digest("a"), digest("b")} == kept(decided([version("a", 50), version("b", 60)], elsewhere))


def test_the_newest_stay() -> None:
    versions = [version("a", 3, "1"), version("b", 2, "2"), version("c", 1, "3")]
    assert {digest("b"), digest("c")} == kept(decided(versions, Retention(keep_newest=2)))


def test_the_newest_are_counted_among_those_that_the_rule_judges() -> None:
    versions = [version("a", 3, "v1"), version("b", 2, "v2"), version("c", 1, "nightly")]
    assert {digest("b")} == kept(decided(versions, Retention(tags=(Pattern("v*"),), keep_newest=1)))


def test_each_rule_keeps_what_it_keeps() -> None:
    versions = [version("a", 3, "v1"), version("b", 2, "v2"), version("c", 1, "nightly")]
    rules = (Retention(tags=(Pattern("v*"),), keep_newest=1), Retention(tags=(Pattern("n*"),), keep_newest=1))
    assert {digest("b"), digest("c")} == kept(decided(versions, *rules))


def test_what_is_younger_than_a_rule_says_stays() -> None:
    decisions = decided([version("a", 31), version("b", 29)], Retention(keep_younger_than=30 * DAY))
    assert {digest("b")} == kept(decisions)
    assert "it was pushed 29 days ago, and rule 1 keeps for 30 days" == why(decisions, "b")


def test_what_was_pulled_stays_and_what_was_not_goes() -> None:
    decisions = decided([version("a", 90, pulled=31), version("b", 90, pulled=29), version("c", 90)], by_pulls())
    assert {digest("b")} == kept(decisions)
    assert "no rule keeps it: pushed 90 days ago, last pulled 31 days ago" == why(decisions, "a")
    assert "no rule keeps it: pushed 90 days ago, never pulled" == why(decisions, "c")


def by_pulls() -> Retention:
    return Retention(keep_pulled_within=30 * DAY)


@pytest.mark.parametrize("first_day", [None, 20_000 - 29])
def test_nobody_knows_that_there_was_no_pull_before_pulls_were_counted(first_day: int | None) -> None:
    assert {digest("a")} == kept(decided([version("a", 90)], by_pulls(), first_day=first_day))


def test_a_version_that_was_pushed_after_pulls_were_counted_is_known_well_enough() -> None:
    versions = [version("a", 5)]
    rule = Retention(keep_pulled_within=30 * DAY)
    assert set() == kept(decided(versions, rule, first_day=20_000 - 10))


def test_a_pull_of_a_part_is_one_of_the_whole() -> None:
    versions = [version("index", 90, "1", children=("amd64",)), version("amd64", 90, pulled=2)]
    assert {digest("index"), digest("amd64")} == kept(decided(versions, by_pulls()))


def test_tags_of_a_form_stay() -> None:
    versions = [version("a", 90, "v1"), version("b", 90, "x")]
    assert {digest("a")} == kept(decided(versions, Retention(keep_tags=(Pattern("v*"),))))


def test_what_an_index_lists_stays_with_it() -> None:
    versions = [version("index", 90, "v1", children=("amd64", "gone")), version("amd64", 90), version("other", 90)]
    decisions = decided(versions, Retention(keep_tags=(Pattern("v1"),)))
    assert {digest("index"), digest("amd64")} == kept(decisions)
    assert f"it is a part of sha256:{digest('index').hex[:12]}, which stays" == why(decisions, "amd64")


def test_parts_are_not_counted_among_the_newest() -> None:
    old = version("old", 9, "1")
    new = version("new", 8, "2", children=("amd64", "arm64"))
    parts = [version("amd64", 8), version("arm64", 8)]
    everything = [old, new, *parts]
    assert {each.digest for each in everything} == kept(decided(everything, Retention(keep_newest=2)))


def test_what_speaks_about_an_image_stays_with_it() -> None:
    versions = [version("image", 90, "v1"), version("signature", 90, subject="image"), version("other", 90)]
    assert {digest("image"), digest("signature")} == kept(decided(versions, Retention(keep_tags=(Pattern("v1"),))))


def test_what_speaks_about_an_image_goes_with_it() -> None:
    versions = [version("image", 90, "v1"), version("signature", 80, subject="image")]
    decisions = decided(versions, Retention(keep_tags=(Pattern("v2"),)))
    assert set() == kept(decisions)
    assert [digest("signature"), digest("image")] == [each.version.digest for each in decisions]
    assert f"it speaks about sha256:{digest('image').hex[:12]}, which goes" == why(decisions, "signature")


@pytest.mark.parametrize("ending", ["", ".sig"])
def test_lists_and_signatures_under_tags_of_clients_stay_with_their_subject(ending: str) -> None:
    tag = f"{fallback_tag(digest('image'))}{ending}"
    versions = [version("image", 90, "v1"), version("said", 90, tag)]
    assert {digest("image"), digest("said")} == kept(decided(versions, Retention(keep_tags=(Pattern("v1"),))))


def test_what_was_pushed_within_the_hour_stays() -> None:
    decisions = decided([version("a", 0.5 / 24, "x"), version("b", 2 / 24, "y")], Retention(keep_tags=(Pattern("z"),)))
    assert {digest("a")} == kept(decisions)
    assert "it was pushed within the last hour" == why(decisions, "a")


def test_what_has_an_immutable_tag_stays() -> None:
    versions = [version("a", 90, "v1"), version("b", 90, "x")]
    nothing = Retention(keep_tags=(Pattern("none"),))
    decisions = decided(versions, nothing, immutable=Immutable(tags=(Pattern("v*"),)))
    assert {digest("a")} == kept(decisions)
    assert "its tag v1 is immutable, by rule 9" == why(decisions, "a")


NAMES = [f"n{number}" for number in range(8)]
patterns = st.lists(st.sampled_from(["v*", "v1", "v?", "*", "x"]), max_size=2).map(
    lambda texts: tuple(map(Pattern, texts))
)
numbers = st.none() | st.integers(1, 4)
lengths = st.none() | st.sampled_from([3600, DAY, 30 * DAY])


@st.composite
def rules(draw: st.DrawFn) -> Retention:
    keep_newest = draw(numbers)
    keep_tags = draw(patterns) or (() if keep_newest else (Pattern("v1"),))
    return Retention((), draw(patterns), keep_tags, keep_newest, draw(lengths), draw(lengths))


@st.composite
def repositories(draw: st.DrawFn) -> list[HeldVersion]:
    """Wholes name parts that come after them, as digests cannot run in circles."""
    tags = iter(draw(st.lists(st.sampled_from(["v1", "v2", "v3", "x", "y"]), unique=True)))
    return [
        version(
            name,
            draw(st.sampled_from([0.01, 0.5, 2, 40, 400])),
            *([tag] if draw(st.booleans()) and (tag := next(tags, "")) else []),
            children=tuple(draw(st.lists(st.sampled_from(NAMES[number + 1 :]), max_size=2))) if number < 7 else (),
            subject=draw(st.none() | st.sampled_from(NAMES[number + 1 :])) if number < 7 else None,
            pulled=draw(st.none() | st.sampled_from([0.2, 20, 300])),
        )
        for number, name in enumerate(NAMES)
    ]


def reachable(held: Mapping[Digest, HeldVersion], digest: Digest) -> Iterator[Digest]:
    yield digest
    for child in held[digest].children:
        yield from reachable(held, child)


@pytest.mark.slow
@settings(max_examples=100, deadline=None)
@given(repositories(), st.lists(rules(), max_size=3))
def test_each_version_is_decided_about_once(versions: list[HeldVersion], some: list[Retention]) -> None:
    decisions = decided(versions, *some)
    assert sorted(map(str, (each.digest for each in versions))) == sorted(
        str(each.version.digest) for each in decisions
    )


@pytest.mark.slow
@settings(max_examples=100, deadline=None)
@given(repositories(), st.lists(rules(), min_size=1, max_size=3))
def test_nothing_goes_that_something_kept_leads_to(versions: list[HeldVersion], some: list[Retention]) -> None:
    decisions = decided(versions, *some)
    held, staying = {each.digest: each for each in versions}, kept(decisions)
    assert staying == {each for digest in staying for each in reachable(held, digest)}
    assert staying >= {each.digest for each in versions if each.subject in staying}
    assert staying >= {each.digest for each in versions if each.pushed_at > ago(1 / 24)}


@pytest.mark.slow
@settings(max_examples=100, deadline=None)
@given(repositories(), st.lists(rules(), min_size=1, max_size=3))
def test_nothing_loses_a_part_or_its_subject_before_it_goes_itself(
    versions: list[HeldVersion], some: list[Retention]
) -> None:
    gone: set[Digest] = set()
    for decision in (each for each in decided(versions, *some) if not each.stays):
        assert gone.isdisjoint({*decision.version.children, decision.version.subject})
        gone.add(decision.version.digest)


@pytest.mark.slow
@settings(max_examples=100, deadline=None)
@given(repositories(), st.integers(1, 8))
def test_what_goes_in_steps_goes_in_whole_families(versions: list[HeldVersion], enough: int) -> None:
    going = [decision for decision in decided(versions, Retention(keep_tags=(Pattern("none"),))) if not decision.stays]
    left, steps = going, []
    while left:
        step = some_of(left, enough)
        steps.append({decision.version.digest for decision in step})
        left = [decision for decision in left if decision not in step]
    for decision in going:
        digest, version = decision.version.digest, decision.version
        named = {*version.children, version.subject} & {each.version.digest for each in going}
        assert all((digest in step) == (other in step) for other in named for step in steps)


@pytest.mark.slow
@settings(max_examples=100, deadline=None)
@given(repositories(), st.lists(rules(), min_size=1, max_size=3), rules())
def test_one_rule_more_never_takes_more(versions: list[HeldVersion], some: list[Retention], more: Retention) -> None:
    assert kept(decided(versions, *some)) <= kept(decided(versions, *some, more))
