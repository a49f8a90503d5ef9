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


def without_secrets(text: str) -> str:
    """Too much is taken out at times: a long name may look like a token."""
    plain = " ".join(text.replace("\0", "").split())[:2000]
    plain = _in_addresses.sub(rf"\1{_GONE}@", plain)
    plain = _after_words.sub(rf"\1\2{_GONE}", plain)
    return shown(_like_tokens.sub(_GONE, plain))
