"""A script of sh or bash, from its text to its commands. Nothing in a script makes reading it fail."""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Final

from wharf.formats.hole import Hole, Reason, Unknown
from wharf.formats.shell.simple_reader import SimpleReader
from wharf.formats.shell.syntax import (
    Arm,
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
    Redirected,
    Script,
    While,
    Word,
)
from wharf.formats.shell.words import PATTERN, PLAIN, TooDeep
from wharf.formats.text import Piece, Text

LONGEST: Final = 128 * 1024

_reserved: Final = re.compile(
    r"(?:if|then|elif|else|fi|for|while|until|do|done|case|esac|select|function|time|\[\[|\{|\}|!)"
    r"(?=[\s;&|()<>]|\Z)"
)
_function: Final = re.compile(r"([A-Za-z_][\w.:-]{0,200})[ \t]*\([ \t]*\)")
_function_name: Final = re.compile(r"([A-Za-z_][\w.:-]{0,200})(?:[ \t]*\([ \t]*\))?")
_operator: Final = re.compile(r"&&|\|\||[()<>]")
_in: Final = re.compile(r"in(?=[\s;])")
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


class ScriptReader(SimpleReader):
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
            self.skip_blanks()
            if self.starts("\n"):
                self.end_line()
            elif self.starts(";") and not (stops_at_double and self.peek(1) in (";", "&")):
                self.at += 1
            else:
                return

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
        self.skip_blanks()
        while (operator := self.flat[self.at : self.at + 2]) in ("&&", "||"):
            self.at += 2
            self.skip_lines()
            pipeline = self._pipeline()
            if pipeline is None:
                break
            rest.append((operator, pipeline))
            self.skip_blanks()
        is_behind = self.starts("&")
        self.at += is_behind
        return Chain(first, tuple(rest), is_behind)

    def _pipeline(self) -> Pipeline | None:
        start, is_negated = self.at, False
        while self._reserved() in ("!", "time"):
            is_negated ^= self._reserved() == "!"
            self.at += len(self._reserved())
            self.skip_blanks()
        commands: list[Command] = []
        while (command := self._command()) is not None:
            commands.append(command)
            self.skip_blanks()
            if not self.starts("|") or self.starts("||"):
                break
            self.at += 2 if self.starts("|&") else 1
            self.skip_lines()
        return Pipeline(tuple(commands), is_negated, self.text[start : self.at]) if commands else None

    def _command(self) -> Command | None:
        self.skip_blanks()
        compound = self._compound()
        if compound is None:
            return self.simple()
        redirects = self.redirects()
        return Redirected(compound, redirects) if redirects else compound

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
        self.skip_blanks()
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
        self.skip_lines()
        if not _in.match(self.flat, self.at):
            return None
        self.at += 2
        words = []
        self.skip_blanks()
        while self.at < len(self.flat) and self.flat[self.at] not in "\n;&|()":
            before = self.at
            words.append(self.word())
            self.skip_blanks()
            if self.at == before:
                break
        return tuple(words)

    def _case(self, start: int) -> Command:
        self.skip_blanks()
        word = self.word()
        end = self.at
        self.skip_lines()
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
            self.skip_blanks()
            patterns.append(self.word())
            self.skip_blanks()
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
        self.skip_blanks()
        name = _function_name.match(self.flat, self.at)
        if name is None:
            self.problem(start, self.at)
            return Group(Script(), is_apart=False)
        self.at = name.end()
        return self._function_of(name.group(1))

    def _function_of(self, name: str) -> Command:
        self.skip_lines()
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
            self.skip_lines()
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
