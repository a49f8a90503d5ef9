"""Running a checker over the files of a folder, with a bound in time, and making rules of those that are installed."""

import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.doctor.examine import known_rules
from wharf.doctor.finding import Finding, Severity
from wharf.doctor.language import Words
from wharf.doctor.linters.actionlint import ACTIONLINT
from wharf.doctor.linters.hadolint import HADOLINT
from wharf.doctor.linters.linted import Linted, Linter, NotUnderstood
from wharf.doctor.linters.zizmor import ZIZMOR
from wharf.doctor.rule import Rule
from wharf.formats.span import Span

LINTERS: Final = (HADOLINT, ACTIONLINT, ZIZMOR)
LINTER_NAMES: Final = tuple(linter.name for linter in LINTERS)
DEADLINE: Final = 20.0
_MOST_FILES: Final = 300
_MOST_PRINTED: Final = 16 << 20


def linter_rules(folder: Path, deadline: float = DEADLINE, search: str | None = None) -> tuple[Rule, ...]:
    """One for each checker that is installed, on `PATH` or on `search`. One that lies in the folder is never run."""
    found = ((linter, _program(linter, folder, search)) for linter in LINTERS)
    return tuple(_rule(linter, program, folder, deadline) for linter, program in found if program)


def _program(linter: Linter, folder: Path, search: str | None) -> str | None:
    found = shutil.which(linter.name, path=search)
    if found is None or Path(found).resolve().is_relative_to(folder.resolve()):
        return None
    return str(Path(found).absolute())


def _rule(linter: Linter, program: str, folder: Path, deadline: float) -> Rule:
    title = Words(f"What {linter.name} finds", f"{linter.name}이(가) 찾은 것")
    return Rule(linter.name, Severity.WARNING, title, _check(linter, program, folder, deadline), runs_last=True)


def _check(linter: Linter, program: str, folder: Path, deadline: float) -> Callable[[Checkout], Iterator[Finding]]:
    """The program is run once, however often the folder is looked at."""
    known: dict[tuple[str, ...], tuple[Linted, ...] | Words] = {}

    def check(checkout: Checkout) -> Iterator[Finding]:
        paths = tuple(sorted(path for path in checkout.files.paths() if linter.takes(path)))[:_MOST_FILES]
        if not paths:
            return
        if paths not in known:
            known[paths] = _asked(linter, program, folder, paths, deadline)
        said = known[paths]
        if isinstance(said, Words):
            yield Finding(Span.at(paths[0]), said, severity=Severity.NOTE)
        else:
            yield from told(linter, said, checkout)

    return check


def _asked(
    linter: Linter, program: str, folder: Path, paths: tuple[str, ...], deadline: float
) -> tuple[Linted, ...] | Words:
    """Or why it says nothing."""
    command = [program, *linter.arguments, *(f"./{path}" for path in paths)]
    why = "it could not be run"
    try:
        ended = subprocess.run(  # noqa: S603 - a checker that the person has installed, with words of our own
            command,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=deadline,
            check=False,
            text=True,
            encoding="utf-8",
            errors="replace",
        )
        why = "what it printed is not understood"
        with suppress(NotUnderstood):
            return linter.read(ended.stdout[:_MOST_PRINTED])
    except subprocess.TimeoutExpired:
        why = f"it took longer than {deadline:.0f} seconds"
    except OSError:
        pass
    return Words(f"{linter.name} said nothing: {why}", f"{linter.name} 결과가 없습니다: {why}")


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
