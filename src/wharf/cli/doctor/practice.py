"""One visit of the doctor: a folder is looked at, and what comes of it is said in the form that was asked for."""

import gc
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from wharf import __version__
from wharf.cli.doctor.drawn import drawing
from wharf.cli.doctor.examination import Asking, Examination, Result
from wharf.cli.doctor.happened import Happened
from wharf.cli.doctor.told import told
from wharf.cli.doctor.wishes import Wishes
from wharf.cli.doctor.words import MENDED, NOT_MENDED, NOTHING_TO_MEND, TOO_MANY
from wharf.cli.exit_codes import FAILED, OK
from wharf.cli.output import Output
from wharf.cli.surroundings import Surroundings
from wharf.doctor.edits import Change
from wharf.doctor.examine import known_rules
from wharf.doctor.folder.folder import MOST_FILES, Folder
from wharf.doctor.folder.mending import Mended, mend
from wharf.doctor.history import History
from wharf.doctor.ignores import ignores_of
from wharf.doctor.language import Language, Words
from wharf.doctor.linters.running import LINTER_NAMES, linter_rules
from wharf.doctor.picture.picture import picture_of
from wharf.doctor.picture.svg import svg_of
from wharf.doctor.reports.annotations import annotations_of
from wharf.doctor.reports.document import Json, document_of
from wharf.doctor.reports.junit import junit_of
from wharf.doctor.reports.report import Report
from wharf.doctor.reports.sarif import sarif_of
from wharf.doctor.rule import Rule
from wharf.errors import SettingRefused, harmless


class Practice:
    """One call of the verb."""

    def __init__(self, surroundings: Surroundings, root: Path, wishes: Wishes, language: Language) -> None:
        self._output = Output(surroundings)
        self._is_watched = surroundings.out.isatty()
        self._root = root
        self._wishes = wishes
        self._language = language

    def look(self, history: History, happened: Happened, asking: Asking | None) -> int:
        folder = Folder(self._root)
        event = happened.as_event(history, datetime.now(UTC))
        ignores = ignores_of(folder, [*LINTER_NAMES, *(rule.id for rule in known_rules())])
        unseen = (_formatted(TOO_MANY, MOST_FILES),) if folder.is_cut_off else ()
        examination = Examination(history, event, ignores, asking, self._progress, unseen)
        examination.further = linter_rules(self._root, folder.paths())
        with _unswept():
            result = examination.of(folder)
        self._output.progress("")
        if self._wishes.fix or self._wishes.diff:
            return self._mend(examination, result)
        return self._tell(result)

    def _progress(self, rule: Rule, number: int, of: int) -> None:
        self._output.progress(f"{number + 1}/{of} {rule.title.in_(self._language)}")

    def _tell(self, result: Result, mended: tuple[Mended, ...] = ()) -> int:
        report = result.report(self._language)
        self._file(result, report)
        if self._wishes.as_json:
            done: list[Json] = [{"file": each.change.path, "diff": each.change.diff, "problem": each.problem or None}
                                for each in mended]  # fmt: skip
            self._output.json({**document_of(report), **({"mended": done} if self._wishes.fix else {})})
        else:
            for line in drawing(picture_of(result.way), self._language):
                self._output.painted(line)
            self._output.line("")
            for line in told(report, every_note=self._wishes.every_note):
                self._output.painted(line)
            for annotation in annotations_of(report) if self._wishes.annotations else ():
                self._output.command(harmless(annotation))
        return FAILED.code if self._fails(report) else OK.code

    def _mend(self, examination: Examination, result: Result) -> int:
        outcome = examination.mended(result)
        self._output.progress("")
        if not self._wishes.fix:
            self._show_all(outcome.changes)
            return FAILED.code if self._fails(result.report(self._language)) else OK.code
        done = mend(self._root, outcome.changes)
        if not self._wishes.as_json:
            for each in done:
                self._show(each.change)
                told = self._said(NOT_MENDED).format(each.problem) if each.problem else self._said(MENDED)
                self._output.line(f"{each.change.path}: {told}")
            self._output.lines([] if done else [self._said(NOTHING_TO_MEND)])
            self._output.line("")
        remaining = self._looked_again(examination) if done else result
        self._output.progress("")
        return self._tell(remaining, done)

    def _looked_again(self, examination: Examination) -> Result:
        """At the files as they are now; so do the checkers of others."""
        folder = Folder(self._root)
        examination.further = linter_rules(self._root, folder.paths())
        return examination.of(folder)

    def _show_all(self, changes: Sequence[Change]) -> None:
        if self._wishes.as_json:
            self._output.json({"changes": [{"file": each.path, "diff": each.diff} for each in changes]})
        elif not changes:
            self._output.note(self._said(NOTHING_TO_MEND))
        for change in () if self._wishes.as_json else changes:
            self._show(change)

    def _show(self, change: Change) -> None:
        """As a patch: what does not go to a terminal, and is nothing else, is to the byte what `git apply` takes."""
        if not self._is_watched and not self._wishes.fix:
            self._output.raw(change.diff.encode())
            return
        for line in change.diff.split("\n")[:-1]:
            colour = {"+": "green", "-": "red", "@": "cyan"}.get(line[:1], "")
            self._output.painted([(line, "bold" if line.startswith(("+++", "---")) else colour)])

    def _file(self, result: Result, report: Report) -> None:
        wishes = self._wishes
        if wishes.sarif is not None:
            _write(wishes.sarif, json.dumps(sarif_of(report, __version__), ensure_ascii=False, indent=1) + "\n")
        if wishes.junit is not None:
            _write(wishes.junit, junit_of(report))
        if wishes.picture is not None:
            _write(wishes.picture, svg_of(picture_of(result.way), self._language))

    def _fails(self, report: Report) -> bool:
        return self._wishes.fails(each.severity for each in report.found)

    def _said(self, words: Words) -> str:
        return words.in_(self._language)


@contextmanager
def _unswept() -> Iterator[None]:
    """What is seen is kept to the end: to look through it for what nobody needs would take a quarter of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.freeze()
            gc.enable()


def _formatted(words: Words, value: object) -> Words:
    return Words(words.english.format(value), words.korean.format(value))


def _write(path: Path, content: str) -> None:
    try:
        path.write_text(content, encoding="utf-8")
    except OSError as problem:
        raise SettingRefused(
            "file", str(path), "the command line", (problem.strerror or str(problem)).lower()
        ) from None
