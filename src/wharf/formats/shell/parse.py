"""A script of sh or bash, from its text to its commands. Nothing in a script makes reading it fail."""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Final

from wharf.formats.hole import Hole, Reason, Unknown
from wharf.formats.shell.syntax import (
    Arm,
    Assignment,
    Case,
    Chain,
    Check,
    Command,
    Count,
    For,
    Function,
    Group,
    If,
    Literal,
    Loop,
    Pipeline,
    Redirect,
    Redirected,
    Script,
    Simple,
    While,
    Word,
)
from wharf.formats.shell.words import MOST_HEREDOCS, PATTERN, PLAIN, TooDeep, WordReader
from wharf.formats.span import Span
from wharf.formats.text import Piece, Text

LONGEST: Final = 512 * 1024
DECLARING: Final = frozenset({"export", "local", "declare", "readonly", "typeset"})
_NOWHERE: Final = Span.at("")

_blank: Final = re.compile(r"(?:[ \t\r]|\\\r?\n)+")
_comment: Final = re.compile(r"#[^\n]*")
_reserved: Final = re.compile(
    r"(?:if|then|elif|else|fi|for|while|until|do|done|case|esac|select|function|time|\[\[|\{|\}|!)"
    r"(?=[\s;&|()<>]|\Z)"
)
_function: Final = re.compile(r"([A-Za-z_][\w.:-]{0,200})[ \t]*\([ \t]*\)")
_function_name: Final = re.compile(r"([A-Za-z_][\w.:-]{0,200})(?:[ \t]*\([ \t]*\))?")
_assignment: Final = re.compile(r"([A-Za-z_]\w*)(\[)?(\+?=)?")
_redirect: Final = re.compile(r"([0-9]{1,4})?(<<<|<<-|<<|<&|<>|>>|>\||>&|&>>|&>|<(?!\()|>(?!\())")
_operator: Final = re.compile(r"&&|\|\||[()<>]")
_in: Final = re.compile(r"in(?=[\s;])")
_leading_tabs: Final = re.compile(r"^\t+", re.MULTILINE)
_name: Final = re.compile(r"[A-Za-z_]\w*")


def parse_script(text: Text) -> Script:
    """The same text, written in the same place, is read once."""
    return _parsed(text.pieces)


@lru_cache(maxsize=1024)
def _parsed(pieces: tuple[Piece, ...]) -> Script:
    text = Text(pieces)
    if len(text) > LONGEST:
        return Script((), (Hole(Reason(Unknown.TOO_MUCH, "script"), text[:1].span),))
    problems: list[Hole] = []
    try:
        script = ScriptReader(text, problems).script("")
    except (TooDeep, RecursionError):
        return Script((), (Hole(Reason(Unknown.TOO_MUCH, "depth"), text[:1].span),))
    return Script(script.chains, tuple(problems))


