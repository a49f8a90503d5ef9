import re
from collections.abc import Mapping
from importlib.resources import files

import pytest

from wharf.doctor.catalogue import known_failures
from wharf.doctor.facts import Known, Verdict
from wharf.doctor.probe import Kind, Probe, known_probes, parse_probes
from wharf.doctor.probing import look_of
from wharf.errors import SettingRefused

PROBES = known_probes().all()
MODULES = {
    file.name.removesuffix(".py"): file.read_text(encoding="utf-8")
    for file in files("wharf.doctor").joinpath("probes").iterdir()
    if file.name.endswith(".py") and file.name != "__init__.py"
}

SMALL = """\
about = "machine"
looks_at = { en = "the session", ko = "세션" }
facts.kind = ["service", "ssh"]
facts.sudo = "yes or no"
facts.jobs = "number"
"""


def test_every_probe_says_what_it_looks_at_in_both_languages() -> None:
    assert all(probe.looks_at.english and probe.looks_at.korean for probe in known_probes().all())


# No cause depends on these. `wharf doctor --machine --json` tells them, and a person reads them there.
TELLS_A_PERSON = {
    "config.present": "an absent file is no failure, and whoever looks for a login wants to know it",
    "config.folder_missing": "the same, of its folder",
    "config.writable": "a file that is replaced needs a folder to write into; its own rights matter to editors",
    "credential-program.supports_store": "whether a login can be kept at all",
    "daemon-config.present": "whether there are settings to look at",
    "disk.reclaimable": "whether there is something to remove, before anything is full",
    "engine.kind": "whether docker or podman answers: many options differ",
    "engine.containerd_store": "which image store it uses; what builders can do with it is a fact of theirs",
    "engine.image_fits": "the image that is here already, beside this machine's processor",
    "kubernetes.secret_of_account": "where a pull secret comes from",
    "machine.docker_socket_mounted": "that a container talks to the engine outside",
    "machine.shell": "which form commands take here",
    "proxy.daemon_has_one": "that engine and shell take different ways",
    "tls.plain_http_elsewhere": "that the registry speaks plain HTTP on another port",
    "variables.docker_config": "that another config.json is read than the usual one",
}


def names(probe: Probe) -> str:
    return probe.id


def test_each_declared_probe_has_a_module_and_each_module_is_declared() -> None:
    assert {probe.id.replace("-", "_") for probe in PROBES} == set(MODULES)


@pytest.mark.parametrize("probe", PROBES, ids=names)
def test_each_probe_looks_and_its_module_finds_each_of_its_facts(probe: Probe) -> None:
    assert callable(look_of(probe.id))
    written = set(re.findall(r'"([a-z_]+)"', MODULES[probe.id.replace("-", "_")]))
    assert set() == {fact.partition(".")[2] for fact in probe.facts} - written


def test_what_can_be_asked_for_is_asked_for_by_some_cause_or_state() -> None:
    """A number or a text without words of its own is what shows a fact, and no condition can name its values."""
    asked = {fact for each in known_failures() for cause in each.causes for fact in cause.when.asks_for()}
    asked |= {fact for each in known_failures() if each.state for fact in each.state.asks_for()}
    open_ones = {
        name
        for probe in PROBES
        for name, fact in probe.facts.items()
        if name not in asked and (fact.kind is Kind.YES_OR_NO or fact.words)
    }
    assert TELLS_A_PERSON.keys() == open_ones


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
