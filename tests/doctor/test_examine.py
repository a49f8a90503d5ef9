from collections.abc import Iterable

from tests.doctor.findings import checkout, finding, rule, words
from wharf.doctor.checkout import Checkout
from wharf.doctor.examine import examine, known_rules
from wharf.doctor.finding import Finding, Severity
from wharf.doctor.rule import Rule
from wharf.errors import MalformedFile
from wharf.formats.span import Span


def failing(problem: Exception) -> Rule:
    def check(_: Checkout) -> Iterable[Finding]:
        raise problem

    return Rule("failing", Severity.ERROR, words("it fails"), check)


def test_the_gravest_come_first_then_those_further_up() -> None:
    late, early = finding(span=Span.at("b", 1)), finding(span=Span.at("a", 9))
    rules = [rule("note", Severity.NOTE, [early]), rule("one", findings=[late, early])]

    assert [("one", "a"), ("one", "b"), ("note", "a")] == [
        (each.rule.id, each.finding.span.file) for each in examine(checkout(), rules).found
    ]


def test_what_is_found_twice_is_told_once() -> None:
    assert 1 == len(examine(checkout(), [rule(findings=[finding(), finding()])]).found)


def test_a_rule_that_breaks_takes_nothing_from_the_others() -> None:
    result = examine(checkout(), [failing(ZeroDivisionError("oh")), rule(findings=[finding()])])

    assert (1, ["failing"]) == (len(result.found), [each.rule.id for each in result.broken])


def test_a_file_that_cannot_be_read_is_a_problem_of_the_checkout() -> None:
    place = checkout()
    examine(place, [failing(problem := MalformedFile("a", 1, 1, "it is no YAML"))])

    assert (problem,) == place.problems


def test_it_is_told_how_far_it_is() -> None:
    told: list[tuple[str, int, int]] = []
    examine(checkout(), [rule("a"), rule("b")], lambda rule, at, of: told.append((rule.id, at, of)))

    assert [("a", 0, 2), ("b", 1, 2)] == told


def test_rules_are_found_by_themselves_and_have_names_of_their_own() -> None:
    names = [each.id for each in known_rules()]

    assert len(set(names)) == len(names)
