"""A deployment takes a movable tag where the one that it wants is not there, and that one never is."""

from collections.abc import Iterator
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.doctor.finding import Evidence, Finding, Fix, Severity
from wharf.doctor.language import Words
from wharf.doctor.rule import Rule
from wharf.doctor.rules.join.telling import broken
from wharf.doctor.way.way import Answer
from wharf.formats.span import Span


def check(checkout: Checkout) -> Iterator[Finding]:
    told: set[Span] = set()
    for answer in broken(checkout):
        for asked in answer.hidden_by[:1]:
            if asked.span not in told:
                told.add(asked.span)
                yield _finding(answer, asked.reference.shown, asked.span)


def _finding(answer: Answer, fallback: str, span: Span) -> Finding:
    wanted = answer.asked.reference.shown
    return Finding(
        span,
        Words(
            f"`{wanted}` is never there, so every deployment silently runs `{fallback}`",
            f"`{wanted}`은(는) 항상 없으므로 모든 배포가 조용히 `{fallback}`을(를) 실행합니다",
        ),
        (Evidence(Words(f"this is what is wanted: `{wanted}`", f"원하는 것은 `{wanted}`입니다"), answer.asked.span),),
        Words(
            "Whatever stands under that tag is deployed, and nobody sees that the wanted one is missing.",
            "그 태그에 있는 것이 어느 커밋의 것이든 배포되고, 원하는 태그가 없다는 것을 아무도 보지 못합니다.",
        ),
        (
            Fix(
                Words(
                    "mend the tag; then let the deployment fail where it is missing, instead of taking another image",
                    "먼저 태그를 고치고, 그 태그가 없으면 다른 이미지를 쓰지 말고 배포가 실패하게 합니다",
                )
            ),
        ),
    )


RULE: Final = Rule(
    "fallback-hides-missing-tag",
    Severity.WARNING,
    Words(
        "A movable tag hides that the wanted one is never there", "이동하는 태그가 원하는 태그가 없다는 것을 숨깁니다"
    ),
    check,
)
