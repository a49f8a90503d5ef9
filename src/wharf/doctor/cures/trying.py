"""Trying a change before it is told to anybody: the files are changed in memory, and the way is gone once more."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.doctor.edits import changes_by
from wharf.doctor.finding import Edit, Fix
from wharf.doctor.language import Words
from wharf.doctor.looks.way import pushed_by, turn_of
from wharf.doctor.way.image_name import image_name
from wharf.doctor.way.laid_files import SeenFiles
from wharf.doctor.way.likeness import Likeness, likeness_of_names
from wharf.doctor.way.way import Answer
from wharf.errors import FileNotThere, UnreadableFile
from wharf.formats.text import Text

_MOST_TRIES: Final = 80
"""For one repository: each costs as much as one event."""
_WORKFLOWS: Final = ".github/workflows/"


@dataclass
class Tries:
    left: int = _MOST_TRIES
    before: dict[Answer, Counter[str]] = field(default_factory=dict)


def tries(_: Checkout) -> Tries:
    return Tries()


def mends(checkout: Checkout, answer: Answer, edits: tuple[Edit, ...]) -> bool:
    """Whether what is asked for is pushed then, and nothing else is broken by it."""
    budget = checkout.once(tries)
    if budget.left <= 0 or not edits:
        return False
    budget.left -= 1
    tried = _changed(checkout, answer, edits)
    if answer.asked.event is None:
        return _is_pushed(tried, answer)
    if answer not in budget.before:
        budget.before[answer] = _broken(_changed(checkout, answer, ()), answer)
    after, before = _broken(tried, answer), budget.before[answer]
    return after.total() < before.total() and not after - before


def _broken(checkout: Checkout, answer: Answer) -> Counter[str]:
    turn = turn_of(checkout, answer.event)
    return Counter(each.asked.reference.flat for each in turn.breaks)


def _is_pushed(checkout: Checkout, answer: Answer) -> bool:
    wanted = image_name(answer.asked.reference)
    names = (image_name(pushed.reference) for pushed in pushed_by(checkout, answer.event))
    return any(likeness_of_names(name, wanted) is Likeness.YES for name in names)


def _changed(checkout: Checkout, answer: Answer, edits: tuple[Edit, ...]) -> Checkout:
    files = checkout.files
    changes = changes_by([Fix(Words("", ""), edits)], files)
    written = {change.path: Text.of_file(change.path, change.after) for change in changes}
    return Checkout(_Fewer(SeenFiles(files, written), _needed(checkout, answer)), checkout.history)


def _needed(checkout: Checkout, answer: Answer) -> frozenset[str]:
    """Workflows that have to do with it; reading all of them again would take long."""
    near = (one.pushed for one in answer.near)
    named = {pushed.file for pushed in near if pushed is not None}
    named |= {span.file for span in (answer.asked.span, *answer.asked.via)}
    named |= {each.file for each in pushed_by(checkout, answer.event)}
    told = "".join(_read(checkout, path) for path in named if path.startswith(_WORKFLOWS))
    return frozenset(
        path
        for path in checkout.files.paths()
        if not path.startswith(_WORKFLOWS) or path in named or path.rsplit("/", 1)[-1] in told
    )


def _read(checkout: Checkout, path: str) -> str:
    try:
        return checkout.files.read(path).flat
    except (FileNotThere, UnreadableFile):
        return ""


class _Fewer:
    """Some of the files that there are."""

    def __init__(self, files: SeenFiles, paths: frozenset[str]) -> None:
        self._files = files
        self._paths = paths

    def paths(self) -> frozenset[str]:
        return self._paths

    def read(self, path: str) -> Text:
        return self._files.read(path)
