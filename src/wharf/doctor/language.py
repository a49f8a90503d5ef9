"""The languages in which failures are explained, and words that exist in every one of them.

Which language a person reads is taken from the locale of the environment, as POSIX orders its variables.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Final


class Language(Enum):
    ENGLISH = "en"
    KOREAN = "ko"


LOCALE_VARIABLES: Final = ("LC_ALL", "LC_MESSAGES", "LANG")
"""The first one that is set decides."""


@dataclass(frozen=True, slots=True)
class Words:
    """One statement, said in each language."""

    english: str
    korean: str

    def in_(self, language: Language) -> str:
        return self.korean if language is Language.KOREAN else self.english


def language_of(environ: Mapping[str, str]) -> Language:
    """The language of `ko_KR.UTF-8`, `ko` or `korean` is Korean; of anything else it is English."""
    locale = next((environ[name] for name in LOCALE_VARIABLES if environ.get(name)), "")
    tongue = locale.partition(".")[0].partition("@")[0].replace("-", "_").partition("_")[0].lower()
    return Language.KOREAN if tongue in {"ko", "kor", "korean"} else Language.ENGLISH
