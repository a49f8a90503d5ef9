"""Running a checker over the files of a folder, with a bound in time, and making rules of those that are installed."""

import shutil
from collections.abc import Callable, Collection, Iterator, Mapping
from pathlib import Path
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.doctor.examine import known_rules
from wharf.doctor.finding import Finding, Severity
from wharf.doctor.language import Words
from wharf.doctor.linters.actionlint import ACTIONLINT
from wharf.doctor.linters.calling import Called
from wharf.doctor.linters.hadolint import HADOLINT
from wharf.doctor.linters.linted import Linted, Linter, NotUnderstood
from wharf.doctor.linters.zizmor import ZIZMOR
from wharf.doctor.rule import Rule
from wharf.formats.span import Span

LINTERS: Final = (HADOLINT, ACTIONLINT, ZIZMOR)
LINTER_NAMES: Final = tuple(linter.name for linter in LINTERS)
DEADLINE: Final = 8.0
"""From when they are called: our own rules are soon done."""
_MOST_FILES: Final = 300


def linter_rules(
    folder: Path, paths: Collection[str], deadline: float = DEADLINE, search: str | None = None
) -> tuple[Rule, ...]:
    """One for each checker that is installed, on `PATH` or on `search`. One that lies in the folder is never run.

    They are called at once, for these paths, and work while our own rules do.
    """
    found = ((linter, _program(linter, folder, search)) for linter in LINTERS)
    return tuple(
        _rule(linter, _Asking(linter, program, folder, deadline), paths) for linter, program in found if program
    )


def _program(linter: Linter, folder: Path, search: str | None) -> str | None:
    found = shutil.which(linter.name, path=search)
    if found is None or Path(found).resolve().is_relative_to(folder.resolve()):
        return None
    return str(Path(found).absolute())


def _rule(linter: Linter, asking: "_Asking", paths: Collection[str]) -> Rule:
    title = Words(f"What {linter.name} finds", f"{linter.name}이(가) 찾은 것")
    asking.call(_taken(linter, paths))
    return Rule(linter.name, Severity.WARNING, title, _check(linter, asking), runs_last=True)


def _taken(linter: Linter, paths: Collection[str]) -> tuple[str, ...]:
    return tuple(sorted(path for path in paths if linter.takes(path)))[:_MOST_FILES]


def _check(linter: Linter, asking: "_Asking") -> Callable[[Checkout], Iterator[Finding]]:
    def check(checkout: Checkout) -> Iterator[Finding]:
        if not (paths := _taken(linter, checkout.files.paths())):
            return
        said = asking.said(paths)
        if isinstance(said, Words):
            yield Finding(Span.at(paths[0]), said, severity=Severity.NOTE)
        else:
            yield from told(linter, said, checkout)

    return check


class _Asking:
    """One checker. The program is run once for the same files, however often the folder is looked at."""

    def __init__(self, linter: Linter, program: str, folder: Path, deadline: float) -> None:
        self._linter = linter
        self._command = (program, *linter.arguments)
        self._folder = folder
        self._deadline = deadline
        self._called: dict[tuple[str, ...], Called | Words] = {}
        self._said: dict[tuple[str, ...], tuple[Linted, ...] | Words] = {}

    def call(self, paths: tuple[str, ...]) -> None:
        if not paths or paths in self._called:
            return
        try:
            command = (*self._command, *(f"./{path}" for path in paths))
            self._called[paths] = Called(command, self._folder, self._deadline)
        except OSError:
            self._called[paths] = self._nothing("it could not be run")

    def said(self, paths: tuple[str, ...]) -> tuple[Linted, ...] | Words:
        """Or why it says nothing."""
        self.call(paths)
        if paths not in self._said:
            called = self._called[paths]
            self._said[paths] = called if isinstance(called, Words) else self._read(called)
        return self._said[paths]

    def _read(self, called: Called) -> tuple[Linted, ...] | Words:
        if (printed := called.printed()) is None:
            return self._nothing(f"it took longer than {self._deadline:.0f} seconds")
        try:
            return self._linter.read(printed)
        except NotUnderstood:
            return self._nothing("what it printed is not understood")

    def _nothing(self, why: str) -> Words:
        name = self._linter.name
        return Words(f"{name} said nothing: {why}", f"{name} 결과가 없습니다: {why}")


def told(linter: Linter, said: tuple[Linted, ...], checkout: Checkout) -> Iterator[Finding]:
    """Without what a rule of ours says of the same line."""
    ours = _places(linter.same, said, checkout)
    for linted in said:
        if (linted.code, linted.span.file, linted.span.line) not in ours:
            words = f"{linted.code}: {linted.says}"
            yield Finding(linted.span, Words(words, words), severity=linted.severity)


def _places(
    same: Mapping[str, tuple[str, ...]], said: tuple[Linted, ...], checkout: Checkout
) -> frozenset[tuple[str, str, int]]:
    """Where our rules say the same, or show what they say."""
    wanted = {ours for linted in said for ours in same.get(linted.code, ())}
    found = {rule.id: tuple(rule.check(checkout)) for rule in known_rules() if rule.id in wanted}
    return frozenset(
        (code, span.file, span.line)
        for code, ours in same.items()
        for name in ours
        for finding in found.get(name, ())
        for span in (finding.span, *(evidence.span for evidence in finding.evidence))
        if span is not None
    )
