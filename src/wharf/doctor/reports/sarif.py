"""The report as SARIF 2.1.0, which GitHub's and other viewers of code show beside the lines."""

from hashlib import sha256
from typing import Final
from urllib.parse import quote

from wharf.doctor.edits import Change, changes_by
from wharf.doctor.examine import Found
from wharf.doctor.finding import Edit, Evidence, Fix
from wharf.doctor.reports.document import Json
from wharf.doctor.reports.report import Report
from wharf.doctor.rule import Rule
from wharf.formats.span import Span

_SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"
_ROOT: Final = "SRCROOT"


def sarif_of(report: Report, version: str) -> dict[str, Json]:
    rules = {each.rule.id: each.rule for each in (*report.found, *(found for found, _ in report.ignored))}
    places = {name: place for place, name in enumerate(rules)}
    results: list[Json] = [_result(each, report, places) for each in report.found]
    for found, ignore in report.ignored:
        suppression: dict[str, Json] = {"kind": "external", "justification": ignore.reason}
        results.append({**_result(found, report, places), "suppressions": [suppression]})
    driver: dict[str, Json] = {
        "name": "wharf doctor",
        "version": version,
        "rules": [_rule(rule, report) for rule in rules.values()],
    }
    said: list[Json] = [{"level": "note", "message": {"text": report.said(words)}} for words in report.not_looked_at]
    run: dict[str, Json] = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": results,
        "invocations": [{"executionSuccessful": True, "toolExecutionNotifications": said}],
    }
    return {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(rule: Rule, report: Report) -> dict[str, Json]:
    return {
        "id": rule.id,
        "shortDescription": {"text": report.said(rule.title)},
        "defaultConfiguration": {"level": rule.severity.value},
    }


def _result(found: Found, report: Report, places: dict[str, int]) -> dict[str, Json]:
    finding = found.finding
    seen = [each for each in finding.evidence if each.span is not None]
    fixes = [made for fix in finding.fixes if (made := _fix(fix, report)) is not None]
    return {
        "ruleId": found.rule.id,
        "ruleIndex": places[found.rule.id],
        "level": found.severity.value,
        "message": {"text": _message(found, report)},
        "locations": [{"physicalLocation": _place(finding.span)}],
        "partialFingerprints": {"wharf/v1": _fingerprint(found, report)},
        **({"relatedLocations": [_related(at, each, report) for at, each in enumerate(seen, 1)]} if seen else {}),
        **({"fixes": fixes} if fixes else {}),
    }


def _message(found: Found, report: Report) -> str:
    finding = found.finding
    said = [report.said(words) for words in (finding.message, finding.cause) if words is not None]
    return "\n".join((*said, *(report.told(fix) for fix in finding.fixes[:1])))


def _place(span: Span) -> dict[str, Json]:
    return {"artifactLocation": {"uri": quote(span.file), "uriBaseId": _ROOT}, "region": _region(span)}


def _region(span: Span) -> dict[str, Json]:
    return {
        "startLine": span.line,
        "startColumn": span.column,
        "endLine": span.end_line,
        "endColumn": span.end_column,
    }


def _related(number: int, evidence: Evidence, report: Report) -> dict[str, Json]:
    assert evidence.span is not None
    return {
        "id": number,
        "physicalLocation": _place(evidence.span),
        "message": {"text": report.said(evidence.words)},
    }


def _fix(fix: Fix, report: Report) -> dict[str, Json] | None:
    """None, where it is told in words only."""
    changed: tuple[Change, ...] = changes_by((fix,), report.files)
    if not changed:
        return None
    edits = {change.path: [edit for edit in fix.edits if edit.span.file == change.path] for change in changed}
    return {
        "description": {"text": report.said(fix.words)},
        "artifactChanges": [
            {
                "artifactLocation": {"uri": quote(path), "uriBaseId": _ROOT},
                "replacements": [_replacement(edit) for edit in of_file],
            }
            for path, of_file in edits.items()
        ],
    }


def _replacement(edit: Edit) -> dict[str, Json]:
    return {"deletedRegion": _region(edit.span), "insertedContent": {"text": edit.replacement}}


def _fingerprint(found: Found, report: Report) -> str:
    """The same, when lines before it come and go."""
    span = found.finding.span
    parts = (found.rule.id, span.file, report.line(span).strip(), found.finding.message.english)
    return sha256("\0".join(parts).encode()).hexdigest()[:32]
