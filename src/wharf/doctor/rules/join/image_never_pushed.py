"""A deployment asks for a repository that nothing is pushed to, and another one of that kind is pushed."""

from collections.abc import Iterator
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.doctor.finding import Finding, Severity
from wharf.doctor.language import Words
from wharf.doctor.rule import Rule
from wharf.doctor.rules.join.telling import broken, finding, gap_in_words, is_of_another_repository
from wharf.doctor.way.image_name import image_name


def check(checkout: Checkout) -> Iterator[Finding]:
    for answer in broken(checkout):
        if is_of_another_repository(answer):
            asked, there = answer.asked.reference, image_name(answer.near[0].reference)
            message = Words(
                f"nothing is ever pushed to the repository of `{asked.shown}`; CI pushes to `{there.repository.flat}`",
                f"`{asked.shown}`의 저장소에는 아무것도 푸시되지 않습니다. CI는 `{there.repository.flat}`에 푸시합니다",
            )
            yield finding(checkout, answer, message, gap_in_words(answer), None)


RULE: Final = Rule(
    "image-never-pushed",
    Severity.ERROR,
    Words("An image is deployed that CI pushes under another name", "CI가 다른 이름으로 푸시하는 이미지를 배포합니다"),
    check,
)
