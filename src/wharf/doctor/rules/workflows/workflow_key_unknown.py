"""A key, or the name of an event, that GitHub does not know at its place: GitHub refuses the file."""

from collections.abc import Iterator
from difflib import get_close_matches
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.doctor.finding import Edit, Finding, Fix, Severity
from wharf.doctor.language import Words
from wharf.doctor.looks.workflows import flaws
from wharf.doctor.rule import Rule
from wharf.formats.github import known_keys
from wharf.formats.github.workflow import Flaw, Wrong

_KEYS: Final = sorted(known_keys.WORKFLOW | known_keys.JOB | known_keys.CALLING_JOB | known_keys.STEP)
_EVENTS: Final = sorted(known_keys.EVENTS)


def check(checkout: Checkout) -> Iterator[Finding]:
    for flaw in checkout.once(flaws):
        if flaw.wrong is Wrong.UNKNOWN_KEY:
            said = Words(
                f"GitHub knows no key `{flaw.subject}` at this place",
                f"이 자리에 GitHub가 아는 키 중 `{flaw.subject}`은(는) 없습니다",
            )
            yield _finding(flaw, said, _KEYS)
        elif flaw.wrong is Wrong.UNKNOWN_EVENT:
            said = Words(f"GitHub knows no event `{flaw.subject}`", f"GitHub에는 `{flaw.subject}` 이벤트가 없습니다")
            yield _finding(flaw, said, _EVENTS)


def _finding(flaw: Flaw, said: Words, known: list[str]) -> Finding:
    near = [name for name in get_close_matches(flaw.subject, known, 1, 0.7) if name != flaw.subject]
    return Finding(
        flaw.span,
        said,
        cause=Words("GitHub refuses such a workflow", "GitHub는 이런 워크플로를 거부합니다"),
        fixes=tuple(Fix(Words(f"Write `{name}`", f"`{name}`(으)로 쓰세요"), (Edit(flaw.span, name),)) for name in near),
    )


RULE: Final = Rule(
    "workflow-key-unknown",
    Severity.ERROR,
    Words("A key that GitHub does not know", "GitHub가 모르는 키"),
    check,
)
