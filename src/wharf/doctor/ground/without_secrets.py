"""What a program said, so that it can be repeated: whatever could be a secret in it is taken out."""

import re
from typing import Final

from wharf.errors import shown

_GONE: Final = "…"
_after_words = re.compile(
    r"(?i)\b(bearer|basic|token|password|passwd|secret|auth)([\"']?\s*[:= ]\s*[\"']?)[^\s\"',;]{6,}"
)
_in_addresses = re.compile(r"(://)[^/@\s]{1,500}@")
_like_tokens = re.compile(r"\b(?:gh[a-z]_|github_pat_|glpat-|dckr_[a-z]{3}_|eyJ)[\w.+=-]+|[A-Za-z0-9+_=-]{28,}")

_word = re.compile(r"[^\s\"'`,;()<>\[\]{}]{8,}")
_digit_and_letter = re.compile(r"(?=.*[0-9])(?=.*[A-Za-z])").match
_harmless = re.compile(
    r"""(?ix) (?: 0x[0-9a-f]{1,16} | [/~.].* | [a-z]:\\.* | \w+://.* | \d{4}-\d\d-\d\d.*
    | (?:[\w-]{1,63}\.){1,8}[a-z]{2,18} (?: [:/].*)? | v?\d+(?:\.\d+){1,3}\S{0,12}
    | [a-z]{2,20}(?:[-_.][a-z]{2,20}){0,6}\d{0,2}:? )"""
).fullmatch
"""Paths, addresses, dates, versions, numbers of errors, names that end in a number."""


_after_options = re.compile(r"((?:\s-p|\s--password)[= ]\s*)(?![-$%<{])[^\s\"']{1,500}")
_known_tokens = re.compile(r"\b(?:gh[a-z]_|github_pat_|glpat-|dckr_[a-z]{3}_|eyJ)[\w.+=-]{10,}")


def as_it_may_be_shown(line: str) -> str:
    """A line of a log, which is repeated as it stands but for what is surely secret in it."""
    plain = _after_options.sub(rf"\1{_GONE}", _in_addresses.sub(rf"\1{_GONE}@", line))
    return _known_tokens.sub(_GONE, plain)


def without_secrets(text: str) -> str:
    """Too much is taken out at times: a long name may look like a token."""
    plain = " ".join(text.replace("\0", "").split())[:2000]
    plain = _in_addresses.sub(rf"\1{_GONE}@", plain)
    plain = _after_words.sub(rf"\1\2{_GONE}", plain)
    plain = _word.sub(lambda word: _GONE if _is_like_a_password(word[0]) else word[0], plain)
    return shown(_like_tokens.sub(_GONE, plain))


def _is_like_a_password(word: str) -> bool:
    return bool(_digit_and_letter(word)) and not _harmless(word)
