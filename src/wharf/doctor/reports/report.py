"""A report: what was found, what was left out and why, and what could not be looked at."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from wharf.doctor.edits import diff_of
from wharf.doctor.examine import Broken, Found
from wharf.doctor.finding import Fix, Severity
from wharf.doctor.ignores import Ignore, Sifted
from wharf.doctor.language import Language, Words
from wharf.errors import FileNotThere, UnreadableFile
from wharf.formats.files import Files, WrittenFiles
from wharf.formats.span import Span

_MOST_ADDED: Final = 6


@dataclass(frozen=True)
class Report:
    """`not_looked_at`: what the findings say nothing about, because nobody could look."""

    found: tuple[Found, ...] = ()
    ignored: tuple[tuple[Found, Ignore], ...] = ()
    idle: tuple[Ignore, ...] = ()
    not_looked_at: tuple[Words, ...] = ()
    files: Files = field(default_factory=lambda: WrittenFiles({}))
    language: Language = Language.ENGLISH

    def said(self, words: Words) -> str:
        return words.in_(self.language)

    def told(self, fix: Fix) -> str:
        """Its words, and the lines that are new with it."""
        added = [line[1:].strip() for line in diff_of(fix, self.files).splitlines() if _is_added(line)]
        return "\n".join((self.said(fix.words), *(f"+ {line}" for line in added[:_MOST_ADDED])))

    def count(self, severity: Severity) -> int:
        return Counter(each.severity for each in self.found)[severity]

    def line(self, span: Span) -> str:
        """The line of the file that it begins on; empty, where there is none."""
        try:
            lines = self.files.read(span.file).flat.split("\n")
        except (FileNotThere, UnreadableFile):
            return ""
        return lines[span.line - 1].rstrip("\r") if 0 < span.line <= len(lines) else ""


def report_of(
    sifted: Sifted, files: Files, language: Language, not_looked_at: Iterable[Words] = (), broken: Iterable[Broken] = ()
) -> Report:
    """Rules that broke were not looked at."""
    failed = tuple(_words_of(each) for each in broken)
    return Report(sifted.told, sifted.ignored, sifted.idle, (*not_looked_at, *failed), files, language)


def _is_added(line: str) -> bool:
    return line.startswith("+") and not line.startswith("+++ ")


def _words_of(broken: Broken) -> Words:
    why = f"{type(broken.problem).__name__}: {broken.problem}"[:200]
    return Words(
        f"the rule {broken.rule.id}: it broke, which is a mistake in wharf ({why})",
        f"규칙 {broken.rule.id}: 규칙 자체가 멈추었습니다. wharf의 잘못입니다 ({why})",
    )
