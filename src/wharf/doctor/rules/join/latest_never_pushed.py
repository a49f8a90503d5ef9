"""A deployment asks for `latest`, perhaps without saying so, and CI pushes only other tags."""

from collections.abc import Iterator
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.doctor.finding import Finding, Severity
from wharf.doctor.language import Words
from wharf.doctor.rule import Rule
from wharf.doctor.rules.join.telling import asks_for_latest, broken, finding, is_of_another_repository


def check(checkout: Checkout) -> Iterator[Finding]:
    for answer in broken(checkout):
        if asks_for_latest(answer) and not is_of_another_repository(answer):
            asked = answer.asked.reference.shown
            message = Words(
                f"`{asked}` asks for the tag `latest`, and CI never pushes it",
                f"`{asked}`은(는) `latest` 태그를 요청하지만 CI는 그 태그를 푸시하지 않습니다",
            )
            cause = Words(
                "`latest` is a tag like any other: it is there only if somebody pushes it.",
                "`latest`도 다른 태그와 같습니다: 누군가 푸시해야만 있습니다.",
            )
            yield finding(checkout, answer, message, cause, None)


RULE: Final = Rule(
    "latest-never-pushed",
    Severity.ERROR,
    Words("`latest` is deployed, and CI never pushes it", "`latest`를 배포하지만 CI는 푸시하지 않습니다"),
    check,
)
