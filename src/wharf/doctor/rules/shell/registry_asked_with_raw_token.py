"""`curl -H "Authorization: Bearer $GITHUB_TOKEN" https://ghcr.io/v2/...`: the registry wants another token."""

import re
from collections.abc import Iterator
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.doctor.finding import Finding, Fix, Severity
from wharf.doctor.language import Words
from wharf.doctor.looks.shell_runs import commands
from wharf.doctor.rule import Rule
from wharf.formats.hole import Unknown
from wharf.formats.shell.ran import Ran

_is_asked: Final = re.compile(r"https://ghcr\.io/v2/").match
_bearer: Final = re.compile(r"authorization:[ ]*bearer[ ]*", re.IGNORECASE)
_RAW: Final = frozenset({Unknown.SECRET, Unknown.ENVIRONMENT})


def check(checkout: Checkout) -> Iterator[Finding]:
    for _, ran in commands(checkout, "curl", "wget"):
        if any(_is_asked(word.flat) for word in ran.words[1:]) and _has_raw_token(ran):
            yield _finding(ran)


def _has_raw_token(ran: Ran) -> bool:
    for word in ran.words[1:]:
        found = _bearer.search(word.flat)
        if found is not None:
            token = word[found.end() :]
            return len(token) == 1 and len(token.holes) == 1 and _is_raw(token.holes[0].reason.kind, ran, token.shown)
    return False


def _is_raw(kind: Unknown, ran: Ran, shown: str) -> bool:
    return kind is Unknown.SECRET or (kind in _RAW and "GITHUB_TOKEN" in shown) or shown in ran.environment


def _finding(ran: Ran) -> Finding:
    return Finding(
        ran.span,
        Words(
            "ghcr.io does not take a token of GitHub as it is: this is always refused",
            "ghcr.io는 GitHub 토큰을 그대로 받지 않습니다. 항상 거절됩니다",
        ),
        (),
        Words(
            "It takes tokens of its own, which https://ghcr.io/token gives out for the one of GitHub",
            "ghcr.io는 https://ghcr.io/token 에서 GitHub 토큰으로 바꿔 받은 토큰만 받습니다",
        ),
        (
            Fix(
                Words(
                    "Use `wharf tags`, or exchange the token first",
                    "`wharf tags`를 쓰거나 토큰을 먼저 바꾸세요",
                )
            ),
        ),
    )


RULE: Final = Rule(
    "registry-asked-with-raw-token",
    Severity.WARNING,
    Words("A registry is asked with the wrong token", "잘못된 토큰으로 레지스트리에 묻습니다"),
    check,
)
