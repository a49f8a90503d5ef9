"""A repository as it will be when what can be mended safely was mended: nothing is written yet.

To mend one thing may show another, and fixes that touch one another must wait for their turn; so it is looked at again
until nothing is left to do.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from wharf.doctor.edits import Change, changes_by
from wharf.doctor.examine import Found
from wharf.doctor.finding import Fix
from wharf.formats.files import Files
from wharf.formats.text import Text

_MOST_ROUNDS: Final = 5


class Patched:
    """Files of which some were changed."""

    def __init__(self, files: Files, changed: Mapping[str, str]) -> None:
        self._files = files
        self._changed = dict(changed)

    def paths(self) -> Collection[str]:
        return dict.fromkeys([*self._files.paths(), *self._changed])

    def read(self, path: str) -> Text:
        if path in self._changed:
            return Text.of_file(path, self._changed[path])
        return self._files.read(path)


@dataclass(frozen=True)
class Outcome:
    """`changes`: from the files as they are to the files as they will be."""

    files: Files
    changes: tuple[Change, ...]


def safe_fix_of(found: Found) -> Fix | None:
    return next((fix for fix in found.finding.fixes if fix.is_safe and fix.edits), None)


def mended(files: Files, found: Iterable[Found], looked_again: Callable[[Files], Iterable[Found]]) -> Outcome:
    """`looked_again`: what is found in the files once they are changed."""
    total: dict[str, Change] = {}
    patched = files
    for _ in range(_MOST_ROUNDS):
        fixes = [fix for each in found if (fix := safe_fix_of(each)) is not None]
        changes = changes_by(fixes, patched)
        if not changes:
            break
        for change in changes:
            before = total[change.path].before if change.path in total else change.before
            total[change.path] = Change(change.path, before, change.after)
        patched = Patched(files, {path: change.after for path, change in total.items()})
        found = looked_again(patched)
    return Outcome(patched, tuple(change for change in total.values() if change.before != change.after))
