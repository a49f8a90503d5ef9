"""Simple commands while they are read: their words, assignments, redirections and heredocs."""

import re
from typing import Final

from wharf.formats.shell.syntax import Assignment, Literal, Redirect, Simple, Word
from wharf.formats.shell.words import MOST_HEREDOCS, WordReader
from wharf.formats.span import Span
from wharf.formats.text import Text

DECLARING: Final = frozenset({"export", "local", "declare", "readonly", "typeset"})
_NOWHERE: Final = Span.at("")
_blank: Final = re.compile(r"(?:[ \t\r]|\\\r?\n)+")
_comment: Final = re.compile(r"#[^\n]*")
_assignment: Final = re.compile(r"([A-Za-z_]\w*)(\[)?(\+?=)?")
_redirect: Final = re.compile(r"([0-9]{1,4})?(<<<|<<-|<<|<&|<>|>>|>\||>&|&>>|&>|<(?!\()|>(?!\())")
_leading_tabs: Final = re.compile(r"^\t+", re.MULTILINE)


class SimpleReader(WordReader):
    """Reads one simple command."""

    def end_line(self) -> None:
        self.at = self.behind_heredocs.get(self.at, self.at + 1)

    def skip_blanks(self) -> None:
        if blank := _blank.match(self.flat, self.at):
            self.at = blank.end()
        if self.starts("#") and (comment := _comment.match(self.flat, self.at)):
            self.at = comment.end()

    def skip_lines(self) -> None:
        self.skip_blanks()
        while self.starts("\n"):
            self.end_line()
            self.skip_blanks()

    def redirects(self) -> tuple[Redirect, ...]:
        found = []
        self.skip_blanks()
        while redirect := self._redirect():
            found.append(redirect)
            self.skip_blanks()
        return tuple(found)

    def simple(self) -> Simple | None:
        start = end = self.at
        words: list[Word] = []
        assignments: list[Assignment] = []
        declared: list[Assignment] = []
        redirects: list[Redirect] = []
        while self.at < len(self.flat):
            if redirect := self._redirect():
                redirects.append(redirect)
            elif self.flat[self.at] in "\n;&|()":
                break
            elif assignment := self._assignment(words):
                (declared if words else assignments).append(assignment)
            else:
                before = self.at
                words.append(self.word())
                if self.at == before:
                    break
            end = self.at
            self.skip_blanks()
        if not (words or assignments or redirects):
            return None
        text = self.text[start:end]
        return Simple(
            text.span or _NOWHERE, text, tuple(words), tuple(assignments), tuple(declared), tuple(redirects)
        )  # fmt: skip

    def _assignment(self, words: list[Word]) -> Assignment | None:
        if words and words[0].literal not in DECLARING:
            return None
        found = _assignment.match(self.flat, self.at)
        if found is None or not (found.group(3) or found.group(2)):
            return None
        before, self.at = self.at, found.end()
        index, operator = None, found.group(3)
        if found.group(2):
            index, operator = self._assigned_index()
        if operator is None:
            self.at = before
            return None
        is_appended = operator == "+="
        if self.starts("("):
            return Assignment(found.group(1), self._elements(), is_appended)
        return Assignment(found.group(1), self.word(), is_appended, index)

    def _assigned_index(self) -> tuple[Word | None, str | None]:
        self.at -= 1
        index = self._index()
        operator = "+=" if self.starts("+=") else "=" if self.starts("=") else None
        self.at += len(operator or "")
        return index, operator

    def _elements(self) -> tuple[Word, ...]:
        start = self.at
        self.at += 1
        words = []
        self.skip_lines()
        while self.at < len(self.flat) and not self.starts(")"):
            before = self.at
            words.append(self.word())
            self.skip_lines()
            if self.at == before:
                self.problem(start, self.at)
                break
        self.at += self.starts(")")
        return tuple(words)

    def _redirect(self) -> Redirect | None:
        found = _redirect.match(self.flat, self.at)
        if found is None:
            return None
        self.at = found.end()
        descriptor = int(found.group(1)) if found.group(1) else None
        operator = found.group(2)
        self.skip_blanks()
        if operator in ("<<", "<<-"):
            return Redirect("<<", descriptor, self._heredoc(strips_tabs=operator == "<<-"))
        return Redirect(operator, descriptor, self.word())

    def _heredoc(self, *, strips_tabs: bool) -> Word:
        start = self.at
        delimiter = self.word()
        line_end = self._end_of_logical_line()
        begin = self.behind_heredocs.get(line_end, line_end + 1)
        mark = delimiter.literal
        if mark is None or len(self.behind_heredocs) >= MOST_HEREDOCS:
            self.problem(start, self.at)
            return Word()
        tabs = "\t*" if strips_tabs else ""
        end = re.compile(rf"^{tabs}{re.escape(mark)}[ \t\r]*$", re.MULTILINE).search(self.flat, begin)
        if end is None:
            self.problem(start, self.at)
        last = end.start() if end else len(self.flat)
        self.behind_heredocs[line_end] = min(end.end() + 1, len(self.flat)) if end else len(self.flat)
        text = self.text[begin:last]
        if strips_tabs:
            text = without_leading_tabs(text)
        return Word((Literal(text, is_quoted=True),)) if delimiter.is_quoted else self.body(text)

    def _end_of_logical_line(self) -> int:
        at = self.flat.find("\n", self.at)
        while at > 0 and self.flat[at - 1] == "\\":
            at = self.flat.find("\n", at + 1)
        return at if at >= 0 else len(self.flat)


def without_leading_tabs(text: Text) -> Text:
    pieces, start = [], 0
    for tabs in _leading_tabs.finditer(text.flat):
        pieces.append(text[start : tabs.start()])
        start = tabs.end()
    return Text.joined([*pieces, text[start:]])
