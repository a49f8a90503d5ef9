"""A report as a person reads it: the gravest first, each with its line, what shows it, and what mends it."""

import re
from collections.abc import Iterator
from textwrap import dedent
from typing import Final

from wharf.cli.doctor.drawn import Part
from wharf.cli.doctor.excerpt import excerpt
from wharf.cli.doctor.words import (
    CAUSE,
    COUNTED,
    CUT,
    FIX,
    FIXABLE,
    HEALTHY,
    IDLE,
    IGNORED,
    MORE_NOTES,
    NOT_LOOKED_AT,
    OR,
    SEVERITIES,
)
from wharf.cli.output import width_of, wrapped
from wharf.doctor.edits import diff_of
from wharf.doctor.examine import Found
from wharf.doctor.finding import Evidence, Fix, Severity
from wharf.doctor.mended import safe_fix_of
from wharf.doctor.reports.report import Report
from wharf.formats.span import Span

_COLOURS: Final = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.NOTE: "cyan"}
_MOST_NOTES: Final = 3
_MOST_CHANGED: Final = 6
"""Lines of a fix that are shown; all of them are in the patch."""
_INDENT: Final = "  "
_WIDTH: Final = 80
_long_hex = re.compile(r"(?<![0-9a-f])[0-9a-f]{40,64}(?![0-9a-f])")
Line = list[Part]


def told(report: Report, *, every_note: bool) -> Iterator[Line]:
    """Line by line. Where there is an error, warnings are told briefly and notes are only counted."""
    errors, warnings, notes = ([each for each in report.found if each.severity is one] for one in Severity)
    for each in (*errors, *warnings):
        yield from _block(each, report, is_brief=bool(errors) and each in warnings and not every_note)
        yield []
    if every_note or not errors:
        yield from _notes(notes, report, every_note=every_note)
    yield from _end(report, is_cut=bool(errors and (warnings or notes)) and not every_note)


def _notes(notes: list[Found], report: Report, *, every_note: bool) -> Iterator[Line]:
    shown = notes if every_note or len(notes) <= _MOST_NOTES + 1 else notes[:_MOST_NOTES]
    for each in shown:
        yield from _note(each, report)
    if len(shown) < len(notes):
        yield [(_INDENT + report.said(MORE_NOTES).format(len(notes) - len(shown)), "dim")]
    if shown:
        yield []


def _block(found: Found, report: Report, *, is_brief: bool) -> Iterator[Line]:
    """Briefly, without what shows it and why it is so: where delivery fails, that comes first."""
    finding, colour = found.finding, _COLOURS[found.severity]
    severity = report.said(SEVERITIES[found.severity])
    yield [(f"{severity} ", colour), (found.rule.id, "bold"), (f"  {finding.span}", "dim")]
    yield from _paragraph(_INDENT, report.said(finding.message))
    yield from excerpt(report.line(finding.span), finding.span, colour)
    seen = {(finding.span.file, finding.span.line)}
    for evidence in () if is_brief else finding.evidence:
        yield from _evidence(evidence, report, finding.span, seen)
    if finding.cause is not None and not is_brief:
        yield from _labelled(report.said(CAUSE), "", _brief(report.said(finding.cause)))
    for at, fix in enumerate(finding.fixes):
        yield from _fix(fix, report, is_first=at == 0)


def _note(found: Found, report: Report) -> Iterator[Line]:
    severity = report.said(SEVERITIES[Severity.NOTE])
    span = found.finding.span
    yield [(f"{severity} ", "cyan"), (found.rule.id, "bold"), (f"  {_place(span)}", "dim")]
    yield from _paragraph(_INDENT, _brief(report.said(found.finding.message)))


def _evidence(evidence: Evidence, report: Report, head: Span, seen: set[tuple[str, int]]) -> Iterator[Line]:
    """A line that was shown already, or that is told in the words, is not shown again. Nor is the place of `head`."""
    span = evidence.span
    said = report.said(evidence.words)
    is_elsewhere = span is not None and (span.file, span.line) != (head.file, head.line)
    yield from _paragraph(f"{_INDENT}· ", _brief(said) + (f" ({_place(span)})" if span and is_elsewhere else ""))
    if span is not None and (span.file, span.line) not in seen:
        seen.add((span.file, span.line))
        line = report.line(span)
        yield from excerpt(line, span, "", is_marked=False) if line.strip().lstrip("- ") not in said else ()


def _fix(fix: Fix, report: Report, *, is_first: bool) -> Iterator[Line]:
    """Of another way to mend it, only what comes of it."""
    yield from _labelled(report.said(FIX if is_first else OR), "green", report.said(fix.words))
    changed = [line for line in diff_of(fix, report.files).splitlines() if _is_change(line, is_first=is_first)]
    if not changed:
        return
    start = min((edit.span for edit in fix.edits), default=Span.at(""))
    texts = dedent("\n".join(line[1:] for line in changed)).split("\n")
    shown = list(zip(changed, texts, strict=False))[:_MOST_CHANGED]
    place = _place(start)
    for at, (line, text) in enumerate(shown, 1):
        parts = [(f"{_INDENT * 2}{line[0]} {text}", "red" if line[0] == "-" else "green")]
        fits = width_of(text + place) + 9 <= _WIDTH
        yield parts + ([(f"   {place}", "dim")] if at == len(shown) and fits else [])
        if at == len(shown) and not fits:
            yield [(f"{_INDENT * 2}  {place}", "dim")]


def _place(span: Span) -> str:
    return f"{span.file}:{span.line}"


def _brief(text: str) -> str:
    """Of a commit or a digest that was said in full before, its ends are enough."""
    return _long_hex.sub(lambda found: f"{found[0][:7]}…{found[0][-4:]}", text)


def _is_change(line: str, *, is_first: bool) -> bool:
    return line.startswith(("+", "-") if is_first else "+") and not line.startswith(("+++ ", "--- "))


def _labelled(label: str, colour: str, text: str) -> Iterator[Line]:
    start = f"{_INDENT}{label}: "
    first, *others = wrapped(start, text)
    yield [(start, colour), (first.removeprefix(start), "")]
    yield from ([(line, "")] for line in others)


def _paragraph(label: str, text: str) -> Iterator[Line]:
    return ([(line, "")] for line in wrapped(label, text))


def _end(report: Report, *, is_cut: bool) -> Iterator[Line]:
    for ignore in report.idle:
        yield from _paragraph("", report.said(IDLE).format(ignore.rule))
    for at, words in enumerate(report.not_looked_at):
        label = f"{report.said(NOT_LOOKED_AT)}: "
        yield from _paragraph(label if at == 0 else " " * len(label), report.said(words))
    counts = [_count(severity, report) for severity in Severity if report.count(severity)]
    ignored = [report.said(IGNORED).format(len(report.ignored))] if report.ignored else []
    colour = next((_COLOURS[severity] for severity in Severity if report.count(severity)), "green")
    further = [*ignored, *([report.said(CUT)] if is_cut else [])]
    yield [(", ".join(counts) or report.said(HEALTHY), colour), *((f" · {text}", "dim") for text in further)]
    if mendable := sum(safe_fix_of(each) is not None for each in report.found):
        yield [(report.said(FIXABLE).format(mendable), "")]


def _count(severity: Severity, report: Report) -> str:
    number = report.count(severity)
    one, several = COUNTED[severity]
    return report.said(one if number == 1 else several).format(number)
