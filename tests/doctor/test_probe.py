from collections.abc import Mapping

import pytest

from wharf.doctor.facts import Known, Verdict
from wharf.doctor.probe import known_probes, parse_probes
from wharf.errors import SettingRefused

SMALL = """\
about = "machine"
looks_at = { en = "the session", ko = "세션" }
facts.kind = ["service", "ssh"]
facts.sudo = "yes or no"
facts.jobs = "number"
"""


def test_every_probe_says_what_it_looks_at_in_both_languages() -> None:
    assert all(probe.looks_at.english and probe.looks_at.korean for probe in known_probes().all())


def test_facts_are_taken_by_their_names() -> None:
    facts = known_probes().facts({"session.sudo": True, "config.store": "pass", "rate-limit.left": 0})
    assert {"session.sudo": True, "config.store": "pass", "rate-limit.left": 0} == dict(facts.known)


@pytest.mark.parametrize(
    "known",
    [
        {"session.colour": "blue"},
        {"session.kind": "holiday"},
        {"session.kind": frozenset({"ssh", "holiday"})},
        {"session.sudo": "yes"},
        {"session.sudo": 1},
        {"session.jobs": True},
    ],
)
def test_facts_that_no_probe_finds_are_refused(known: Mapping[str, Known]) -> None:
    with pytest.raises(SettingRefused):
        parse_probes({"session": SMALL}).facts(known)


def test_a_condition_takes_one_value_or_several() -> None:
    probes = parse_probes({"session": SMALL})
    condition = probes.condition({"session.kind": ["service", "ssh"], "session.sudo": False}, {})
    assert Verdict.HOLDS is condition.verdict(probes.facts({"session.kind": "ssh", "session.sudo": False}))


@pytest.mark.parametrize("broken", ["facts.kind = 3", 'facts.kind = "colour"', "more = 1", "=", 'about = "sky"'])
def test_a_declaration_that_cannot_be_is_refused(broken: str) -> None:
    with pytest.raises(SettingRefused):
        parse_probes({"session": f'about = "machine"\nlooks_at = {{ en = "it", ko = "그것" }}\n{broken}\n'})
