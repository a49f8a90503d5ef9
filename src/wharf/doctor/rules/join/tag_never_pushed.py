"""A deployment asks for a tag that CI does not push, in a repository that CI does push to."""

from collections.abc import Iterator
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.doctor.finding import Finding, Severity
from wharf.doctor.language import Words
from wharf.doctor.rule import Rule
from wharf.doctor.rules.join.telling import asks_for_latest, broken, finding, gap_in_words, is_of_another_repository
from wharf.doctor.way.image_name import image_name
from wharf.doctor.way.nearness import commit_in
from wharf.doctor.way.way import Answer, Gap

_CI_PUSHES: Final = Words("CI pushes `{}`", "CI가 푸시하는 것은 `{}`입니다")
_REGISTRY_HAS: Final = Words("the registry has `{}`", "레지스트리에는 `{}`이(가) 있습니다")


def check(checkout: Checkout) -> Iterator[Finding]:
    for answer in broken(checkout):
        if not (is_of_another_repository(answer) or asks_for_latest(answer) or answer.hidden_by):
            yield _finding(checkout, answer)


def _finding(checkout: Checkout, answer: Answer) -> Finding:
    asked = answer.asked.reference.shown
    message = Words(
        f"`{asked}` is never pushed: the deployment will fail with `manifest unknown`",
        f"`{asked}`은(는) 푸시되지 않습니다: 배포가 `manifest unknown`으로 실패합니다",
    )
    if answer.near and answer.near[0].gap is not Gap.OTHER:
        nearest = answer.near[0].reference.shown.rsplit(":", 1)[-1]
        there = _CI_PUSHES if answer.near[0].pushed else _REGISTRY_HAS
        message = Words(
            f"{message.english}; {there.english.format(nearest)}", f"{message.korean}. {there.korean.format(nearest)}"
        )
    cause = gap_in_words(answer)
    return finding(checkout, answer, message, cause, _severity(checkout, answer))


def _severity(checkout: Checkout, answer: Answer) -> Severity | None:
    """What stands in a file may have been pushed in another way, as long as nobody looked into the registry."""
    commit = commit_in(image_name(answer.asked.reference).whole.flat, answer.event.sha)
    is_plain = commit is not None or any(one.gap in {Gap.VERSION_PREFIX, Gap.CAPITALS} for one in answer.near)
    return None if answer.asked.event is not None or is_plain or checkout.holdings is not None else Severity.NOTE


RULE: Final = Rule(
    "tag-never-pushed",
    Severity.ERROR,
    Words("A tag is deployed that CI never pushes", "CI가 푸시하지 않는 태그를 배포합니다"),
    check,
)
