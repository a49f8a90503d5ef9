"""actionlint, which checks the words and the expressions of GitHub's workflows."""

import re
from types import MappingProxyType
from typing import Final

from wharf.doctor.finding import Severity
from wharf.doctor.linters.linted import Json, Linted, Linter, number_of, objects, path_of, text_of
from wharf.formats.span import Span

_is_workflow = re.compile(r"\.github/workflows/[^/]+\.ya?ml").fullmatch
_ADVICE: Final = frozenset({"shellcheck", "pyflakes", "deprecated-commands", "runner-label", "glob"})


def read_actionlint(printed: str) -> tuple[Linted, ...]:
    return tuple(_linted(found) for found in objects(printed))


def _linted(found: Json) -> Linted:
    """Of what it says, only the kinds are told apart: what another program advises is worth knowing, no more."""
    kind, line, column = text_of(found, "kind"), number_of(found, "line"), number_of(found, "column")
    end = max(number_of(found, "end_column", column) + 1, column)
    return Linted(
        kind,
        Span(path_of(text_of(found, "filepath")), line, column, line, end),
        Severity.NOTE if kind in _ADVICE else Severity.WARNING,
        text_of(found, "message"),
    )


ACTIONLINT: Final = Linter(
    "actionlint",
    lambda path: _is_workflow(path) is not None,
    ("-no-color", "-format", "{{json .}}", "--"),
    read_actionlint,
    MappingProxyType(
        {
            "action": ("local-action-not-there", "input-not-declared"),
            "expression": ("expression-malformed", "context-not-available", "step-not-there", "job-output-not-there"),
            "if-cond": ("condition-always-true",),
            "job-needs": ("needs-unknown-job", "needs-in-a-circle"),
            "syntax-check": (
                "file-cannot-be-read",
                "workflow-incomplete",
                "workflow-key-repeated",
                "workflow-key-unknown",
            ),
            "workflow-call": ("called-workflow-inputs", "called-workflow-not-there"),
        }
    ),
)
