"""Regular expressions as `sed` and `grep` write them, for texts so short that they end in good time.

An expression with something repeated in something repeated is not tried at all.
"""

import re
from dataclasses import dataclass
from typing import Final

_MOST_STEPS: Final = 2_000_000
_LONGEST: Final = 300
_CLASSES: Final = {
    "[:space:]": r"\s", "[:digit:]": "0-9", "[:alpha:]": "A-Za-z", "[:alnum:]": "A-Za-z0-9", "[:upper:]": "A-Z",
    "[:lower:]": "a-z", "[:blank:]": r" \t", "[:xdigit:]": "0-9A-Fa-f", "[:punct:]": r"!-/:-@\[-`{-~",
}  # fmt: skip
_count: Final = re.compile(r"(\d{0,3})(?:,(\d{0,3}))?")


@dataclass(frozen=True)
class Expression:
    pattern: re.Pattern[str]
    repeats: int
    is_literal: bool

    def may_search(self, text: str) -> bool:
        """Whether it ends in good time."""
        longest = max((len(line) for line in text.split("\n")), default=0)
        steps: int = len(text) * longest**self.repeats
        return steps <= _MOST_STEPS


def expression(text: str, *, is_extended: bool, ignores_case: bool = False) -> Expression | None:
    """None where it is not understood, or might not end."""
    if len(text) > _LONGEST:
        return None
    translated = _Translation(text, is_extended=is_extended).whole()
    if translated is None:
        return None
    try:
        pattern = re.compile(translated.text, re.IGNORECASE if ignores_case else 0)
    except (re.error, OverflowError):
        return None
    return Expression(pattern, translated.repeats, translated.is_literal)


@dataclass(frozen=True)
class _Translated:
    text: str
    repeats: int
    is_literal: bool


class _Translation:
    def __init__(self, text: str, *, is_extended: bool) -> None:
        self._text = text
        self._is_extended = is_extended
        self._at = 0
        self._pieces: list[str] = []
        self._repeats = 0
        self._is_literal = True

    def whole(self) -> _Translated | None:
        while self._at < len(self._text):
            if not self._step():
                return None
        return _Translated("".join(self._pieces), self._repeats, self._is_literal)

    def _step(self) -> bool:
        letter = self._text[self._at]
        self._at += 1
        if letter == "\\":
            return self._escaped()
        if letter == "[":
            return self._set()
        if letter in "*+?{" and (letter == "*" or self._is_extended):
            return self._repeat(letter)
        if letter in "(|)" and self._is_extended:
            return self._group(letter)
        if letter in ".^$":
            self._is_literal = False
            return self._put("." if letter == "." else self._anchor(letter))
        return self._put(re.escape(letter))

    def _anchor(self, letter: str) -> str:
        if letter == "^":
            return "^" if self._at == 1 or self._is_extended else r"\^"
        is_last = self._at == len(self._text) or self._text[self._at] in "|)\\"
        return "$" if is_last or self._is_extended else r"\$"

    def _put(self, piece: str) -> bool:
        self._pieces.append(piece)
        return True

    def _escaped(self) -> bool:
        letter = self._text[self._at : self._at + 1]
        self._at += 1
        if not letter or letter.isdigit():
            return False
        if letter in "+?{" and not self._is_extended:
            return self._repeat(letter)
        if letter in "(|)" and not self._is_extended:
            return self._group(letter)
        if letter in "sSwWbB":
            self._is_literal = False
            return self._put("\\" + letter)
        if letter in "nt":
            return self._put("\\" + letter)
        return not (letter.isalpha() and letter not in "<>") and self._put(
            r"\b" if letter in "<>" else re.escape(letter)
        )  # fmt: skip

    def _group(self, letter: str) -> bool:
        self._is_literal = False
        if letter == "(" and self._text[self._at : self._at + 1] == "?":
            return False
        return self._put(letter)

    def _repeat(self, letter: str) -> bool:
        self._is_literal = False
        if not self._pieces or self._pieces[-1] in ("^", "(", "|"):
            return self._put(re.escape(letter))
        if self._pieces[-1] == ")" or (self._pieces[-1][-1:] in "*+?}" and len(self._pieces[-1]) > 2):
            return False
        if letter != "{":
            self._repeats += letter != "?"
            self._pieces[-1] = f"(?:{self._pieces[-1]}){letter}"
            return True
        found = _count.match(self._text, self._at)
        close = "}" if self._is_extended else "\\}"
        if found is None or not self._text.startswith(close, found.end()) or not found.group():
            return False
        self._at = found.end() + len(close)
        self._repeats += found.group(2) is not None
        self._pieces[-1] = f"(?:{self._pieces[-1]}){{{found.group()}}}"
        return True

    def _set(self) -> bool:
        self._is_literal = False
        at = self._at
        negation = "^" if self._text.startswith("^", at) else ""
        at += len(negation)
        body = ""
        is_first = True
        while at < len(self._text) and (self._text[at] != "]" or is_first):
            name = next((name for name in _CLASSES if self._text.startswith(name, at)), "")
            body += _CLASSES[name] if name else self._text[at] if self._text[at] == "-" else re.escape(self._text[at])
            at += len(name) or 1
            is_first = False
        if at >= len(self._text):
            return False
        self._at = at + 1
        return self._put(f"[{negation}{body}]")
