"""Letting the deployment ask for what CI pushes: in the script, the workflow or the manifest that names the tag."""

import re
from collections.abc import Iterator
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.doctor.cures.lines import lines_of, part_of
from wharf.doctor.cures.workflow_side import Change
from wharf.doctor.finding import Edit
from wharf.doctor.way.image_name import ImageName, image_name
from wharf.doctor.way.nearness import Commit, commit_in
from wharf.doctor.way.way import Answer, Gap, Near
from wharf.formats.span import Span
from wharf.formats.text import Known, Text

_MOST: Final = 8
_FULL: Final = 40
_OF_GITLAB: Final = 8
_COMMIT: Final = r"(?!\w*SHORT)(?:[A-Z]+_)*(?:SHA1?|COMMIT|REVISION)(?![A-Z_])"
_whole_commit = re.compile(
    rf"\$\{{(?P<braced>{_COMMIT})(?::?[-=?][^{{}}]*)?\}}|\$(?P<plain>{_COMMIT})\b|(?P<expression>\$\{{\{{\s*github\.sha\s*\}}\}})"
    r"|(?P<command>\$\(git rev-parse HEAD\))"
)
_short_commit = re.compile(
    rf"\$\{{(?P<braced>{_COMMIT})(?:::?0?:?[0-9]{{1,2}}|%[^{{}}]*)\}}|\$\{{?(?P<short>CI_COMMIT_SHORT_SHA)\}}?"
    r"|(?P<command>\$\(git rev-parse --short(?:=[0-9]+)? HEAD\))"
)
_making = re.compile(r"\bdocker (?:image )?(?:push|build|tag|buildx)\b").search
_variable = re.compile(
    r"\$\{(?P<braced>GITHUB_REF_NAME|CI_COMMIT_TAG|VERSION|TAG|IMAGE_TAG)\}|\$(?P<plain>GITHUB_REF_NAME|CI_COMMIT_TAG|VERSION|TAG)\b"
)

_SAYS_NOTHING_OF_THE_TAG: Final = frozenset({Gap.REPOSITORY, Gap.REGISTRY, Gap.REVISION, Gap.OTHER})


def asked_instead(checkout: Checkout, answer: Answer) -> Iterator[Change]:
    """Each is to be tried, but for those that replace words by words."""
    if not answer.near:
        return
    nearest = answer.near[0]
    asked, there = image_name(answer.asked.reference), image_name(nearest.reference)
    if (literal := _literal(asked, there, nearest)) is not None:
        yield literal
        return
    if asked.tag is None or there.tag is None:
        return
    one, other = (commit_in(tag.flat, answer.event.sha) for tag in (asked.tag, there.tag))
    files = _files(answer)
    if one and other:
        yield from _limited(_respelled(checkout, files, one, other))
    elif nearest.gap is Gap.VERSION_PREFIX:
        yield from _limited(_versions(checkout, files, asked.tag.flat, there.tag.flat))


def is_literal(change: Change, answer: Answer) -> bool:
    """Words are replaced by words; that need not be tried."""
    span = change.edits[0].span
    return any(
        isinstance(piece, Known) and piece.span is not None and piece.span.line == span.line
        for piece in answer.asked.reference.pieces
    )


def _limited(changes: Iterator[Change]) -> Iterator[Change]:
    for _, change in zip(range(_MOST), changes, strict=False):
        yield change


def _files(answer: Answer) -> tuple[str, ...]:
    """Those that have to do with the question, the nearest first."""
    spans = [answer.asked.span, *reversed(answer.asked.via)]
    spans += (piece.span for piece in answer.asked.reference.pieces if piece.span is not None)
    return tuple(dict.fromkeys(span.file for span in spans if span.file))


def _literal(asked: ImageName, there: ImageName, nearest: Near) -> Change | None:
    """The tag, or the repository, stands there as it is."""
    if nearest.gap in _SAYS_NOTHING_OF_THE_TAG or asked.tag is None or there.tag is None:
        return None
    span = _place(asked.tag)
    return Change((Edit(span, there.tag.flat),), there.tag.flat, span) if span is not None else None


