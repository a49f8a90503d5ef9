"""Trying a change before it is told to anybody: the files are changed in memory, and the way is gone once more."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from wharf.doctor.checkout import Checkout
from wharf.doctor.edits import changes_by
from wharf.doctor.finding import Edit, Fix
from wharf.doctor.language import Words
from wharf.doctor.looks.doings import pushed_by
from wharf.doctor.looks.way import turn_of, way
from wharf.doctor.way.image_name import image_name
from wharf.doctor.way.laid_files import SeenFiles
from wharf.doctor.way.likeness import Likeness, likeness_of_names
from wharf.doctor.way.way import Answer, Fate
from wharf.errors import FileNotThere, UnreadableFile
from wharf.formats.text import Text

_MOST_TRIES: Final = 40
"""For one repository: each costs as much as one event."""
_WORKFLOWS: Final = ".github/workflows/"


class State(NamedTuple):
    """Of what one event leads to: what is missing, and how much is there. What nobody asks for any more is neither."""

    broken: Counter[str]
    met: int


@dataclass
class Tries:
    left: int = _MOST_TRIES
    before: dict[Answer, "State"] = field(default_factory=dict)


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
        budget.before[answer] = _state(_changed(checkout, answer, ()), answer)
    after, before = _state(tried, answer), budget.before[answer]
    is_less = after.broken.total() < before.broken.total() and not after.broken - before.broken
    return is_less and after.met > before.met


def _state(checkout: Checkout, answer: Answer) -> "State":
    turn = turn_of(checkout, answer.event)
    met = sum(each.fate is Fate.PUSHED for each in turn.answers)
    return State(Counter(each.asked.reference.flat for each in turn.breaks), met)


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
    near_ones = [one.reference for one in answer.near]
    named = {pushed.file for pushed in near if pushed is not None}
    named |= {span.file for span in (answer.asked.span, *answer.asked.via)}
    wanted = {image_name(reference).repository for reference in (answer.asked.reference, *near_ones)}
    named |= {each.file for each in checkout.once(way).pushed if image_name(each.reference).repository in wanted}
    told = "".join(_read(checkout, path) for path in named if path.startswith(_WORKFLOWS))
    return frozenset(
        path
        for path in checkout.files.paths()
        if not path.startswith(_WORKFLOWS) or path in named or _name(path) in told or _calls(checkout, path, named)
    )


def _calls(checkout: Checkout, path: str, named: set[str]) -> bool:
    text = _read(checkout, path)
    return any(f"{_WORKFLOWS}{_name(other)}" in text for other in named if other.startswith(_WORKFLOWS))


def _name(path: str) -> str:
    return path.rsplit("/", 1)[-1]


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
