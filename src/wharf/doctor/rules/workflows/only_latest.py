"""Nothing but `latest` is pushed, so that nobody can say which commit runs, or go back."""

from collections.abc import Iterator
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.doctor.finding import Finding, Fix, Severity
from wharf.doctor.language import Words
from wharf.doctor.looks.image_jobs import Push, image_jobs
from wharf.doctor.rule import Rule
from wharf.doctor.way.image_name import image_name
from wharf.formats.text import Text


def check(checkout: Checkout) -> Iterator[Finding]:
    pushed: dict[Text, list[Push]] = {}
    for job in checkout.once(image_jobs):
        for push in job.pushes:
            pushed.setdefault(image_name(push.reference).repository, []).append(push)
    for repository, all_pushes in pushed.items():
        if all(_is_latest(push) for push in all_pushes):
            yield _finding(repository, all_pushes[0])


def _is_latest(push: Push) -> bool:
    """What is pushed by digest gets its tags later."""
    tag = image_name(push.reference).tag
    return tag is not None and tag.value == "latest" and not push.is_by_digest


def _finding(repository: Text, push: Push) -> Finding:
    return Finding(
        push.span,
        Words(
            f"Of {repository.shown} nothing but `latest` is pushed",
            f"{repository.shown}에는 `latest`만 올라갑니다",
        ),
        cause=Words(
            "The next push takes its place: which commit runs cannot be told, and there is nothing to go back to",
            "다음에 올리면 덮어써집니다. 어느 커밋이 돌고 있는지 알 수 없고, 되돌아갈 것도 없습니다",
        ),
        fixes=(
            Fix(
                Words(
                    "Push a tag with the commit as well, and deploy that one",
                    "커밋을 나타내는 태그도 함께 올리고, 배포에는 그것을 쓰세요",
                )
            ),
        ),
    )


RULE: Final = Rule(
    "only-latest",
    Severity.NOTE,
    Words("Nothing but `latest` is pushed", "`latest`만 올립니다"),
    check,
)