def _place(text: Text) -> Span | None:
    """Where all of it stands in one piece."""
    known = [piece for piece in text.pieces if isinstance(piece, Known) and piece.text]
    if len(known) != 1 or len(known) != len(text.pieces) or known[0].span is None:
        return None
    return known[0].span if known[0].span.width == len(known[0].text) else None


def _respelled(checkout: Checkout, files: tuple[str, ...], asked: Commit, there: Commit) -> Iterator[Change]:
    """The variable that holds the commit, written so that it comes out as CI writes it."""
    form = _whole_commit if len(asked.digits) == _FULL else _short_commit
    for file in files:
        lines = lines_of(checkout, file)
        has_substrings = _has_substrings(file, lines)
        found = [(at, match) for at, line in enumerate(lines, 1) for match in form.finditer(line) if not _is_said(line)]
        changes = []
        for at, match in sorted(found, key=lambda pair: not _assigns(lines[pair[0] - 1], pair[1])):
            new = _spelled(match, there, has_substrings=has_substrings)
            before, after = _around(lines[at - 1], match, asked)
            span = part_of(Span.at(file, at), match.start() - before, match.end() + after)
            changes.append(Change((Edit(span, new),), new, span))
        yield from changes[: _MOST - 1]
        yield from _together(changes)


def _together(changes: list[Change]) -> Iterator[Change]:
    """All at once, where the same words stand there more than once."""
    if 1 < len(changes) <= _MOST and len({change.shown for change in changes}) == 1:
        edits = tuple(edit for change in changes for edit in change.edits)
        yield Change(edits, changes[0].shown, changes[0].span)


def _around(line: str, match: "re.Match[str]", asked: Commit) -> tuple[int, int]:
    """How much of what stands around the commit belongs to the tag."""
    before = len(asked.before) if asked.before and line[: match.start()].endswith(asked.before) else 0
    after = len(asked.after) if asked.after and line[match.end() :].startswith(asked.after) else 0
    return before, after


def _spelled(match: "re.Match[str]", there: Commit, *, has_substrings: bool) -> str:
    groups = match.groupdict()
    name = groups.get("braced") or groups.get("plain") or ("CI_COMMIT_SHA" if groups.get("short") else "GITHUB_SHA")
    if len(there.digits) == _OF_GITLAB and name.startswith("CI_COMMIT"):
        digits = "${CI_COMMIT_SHORT_SHA}"
    elif len(there.digits) == _FULL:
        digits = groups.get("expression") or f"${{{name}}}"
    elif has_substrings:
        digits = f"${{{name}:0:{len(there.digits)}}}"
    else:
        digits = f"$(printf '%.{len(there.digits)}s' \"${name}\")"
    return f"{there.before}{digits}{there.after}"


def _has_substrings(file: str, lines: list[str]) -> bool:
    """bash knows `${X:0:7}`; plain sh does not. Steps of a workflow run in bash."""
    first = lines[0] if lines else ""
    return "bash" in first or "zsh" in first or file.startswith(".github/")


def _is_said(line: str) -> bool:
    """Or it makes the image, and does not ask for it."""
    return line.lstrip().startswith(("#", "echo ", "printf ")) or bool(_making(line))


def _assigns(line: str, match: "re.Match[str]") -> bool:
    return (
        bool(re.match(r"\s*(?:export\s+|readonly\s+|local\s+)?[A-Za-z_]\w*=", line))
        and "TAG" in line[: match.start()].upper()
    )


def _versions(checkout: Checkout, files: tuple[str, ...], asked: str, there: str) -> Iterator[Change]:
    for file in files:
        for at, line in enumerate(lines_of(checkout, file), 1):
            for match in () if _is_said(line) else _variable.finditer(line):
                name = match["braced"] or match["plain"]
                new = f"v${{{name}}}" if there == f"v{asked}" else f"${{{name}#v}}"
                span = part_of(Span.at(file, at), match.start(), match.end())
                yield Change((Edit(span, new),), new, span)
