from collections.abc import Mapping

import pytest

from wharf.doctor.catalogue import known_failures
from wharf.doctor.explanation import Explanation, explanation
from wharf.doctor.facts import Facts, Known, Verdict
from wharf.doctor.language import Language
from wharf.doctor.matching import matches
from wharf.doctor.probe import known_probes
from wharf.doctor.seen import Seen
from wharf.doctor.signature import System
from wharf.doctor.signature_file import parse_signature

WINCRED = "error getting credentials - err: exit status 1, out: `A specified logon session does not exist.`"
SIGNATURE_WITH_A_PATH = """\
title = { en = "It failed", ko = "실패했습니다" }
patterns = [{ text = "cannot write {path}: read-only", by = ["docker"] }]
[[causes]]
id = "mode"
probe = "config"
text = { en = "It is so.", ko = "그렇습니다." }
fix = { en = "Do it.", ko = "하십시오." }
commands = [{ run = "chmod u+w {path}" }]
"""
DENIED = 'Head "https://ghcr.io/v2/team/app/manifests/v1": denied: denied'


def told(
    text: str,
    known: Mapping[str, Known] | None = None,
    language: Language = Language.ENGLISH,
    system: System = System.LINUX,
) -> Explanation:
    facts = known_probes().facts(known or {})
    return explanation(matches(text, known_failures(), facts)[0], language, system, Seen(facts))


def test_without_facts_the_likeliest_cause_comes_first_and_is_said_to_be_possible() -> None:
    diagnostics = told(WINCRED).diagnostics()
    assert "Windows' credential store cannot be opened from this logon session" == diagnostics.cause
    assert WINCRED == diagnostics.evidence[0]
    assert diagnostics.evidence[1].startswith("a possible cause: The command runs as a Windows service")


KNOWN_OF_WINDOWS: Mapping[str, Known] = {
    "windows-vault.service": "stopped",
    "windows-vault.storing_forbidden": False,
    "session.kind": "interactive",
}


def test_a_cause_that_holds_comes_first_and_is_said_to_be_so() -> None:
    explained = told(WINCRED, KNOWN_OF_WINDOWS)
    assert ["vault-service-stopped", "no-interactive-session", "storing-forbidden"] == [
        each.id for each in explained.causes
    ]
    assert 'The Windows service "Credential Manager" (VaultSvc) does not run.' == explained.diagnostics().evidence[1]
    assert Verdict.RULED_OUT is explained.causes[-1].verdict


def test_each_cause_says_what_would_decide_it() -> None:
    cause = told(WINCRED).causes[0]
    assert ("session", "the account that runs this and the kind of its session") == (cause.probe, cause.looks_at)


def test_commands_are_those_of_the_system() -> None:
    on_linux, on_windows = told(WINCRED), told(WINCRED, system=System.WINDOWS)
    assert ("wharf login --store file --config DIR REGISTRY",) == on_linux.causes[0].commands
    assert "$env:DOCKER_CONFIG = 'DIR'" == on_windows.causes[0].commands[1]


def test_what_the_line_names_stands_in_the_commands() -> None:
    assert ("wharf logout ghcr.io",) == told(DENIED).causes[0].commands


@pytest.mark.parametrize("address", ["registry-1.docker.io", "index.docker.io", "auth.docker.io"])
def test_docker_hub_is_called_by_its_short_name(address: str) -> None:
    line = f'Get "https://{address}/v2/": denied: denied'
    assert ("wharf logout docker.io",) == told(line).causes[0].commands


def test_what_the_line_does_not_name_stays_a_word_to_be_replaced() -> None:
    assert "There is no login for REGISTRY" in told("no basic auth credentials").title


def test_in_korean_everything_is_korean() -> None:
    diagnostics = told(WINCRED, language=Language.KOREAN).diagnostics()
    assert "이 로그온 세션에서는 Windows 자격 증명 저장소를 열 수 없습니다" == diagnostics.cause
    assert diagnostics.evidence[1].startswith("가능한 원인: 명령이 Windows 서비스")
    assert "비밀번호 대신 토큰을 사용하십시오" in diagnostics.next_step


def test_what_came_from_a_log_cannot_become_a_command_of_its_own() -> None:
    signature = parse_signature("one", SIGNATURE_WITH_A_PATH, known_probes())
    match = matches("cannot write /tmp/a&reboot: read-only", [signature])[0]
    commands = {system: explanation(match, Language.ENGLISH, system).causes[0].commands for system in System}
    assert ("chmod u+w '/tmp/a&reboot'",) == commands[System.LINUX] == commands[System.WINDOWS]


@pytest.mark.slow
def test_the_next_step_is_one_line() -> None:
    steps = [
        told(pattern.template.replace("{", "").replace("}", "")).diagnostics().next_step
        for signature in known_failures()
        for pattern in signature.patterns
        if not pattern.captures and "…" not in pattern.template
    ]
    assert steps
    assert all(step and step.isprintable() for step in steps)


@pytest.mark.parametrize(
    ("signature", "known"),
    [
        (
            "pass-agent-locked",
            {
                "credential-program.name": "pass",
                "credential-program.outcome": "not-found",
                "pass-store.agent_locked": True,
            },
        ),
        ("config-shared-by-jobs", {"config.shared_by_jobs": True, "machine.ci": "gitlab"}),
        ("config-store-misspelled", {"config.misspelled_store": True}),
        (
            "containers-ignore-creds-store",
            {"containers-config.docker_has_entry": True, "containers-config.entry": False, "config.entry": "marker"},
        ),
        ("sudo-without-login", {"session.sudo": True, "config.entry": "absent", "config.other_home_has_entry": True}),
        ("service-account-without-login", {"session.account": "local-system", "config.entry": "absent"}),
    ],
)
def test_a_silent_failure_shows_by_the_state_of_the_machine(signature: str, known: Mapping[str, Known]) -> None:
    explained = told("", known)
    assert (signature, "", 0) == (explained.signature, explained.line, explained.line_number)


def test_without_facts_silent_failures_stay_silent() -> None:
    assert () == matches("", known_failures(), Facts())


def test_a_text_comes_before_the_state_that_explains_it() -> None:
    known: Mapping[str, Known] = {"config.misspelled_store": True}
    found = matches("denied: denied", known_failures(), known_probes().facts(known))
    assert ["ghcr-denied", "config-store-misspelled"] == [match.signature.id for match in found]


def test_the_sign_for_the_home_folder_stays_one_in_a_command() -> None:
    signature = parse_signature("it-failed", SIGNATURE_WITH_A_PATH, known_probes())
    match = matches("cannot write ~/my files/config.json: read-only", [signature])[0]
    command = explanation(match, Language.ENGLISH, System.LINUX).causes[0].commands[0]
    assert "chmod u+w ~/'my files/config.json'" == command
