"""A deployment takes a movable tag where the one that it wants is not there, and that one never is."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.doctor.finding import Evidence, Finding, Severity
from wharf.doctor.language import Words
from wharf.doctor.rule import Rule
from wharf.doctor.rules.join.telling import broken, finding
from wharf.doctor.way.way import Answer


def check(checkout: Checkout) -> Iterator[Finding]:
    yield from (_finding(checkout, answer) for answer in broken(checkout) if answer.hidden_by)


def _finding(checkout: Checkout, answer: Answer) -> Finding:
    wanted, instead = answer.asked.reference.shown, answer.hidden_by[0]
    taken = instead.reference.shown
    told = finding(
        checkout,
        answer,
        Words(
            f"`{wanted}` is never pushed, so every deployment silently runs `{taken}`",
            f"`{wanted}`은(는) 푸시되지 않으므로 모든 배포가 조용히 `{taken}`을(를) 실행합니다",
        ),
        Words(
            "Whatever stands under that tag at the moment is deployed, and nobody sees that the wanted one is missing.",
            "그 순간 그 태그에 있는 것이 배포되고, 원하는 태그가 없다는 것을 아무도 보지 못합니다.",
        ),
        None,
    )
    fallback = Evidence(
        Words(f"where it is not there, `{taken}` is taken", f"그것이 없으면 `{taken}`을(를) 씁니다"), instead.span
    )
    return replace(told, evidence=(*told.evidence, fallback))


RULE: Final = Rule(
    "fallback-hides-missing-tag",
    Severity.ERROR,
    Words(
        "A movable tag hides that the wanted one is never there", "이동하는 태그가 원하는 태그가 없다는 것을 숨깁니다"
    ),
    check,
)
