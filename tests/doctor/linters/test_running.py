"""Other people's checkers beside our own rules: programs that stand on a path of their own here."""

import json
import time
from pathlib import Path

import pytest

from tests.doctor.repositories import checkout_of
from wharf.doctor.finding import Finding, Severity
from wharf.doctor.linters.running import linter_rules
from wharf.formats.files import WrittenFiles

TWO_COMMANDS = 'FROM alpine:3.22\nCMD ["a"]\nCMD ["b"]\n'


@pytest.fixture
def programs(tmp_path: Path) -> Path:
    folder = tmp_path / "programs"
    folder.mkdir()
    return folder


def install(folder: Path, name: str, script: str) -> None:
    (folder / name).write_text(f"#!/bin/sh\n{script}\n")
    (folder / name).chmod(0o755)


def findings(programs: Path, dockerfile: str = TWO_COMMANDS, deadline: float = 60.0) -> list[Finding]:
    folder = programs.parent / "repository"
    folder.mkdir()
    checkout = checkout_of(WrittenFiles({"Dockerfile": dockerfile}))
    rules = linter_rules(folder, checkout.files.paths(), deadline, search=str(programs))
    return [finding for rule in rules for finding in rule.check(checkout)]


def said(code: str, line: int) -> str:
    found = {"code": code, "column": 1, "file": "./Dockerfile", "level": "warning", "line": line, "message": "hm"}
    return f"echo '{json.dumps([found])}'"


def test_nothing_is_asked_where_nothing_is_installed(programs: Path) -> None:
    assert [] == findings(programs)


def test_what_a_checker_says_is_told_with_its_rule_and_place(programs: Path) -> None:
    install(programs, "hadolint", said("DL3018", 2))
    (finding,) = findings(programs)
    assert "DL3018: hm" == finding.message.english
    assert ("Dockerfile", 2) == (finding.span.file, finding.span.line)


def test_what_a_rule_of_ours_says_of_the_same_line_is_said_once(programs: Path) -> None:
    install(programs, "hadolint", said("DL4003", 3))
    assert [] == findings(programs)


def test_what_it_says_of_another_line_is_told(programs: Path) -> None:
    install(programs, "hadolint", said("DL4003", 1))
    assert 1 == len(findings(programs))


@pytest.mark.parametrize("script", ["echo nonsense", "echo '{}'", "echo '[1]'"])
def test_what_is_not_understood_is_a_note(programs: Path, script: str) -> None:
    install(programs, "hadolint", script)
    assert [Severity.NOTE] == [finding.severity for finding in findings(programs)]


def test_one_that_cannot_be_run_is_a_note_and_nothing_stays_open(programs: Path) -> None:
    install(programs, "hadolint", "")
    (programs / "hadolint").write_bytes(b"\x7fELF of another machine")
    (finding,) = findings(programs)
    assert "could not be run" in finding.message.english


def test_nobody_waits_for_ever(programs: Path) -> None:
    install(programs, "hadolint", "exec sleep 30")
    (finding,) = findings(programs, deadline=0.2)
    assert "longer" in finding.message.english


def test_a_program_of_the_repository_itself_is_never_run(programs: Path) -> None:
    repository = programs.parent / "repository"
    repository.mkdir()
    install(repository, "hadolint", "touch ran")
    assert () == linter_rules(repository, [], search=str(repository))


def test_it_is_asked_once_for_the_same_files(programs: Path) -> None:
    install(programs, "hadolint", f"echo x >> {programs}/count; echo '[]'")
    repository = programs.parent / "repository"
    repository.mkdir()
    (rule,) = linter_rules(repository, [], search=str(programs))
    for _ in range(2):
        assert [] == list(rule.check(checkout_of(WrittenFiles({"Dockerfile": TWO_COMMANDS}))))
    assert "x\n" == (programs / "count").read_text()


def test_it_works_while_our_own_rules_do(programs: Path) -> None:
    began, may_end = programs / "began", programs / "may-end"
    install(programs, "hadolint", f"echo x > {began}; until [ -e {may_end} ]; do sleep 0.01; done; echo '[]'")
    repository = programs.parent / "repository"
    repository.mkdir()
    (rule,) = linter_rules(repository, ["Dockerfile"], search=str(programs))
    until = time.monotonic() + 60
    while not began.exists() and time.monotonic() < until:
        time.sleep(0.01)
    assert began.exists()
    may_end.touch()
    assert [] == list(rule.check(checkout_of(WrittenFiles({"Dockerfile": TWO_COMMANDS}))))
