"""The report as JUnit's XML: a test for each rule that found something, which fails where an error is among it.

Warnings are told as well, and fail nothing, unless they were asked to.
"""

from collections.abc import Collection
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from wharf.doctor.examine import Found
from wharf.doctor.finding import Severity
from wharf.doctor.reports.report import Report


def junit_of(report: Report, failing: Collection[Severity] = (Severity.ERROR,)) -> str:
    failures = sum(each.severity in failing for each in report.found)
    counts = {"tests": str(max(len(report.found) + len(report.ignored), 1)), "failures": str(failures)}
    suites = Element("testsuites", {"name": "wharf doctor", **counts})
    suite = SubElement(suites, "testsuite", {"name": "wharf doctor", **counts, "skipped": str(len(report.ignored))})
    for each in report.found:
        case = SubElement(suite, "testcase", _named(each))
        fails = each.severity in failing
        told = {"message": _harmless(report.said(each.finding.message)), "type": each.severity.value} if fails else {}
        SubElement(case, "failure" if fails else "system-out", told).text = _harmless(_text(each, report))
    for each, ignore in report.ignored:
        SubElement(SubElement(suite, "testcase", _named(each)), "skipped", {"message": _harmless(ignore.reason)})
    if not report.found and not report.ignored:
        SubElement(suite, "testcase", {"classname": "wharf", "name": "doctor"})
    indent(suites)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + tostring(suites, encoding="unicode") + "\n"


def _named(found: Found) -> dict[str, str]:
    span = found.finding.span
    place = {"file": _harmless(span.file), "line": str(span.line)}
    return {"classname": found.rule.id, "name": _harmless(f"{span.file}:{span.line}"), **place}


def _text(found: Found, report: Report) -> str:
    finding = found.finding
    evidence = [f"{report.said(each.words)}{f' ({each.span})' if each.span else ''}" for each in finding.evidence]
    rest = [report.said(words) for words in (finding.cause, *(fix.words for fix in finding.fixes)) if words]
    return "\n".join((f"{finding.span}: {report.said(finding.message)}", *evidence, *rest))


def _harmless(text: str) -> str:
    """Without characters that XML cannot hold at all."""
    return "".join(each if each.isprintable() or each in "\n\t" else "\N{REPLACEMENT CHARACTER}" for each in text)
