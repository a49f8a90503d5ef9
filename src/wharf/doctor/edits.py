"""Edits put into the files that they are about, and what that changes, as a patch shows it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from difflib import unified_diff
from itertools import accumulate

from wharf.doctor.finding import Edit, Fix
from wharf.errors import NotThere, UnreadableFile
from wharf.formats.files import Files


@dataclass(frozen=True, slots=True)
class Change:
    """One file before and after. A file that was not there before is empty."""

    path: str
    before: str
    after: str

    @property
    def diff(self) -> str:
        """As `git apply` takes it."""
        old = f"a/{self.path}" if self.before else "/dev/null"
        lines = unified_diff(_lines(self.before), _lines(self.after), old, f"b/{self.path}")
        return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)


def changes_by(fixes: Iterable[Fix], files: Files) -> tuple[Change, ...]:
    """All fixes at once; one that touches what an earlier one touches is left for the next time."""
    chosen: dict[str, list[Edit]] = {}
    for fix in fixes:
        if not any(_touch(edit, other) for edit in fix.edits for other in chosen.get(edit.span.file, ())):
            for edit in fix.edits:
                chosen.setdefault(edit.span.file, []).append(edit)
    changes = (_change(path, edits, files) for path, edits in sorted(chosen.items()))
    return tuple(change for change in changes if change is not None and change.before != change.after)


def diff_of(fix: Fix, files: Files) -> str:
    return "".join(change.diff for change in changes_by((fix,), files))


def edited(content: str, edits: Iterable[Edit]) -> str:
    """From the last one to the first, so that places stay true."""
    ends = [0, *accumulate(len(line) for line in _lines(content))]
    for edit in sorted(set(edits), key=lambda edit: edit.span, reverse=True):
        start = _offset(ends, edit.span.line, edit.span.column, len(content))
        end = _offset(ends, edit.span.end_line, edit.span.end_column, len(content))
        content = content[:start] + edit.replacement + content[max(start, end) :]
    return content


def _change(path: str, edits: Iterable[Edit], files: Files) -> Change | None:
    try:
        before = files.read(path).flat
    except UnreadableFile:
        return None
    except NotThere:
        before = ""
    return Change(path, before, edited(before, map(_with_ends_of_windows, edits) if _is_of_windows(before) else edits))


def _is_of_windows(content: str) -> bool:
    return 0 < content.count("\n") == content.count("\r\n")


def _with_ends_of_windows(edit: Edit) -> Edit:
    """Lines that are put into a file end as its other lines do."""
    return replace(edit, replacement=edit.replacement.replace("\r\n", "\n").replace("\n", "\r\n"))


def _offset(ends: list[int], line: int, column: int, length: int) -> int:
    return min(ends[line - 1] + column - 1, length) if line <= len(ends) else length


def _touch(edit: Edit, other: Edit) -> bool:
    """The same edit twice does no harm."""
    if edit == other or edit.span.file != other.span.file:
        return False
    return _start(edit) <= _end(other) and _start(other) <= _end(edit)


def _start(edit: Edit) -> tuple[int, int]:
    return edit.span.line, edit.span.column


def _end(edit: Edit) -> tuple[int, int]:
    return edit.span.end_line, edit.span.end_column


def _lines(content: str) -> list[str]:
    """At line feeds alone, as files are read."""
    lines = content.split("\n")
    return [line + "\n" for line in lines[:-1]] + ([lines[-1]] if lines[-1] else [])
