"""The report as commands in the log of a GitHub job, which shows them beside the lines of a pull request."""

from collections.abc import Iterator
from typing import Final

from wharf.doctor.examine import Found
from wharf.doctor.finding import Severity
from wharf.doctor.reports.report import Report

_COMMANDS: Final = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}


def annotations_of(report: Report) -> Iterator[str]:
    """One line each. What is said cannot end its line or begin another command."""
    return (_annotation(each, report) for each in report.found)


def _annotation(found: Found, report: Report) -> str:
    finding = found.finding
    span = finding.span
    names: dict[str, object] = {"file": span.file, "line": span.line, "endLine": span.end_line}
    if span.line == span.end_line:
        names |= {"col": span.column, "endColumn": span.end_column}
    names["title"] = f"wharf: {found.rule.id}"
    given = ",".join(f"{name}={_escaped(str(value), also=':,')}" for name, value in names.items())
    said = [report.said(words) for words in (finding.message, finding.cause) if words is not None]
    text = "\n".join((*said, *(report.told(fix) for fix in finding.fixes[:1])))
    return f"::{_COMMANDS[found.severity]} {given}::{_escaped(text)}"


def _escaped(text: str, also: str = "") -> str:
    return "".join(f"%{ord(each):02X}" if each in "%\r\n" + also else each for each in text)
