import pytest

from wharf.doctor.facts import Condition, Expected, FactName, Facts, Verdict

STORE, SUDO, SCOPES = FactName("config.store"), FactName("session.sudo"), FactName("github.scopes")


def is_pass() -> Expected:
    return Expected(STORE, frozenset({"pass"}))


def is_sudo() -> Expected:
    return Expected(SUDO, frozenset({True}))


def test_what_is_not_known_leaves_it_open() -> None:
    assert Verdict.OPEN is is_pass().verdict(Facts())


def test_a_fact_as_expected_holds_and_another_rules_it_out() -> None:
    assert Verdict.HOLDS is is_pass().verdict(Facts({STORE: "pass"}))
    assert Verdict.RULED_OUT is is_pass().verdict(Facts({STORE: "wincred"}))


def test_one_of_several_words_is_enough() -> None:
    expected = Expected(SCOPES, frozenset({"write:packages"}))
    assert Verdict.HOLDS is expected.verdict(Facts({SCOPES: frozenset({"repo", "write:packages"})}))
    assert Verdict.RULED_OUT is expected.verdict(Facts({SCOPES: frozenset({"repo"})}))


def test_no_words_at_all_rule_it_out() -> None:
    assert Verdict.RULED_OUT is Expected(SCOPES, frozenset({"repo"})).verdict(Facts({SCOPES: frozenset()}))


def test_everything_that_is_asked_for_must_be_so() -> None:
    both = Condition((is_pass(), is_sudo()))
    assert Verdict.OPEN is both.verdict(Facts({STORE: "pass"}))
    assert Verdict.HOLDS is both.verdict(Facts({STORE: "pass", SUDO: True}))
    assert Verdict.RULED_OUT is both.verdict(Facts({SUDO: False}))


def test_what_must_not_be_so_rules_it_out() -> None:
    without = Condition((is_pass(),), none_of=(is_sudo(),))
    assert Verdict.RULED_OUT is without.verdict(Facts({SUDO: True}))
    assert Verdict.OPEN is without.verdict(Facts({STORE: "pass"}))
    assert Verdict.HOLDS is without.verdict(Facts({STORE: "pass", SUDO: False}))


def test_a_condition_that_asks_for_nothing_stays_open() -> None:
    assert Verdict.OPEN is Condition().verdict(Facts({STORE: "pass"}))


def test_of_two_sets_of_facts_the_later_one_is_right() -> None:
    together = Facts({STORE: "pass", SUDO: True}).and_(Facts({STORE: "wincred"}))
    assert {STORE: "wincred", SUDO: True} == dict(together.known)


@pytest.mark.parametrize("value", [True, "pass", 3])
def test_facts_that_are_known_say_so(value: bool | str | int) -> None:
    assert Verdict.HOLDS is Expected(STORE, frozenset({value})).verdict(Facts({STORE: value}))
