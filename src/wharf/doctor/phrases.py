"""Statements in Korean, found by the English that they are known by: what rooms below this one say of clouds.

A phrase may have {names} in it for what is put in, which is said in Korean as well if it is a phrase itself.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import Final

from wharf.doctor.language import Language, Words
from wharf.doctor.tables import Table

_FILE: Final = "cloud_words.toml"
_name = re.compile(r"\{([a-z]+)\}")


class Phrases:
    def __init__(self, phrases: Iterable[Words]) -> None:
        self.all: Final = tuple(phrases)
        self._whole = {words.english: words.korean for words in self.all}
        self._with_names = [
            (_pattern(words.english), words.korean) for words in self.all if _name.search(words.english)
        ]

    def said(self, text: str, language: Language) -> str:
        """In this language; as it is, where nothing else is known."""
        return text if language is Language.ENGLISH else self._in_korean(text)

    def _in_korean(self, text: str) -> str:
        if text in self._whole:
            return self._whole[text]
        for pattern, korean in self._with_names:
            if found := pattern.fullmatch(text):
                return _filled(korean, {name: self._in_korean(value) for name, value in found.groupdict().items()})
        return text


@cache
def cloud_phrases() -> Phrases:
    text = files("wharf.doctor").joinpath(_FILE).read_text(encoding="utf-8")
    table = Table(tomllib.loads(text), _FILE)
    phrases = [Words(row.text("en"), row.text("ko")) for row in _rows(table)]
    table.end()
    return Phrases(phrases)


def _rows(table: Table) -> Iterable[Table]:
    for row in table.tables("words"):
        yield row
        row.end()


def _filled(korean: str, values: Mapping[str, str]) -> str:
    """All at once, so that what is put in is not looked through for names in its turn."""
    return _name.sub(lambda name: values[name[1]], korean)


def _pattern(english: str) -> re.Pattern[str]:
    """Each name stands for at least one character."""
    parts = _name.split(english)
    return re.compile("".join(f"(?P<{part}>.+)" if at % 2 else re.escape(part) for at, part in enumerate(parts)))
