"""Folders whose files are there for tests, or for making other files from: some of them are broken on purpose.

Nothing is delivered from there. What is wrong in them is worth a note, and nobody wants it mended behind their back;
but what a pipeline itself uses has to work wherever it lies.
"""

from dataclasses import replace
from typing import Final

from wharf.doctor.finding import Finding, Severity

SURELY_READ: Final = (".gitlab-ci.yml", ".github/workflows/")
_OF_TESTS: Final = frozenset(
    {"test", "tests", "testdata", "test-data", "test_data", "__tests__"}
    | {"fixture", "fixtures", "__fixtures__", "test-fixtures", "golden", "__snapshots__", "spec"}
)
_TEMPLATE: Final = "{{"


def is_of_tests(path: str) -> bool:
    """Also below a folder that has a variable in its name, as templates of whole projects do."""
    if path.startswith(SURELY_READ):
        return False
    folders = path.lower().split("/")[:-1]
    return bool(_OF_TESTS & set(folders)) or any(_TEMPLATE in folder for folder in folders)


def softened(finding: Finding) -> Finding:
    if not is_of_tests(finding.span.file) or _is_used(finding):
        return finding
    fixes = tuple(replace(fix, is_safe=False) for fix in finding.fixes)
    return replace(finding, severity=Severity.NOTE, fixes=fixes)


def _is_used(finding: Finding) -> bool:
    return any(each.span is not None and each.span.file.startswith(SURELY_READ) for each in finding.evidence)