class ScriptReader(WordReader):
    """Reads commands."""

    def script(self, ends: str, *words: str) -> Script:
        """Up to one of the words, in the place of a command, or to a character that ends it, or to the end."""
        chains: list[Chain] = []
        while not self._is_at_end(ends, words):
            before = self.at
            chain = self._chain()
            if chain is not None:
                chains.append(chain)
            if self.at == before:
                self._skip_what_is_wrong()
        return Script(tuple(chains))

    def _is_at_end(self, ends: str, words: tuple[str, ...]) -> bool:
        self._skip_separators(stops_at_double=";" in ends)
        if self.at >= len(self.flat):
            return True
        return self.flat[self.at] in ends or self._reserved() in words

    def _skip_what_is_wrong(self) -> None:
        end = self.flat.find("\n", self.at)
        end = end if end >= 0 else len(self.flat)
        self.problem(self.at, end)
        self.at = max(end, self.at + 1)

    def _skip_separators(self, *, stops_at_double: bool) -> None:
        while self.at < len(self.flat):
            self._skip_blanks()
            if self.starts("\n"):
                self._end_line()
            elif self.starts(";") and not (stops_at_double and self.peek(1) in (";", "&")):
                self.at += 1
            else:
                return

    def _end_line(self) -> None:
        self.at = self.behind_heredocs.get(self.at, self.at + 1)

    def _skip_blanks(self) -> None:
        if blank := _blank.match(self.flat, self.at):
            self.at = blank.end()
        if self.starts("#") and (comment := _comment.match(self.flat, self.at)):
            self.at = comment.end()

    def _skip_lines(self) -> None:
        self._skip_blanks()
        while self.starts("\n"):
            self._end_line()
            self._skip_blanks()

    def _reserved(self) -> str:
        found = _reserved.match(self.flat, self.at)
        return found.group() if found else ""

    def _takes(self, word: str) -> bool:
        if self._reserved() != word:
            return False
        self.at += len(word)
        return True

    def _expects(self, word: str, start: int) -> None:
        if not self._takes(word):
            self.problem(start, len(self.flat))

    def _chain(self) -> Chain | None:
        first = self._pipeline()
        if first is None:
            return None
        rest: list[tuple[str, Pipeline]] = []
        self._skip_blanks()
        while (operator := self.flat[self.at : self.at + 2]) in ("&&", "||"):
            self.at += 2
            self._skip_lines()
            pipeline = self._pipeline()
            if pipeline is None:
                break
            rest.append((operator, pipeline))
            self._skip_blanks()
        is_behind = self.starts("&")
        self.at += is_behind
        return Chain(first, tuple(rest), is_behind)

    def _pipeline(self) -> Pipeline | None:
        start, is_negated = self.at, False
        while self._reserved() in ("!", "time"):
            is_negated ^= self._reserved() == "!"
            self.at += len(self._reserved())
            self._skip_blanks()
        commands: list[Command] = []
        while (command := self._command()) is not None:
            commands.append(command)
            self._skip_blanks()
            if not self.starts("|") or self.starts("||"):
                break
            self.at += 2 if self.starts("|&") else 1
            self._skip_lines()
        return Pipeline(tuple(commands), is_negated, self.text[start : self.at]) if commands else None

    def _command(self) -> Command | None:
        self._skip_blanks()
        compound = self._compound()
        if compound is None:
            return self._simple()
        redirects = self._redirects()
        return Redirected(compound, redirects) if redirects else compound

    def _redirects(self) -> tuple[Redirect, ...]:
        found = []
        self._skip_blanks()
        while redirect := self._redirect():
            found.append(redirect)
            self._skip_blanks()
        return tuple(found)

    def _compound(self) -> Command | None:
        readers: dict[str, Callable[[int], Command]] = {
            "if": self._if, "for": self._for, "select": self._for, "while": self._while, "until": self._until,
            "case": self._case, "{": self._braced, "[[": self._check, "function": self._function,
        }  # fmt: skip
        start = self.at
        if word := self._reserved():
            if word not in readers:
                return None
            self.at += len(word)
            return readers[word](start)
        if self.starts("("):
            return self._round(start)
        if function := _function.match(self.flat, self.at):
            self.at = function.end()
            return self._function_of(function.group(1))
        return None

    def _inner(self, ends: str, *words: str) -> Script:
        return self.deeper(lambda: self.script(ends, *words))

    def _round(self, start: int) -> Command:
        if self.starts("((") and (end := self.end_of_sum(self.at + 2)) is not None:
            body = self.text[self.at + 2 : end]
            self.at = end + 2
            return Count(self.body(body), self.text[start : self.at])
        self.at += 1
        body_of_group = self._inner(")")
        if not self.starts(")"):
            self.problem(start, len(self.flat))
        self.at += 1
        return Group(body_of_group, is_apart=True)

    def _braced(self, start: int) -> Command:
        body = self._inner("", "}")
        self._expects("}", start)
        return Group(body, is_apart=False)

    def _if(self, start: int) -> Command:
        branches, otherwise = [], None
        while True:
            condition = self._inner("", "then", "fi", "else", "elif")
            self._expects("then", start)
            branches.append((condition, self._inner("", "elif", "else", "fi")))
            if not self._takes("elif"):
                break
        if self._takes("else"):
            otherwise = self._inner("", "fi")
        self._expects("fi", start)
        return If(tuple(branches), otherwise)

    def _while(self, start: int) -> Command:
        condition = self._inner("", "do", "done")
        return While(condition, self._loop_body(start), is_until=False)

    def _until(self, start: int) -> Command:
        condition = self._inner("", "do", "done")
        return While(condition, self._loop_body(start), is_until=True)

    def _loop_body(self, start: int) -> Script:
        self._skip_separators(stops_at_double=False)
        self._expects("do", start)
        body = self._inner("", "done")
        self._expects("done", start)
        return body

    def _for(self, start: int) -> Command:
        self._skip_blanks()
        if self.starts("((") and (end := self.end_of_sum(self.at + 2)) is not None:
            self.at = end + 2
            return Loop(self._loop_body(start), self.text[start : end + 2])
        name = _name.match(self.flat, self.at)
        if name is None:
            self.problem(start, self.at)
            return Loop(self._loop_body(start), self.text[start : self.at])
        self.at = name.end()
        words = self._for_words()
        end = self.at
        body = self._loop_body(start)
        if self.flat.startswith("select", start):
            return Loop(body, self.text[start:end], name.group())
        return For(name.group(), words, body)

    def _for_words(self) -> tuple[Word, ...] | None:
        self._skip_lines()
        if not _in.match(self.flat, self.at):
            return None
        self.at += 2
        words = []
        self._skip_blanks()
        while self.at < len(self.flat) and self.flat[self.at] not in "\n;&|()":
            before = self.at
            words.append(self.word())
            self._skip_blanks()
            if self.at == before:
                break
        return tuple(words)

    def _case(self, start: int) -> Command:
        self._skip_blanks()
        word = self.word()
        end = self.at
        self._skip_lines()
        if self.starts("in"):
            self.at += 2
        else:
            self.problem(start, self.at)
        arms = []
        self._skip_separators(stops_at_double=False)
        while self.at < len(self.flat) and self._reserved() != "esac":
            before = self.at
            arms.append(self._arm(start))
            self._skip_separators(stops_at_double=False)
            if self.at == before:
                break
        self._expects("esac", start)
        return Case(word, tuple(arms), self.text[start:end])

    def _arm(self, start: int) -> Arm:
        self.at += self.starts("(")
        patterns = []
        while True:
            self._skip_blanks()
            patterns.append(self.word())
            self._skip_blanks()
            if not self.starts("|"):
                break
            self.at += 1
        if self.starts(")"):
            self.at += 1
        else:
            self.problem(start, self.at)
        body = self._inner(";", "esac")
        end = next((end for end in (";;&", ";;", ";&") if self.starts(end)), "")
        self.at += len(end)
        return Arm(tuple(patterns), body, falls_through=end in (";&", ";;&"))

    def _function(self, start: int) -> Command:
        self._skip_blanks()
        name = _function_name.match(self.flat, self.at)
        if name is None:
            self.problem(start, self.at)
            return Group(Script(), is_apart=False)
        self.at = name.end()
        return self._function_of(name.group(1))

    def _function_of(self, name: str) -> Command:
        self._skip_lines()
        bodies: list[Command] = []

        def read() -> Script:
            body = self._command()
            if body is not None:
                bodies.append(body)
            return Script()

        self.deeper(read)
        return Function(name, bodies[0] if bodies else Group(Script(), is_apart=False))

    def _check(self, start: int) -> Command:
        words: list[Word] = []
        while True:
            self._skip_lines()
            if self.at >= len(self.flat):
                self.problem(start, self.at)
                break
            operator = _operator.match(self.flat, self.at)
            begin = self.at
            if operator and not (words and words[-1].literal == "=~"):
                self.at = operator.end()
                words.append(Word((Literal(self.text[begin : self.at], is_quoted=False),)))
                continue
            word = self.word(PATTERN if words and words[-1].literal == "=~" else PLAIN)
            if word.literal == "]]":
                break
            if self.at == begin:
                self.at += 1
            words.append(word)
        return Check(tuple(words), self.text[start : self.at])

    def _simple(self) -> Command | None:
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
            self._skip_blanks()
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
        self._skip_lines()
        while self.at < len(self.flat) and not self.starts(")"):
            before = self.at
            words.append(self.word())
            self._skip_lines()
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
        self._skip_blanks()
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
