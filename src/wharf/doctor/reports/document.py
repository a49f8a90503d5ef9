"""The report as one JSON document."""

from collections.abc import Mapping, Sequence
from typing import Final

from wharf.doctor.edits import diff_of
from wharf.doctor.examine import Found
from wharf.doctor.finding import Evidence, Fix, Severity
from wharf.doctor.reports.report import Report

Json = None | bool | int | float | str | Sequence["Json"] | Mapping[str, "Json"]
_PLURALS: Final = {Severity.ERROR: "errors", Severity.WARNING: "warnings", Severity.NOTE: "notes"}


def document_of(report: Report) -> dict[str, Json]:
    return {
        "findings": [_finding(each, report) for each in report.found],
        "ignored": [{**_finding(each, report), "reason": ignore.reason} for each, ignore in report.ignored],
        "not_looked_at": [report.said(words) for words in report.not_looked_at],
        "summary": {
            **{plural: report.count(severity) for severity, plural in _PLURALS.items()},
            "ignored": len(report.ignored),
        },
    }


def _finding(found: Found, report: Report) -> dict[str, Json]:
    finding = found.finding
    span = finding.span
    return {
        "rule": found.rule.id,
        "severity": found.severity.value,
        "file": span.file,
        "line": span.line,
        "column": span.column,
        "end_line": span.end_line,
        "end_column": span.end_column,
        "message": report.said(finding.message),
        "evidence": [_evidence(each, report) for each in finding.evidence],
        "cause": report.said(finding.cause) if finding.cause else None,
        "fixes": [_fix(each, report) for each in finding.fixes],
    }


def _evidence(evidence: Evidence, report: Report) -> dict[str, Json]:
    span = evidence.span
    return {
        "text": report.said(evidence.words),
        "file": span.file if span else None,
        "line": span.line if span else None,
    }


def _fix(fix: Fix, report: Report) -> dict[str, Json]:
    return {"text": report.said(fix.words), "safe": fix.is_safe, "diff": diff_of(fix, report.files)}
