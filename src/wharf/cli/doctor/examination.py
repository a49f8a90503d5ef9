"""One examination of a folder from its first look to its report: what `wharf doctor` does before it says anything."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from wharf.cli.doctor.words import OFFLINE, REMOTE, STANDS_IN, UNREAD
from wharf.doctor.checkout import Checkout
from wharf.doctor.examine import Examined, Found, Telling, examine, known_rules
from wharf.doctor.held import wanted_of
from wharf.doctor.history import History
from wharf.doctor.ignores import Ignore, Sifted, sifted
from wharf.doctor.language import Language, Words
from wharf.doctor.looks.way import way
from wharf.doctor.mended import Outcome, mended
from wharf.doctor.reports.report import Report, report_of
from wharf.doctor.rule import Rule
from wharf.doctor.way.holdings import Holdings
from wharf.doctor.way.way import Fate, Way
from wharf.formats.event import Event
from wharf.formats.files import Files
from wharf.formats.hole import Unknown

Asking = Callable[[dict[str, set[str]]], Holdings]
"""Asks registries what they hold, by repository and tags of interest."""


_MOST_NAMED: Final = 3
_OWN: Final = {Fate.PUSHED, Fate.HELD, Fate.LOST, Fate.NEVER_PUSHED}


@dataclass(frozen=True)
class Result:
    checkout: Checkout
    examined: Examined
    sifted: Sifted
    not_looked_at: tuple[Words, ...]

    @property
    def way(self) -> Way:
        return self.checkout.once(way)

    def report(self, language: Language) -> Report:
        return report_of(self.sifted, self.checkout.files, language, self.not_looked_at, self.examined.broken)


class Examination:
    """`asking` is None offline. `unseen`: what nobody looks at, as was known before."""

    def __init__(
        self,
        history: History,
        event: Event | None,
        ignores: tuple[Ignore, ...],
        asking: Asking | None,
        telling: Telling,
        unseen: tuple[Words, ...] = (),
    ) -> None:
        self._history = history
        self._event = event
        self._ignores = ignores
        self._asking = asking
        self._telling = telling
        self._unseen = unseen
        self.further: tuple[Rule, ...] = ()
        """Rules beside our own."""
        self._holdings: Holdings | None = None

    def of(self, files: Files) -> Result:
        checkout = Checkout(files, self._history, event=self._event)
        wanted = self._wanted(checkout.once(way))
        if self._asking is not None and wanted:
            self._holdings = self._holdings or self._asking(wanted)
            checkout = checkout.knowing(self._holdings, again=(way,))
        examined = examine(checkout, (*known_rules(), *self.further), self._telling)
        seen = checkout.once(way)
        stands_in = () if self._history.repository else _stand_in(seen)
        unseen = (*stands_in, *_unheld(wanted, self._holdings), *_elsewhere(seen), *self._unseen)
        return Result(checkout, examined, sifted(examined.found, self._ignores), unseen)

    def _wanted(self, seen: Way) -> dict[str, set[str]]:
        """Nobody is asked about a name that only stands for the one that is not known."""
        known = bool(self._history.repository)
        stand_ins = set() if known else {turn.event.repository.lower() for turn in seen.turns}
        wanted = wanted_by(seen)
        return {name: tags for name, tags in wanted.items() if name.partition("/")[2] not in stand_ins}

    def mended(self, result: Result) -> Outcome:
        def looked_again(files: Files) -> tuple[Found, ...]:
            return self.of(files).sifted.told

        return mended(result.checkout.files, result.sifted.told, looked_again)


def wanted_by(seen: Way) -> dict[str, set[str]]:
    """Repositories that are one's own, and the tags of them that are spoken of."""
    asked = [answer.asked.reference for answer in seen.answers if answer.fate in _OWN]
    own = [*(pushed.reference for pushed in seen.pushed), *asked]
    return wanted_of(own, own)


def _stand_in(seen: Way) -> tuple[Words, ...]:
    """Only where the name plays a part."""
    names = {turn.event.repository for turn in seen.turns}
    told = [name for name in names if any(name.lower() in pushed.reference.flat for pushed in seen.pushed)]
    return tuple(Words(STANDS_IN.english.format(name), STANDS_IN.korean.format(name)) for name in told)


def _unheld(wanted: dict[str, set[str]], holdings: Holdings | None) -> tuple[Words, ...]:
    if holdings is None:
        names = ", ".join([*list(wanted)[:_MOST_NAMED], *(["…"] if len(wanted) > _MOST_NAMED else [])])
        return (Words(OFFLINE.english.format(names), OFFLINE.korean.format(names)),) if wanted else ()
    failed = [each for each in holdings.repositories.values() if each.problem is not None]
    return tuple(
        Words(UNREAD.english.format(each.name, each.problem), UNREAD.korean.format(each.name, each.problem))
        for each in failed
    )


def _elsewhere(seen: Way) -> tuple[Words, ...]:
    """Workflows of other repositories that are called."""
    holes = [hole for turn in seen.turns for job in turn.jobs for hole in job.undecided]
    names = dict.fromkeys(hole.reason.subject for hole in holes if hole.reason.kind is Unknown.REMOTE)
    return tuple(Words(REMOTE.english.format(name), REMOTE.korean.format(name)) for name in names)
