"""What is found in folders of tests is told, and no more."""

import pytest

from tests.doctor.repositories import checkout_of
from wharf.doctor.examine import examine, known_rules
from wharf.doctor.finding import Evidence, Finding, Fix, Severity
from wharf.doctor.language import Words
from wharf.doctor.material_of_tests import is_of_tests, softened
from wharf.formats.files import WrittenFiles
from wharf.formats.span import Span

WORDS = Words("a", "b")
BROKEN = "services:\n  a:\n    image: acme/a:1\n    depends_on: [nobody]\n"


@pytest.mark.parametrize(
    "path", ["testdata/compose.yml", "pkg/tests/Fixtures/a/Dockerfile", "{{ name }}/compose.yml", "a/golden/x.yaml"]
)
def test_folders_of_tests_and_templates_are_known(path: str) -> None:
    assert is_of_tests(path)


@pytest.mark.parametrize("path", ["compose.yml", "deploy/testing.yml", ".github/workflows/tests/a.yml", "tests"])
def test_others_are_not(path: str) -> None:
    assert not is_of_tests(path)


@pytest.mark.parametrize(("path", "severity"), [("deploy/compose.yml", "error"), ("testdata/compose.yml", "note")])
def test_what_is_broken_on_purpose_is_no_error(path: str, severity: str) -> None:
    (found,) = examine(checkout_of(WrittenFiles({path: BROKEN})), known_rules()).of(*Severity)
    assert ("compose-dependency-unknown", severity) == (found.rule.id, found.severity.value)


def test_what_a_pipeline_uses_must_work_there_too() -> None:
    used = Finding(Span.at("tests/Dockerfile"), WORDS, (Evidence(WORDS, Span.at(".github/workflows/ci.yml")),))
    assert used is softened(used)


def test_nothing_is_mended_there_without_being_asked() -> None:
    finding = Finding(Span.at("tests/compose.yml"), WORDS, fixes=(Fix(WORDS, is_safe=True),))
    assert [False] == [fix.is_safe for fix in softened(finding).fixes]
