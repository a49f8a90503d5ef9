"""Nothing but `latest` is pushed, so that nobody can say which commit runs, or go back."""

from collections.abc import Iterator
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.doctor.finding import Finding, Fix, Severity
from wharf.doctor.language import Words
from wharf.doctor.rule import Rule
from wharf.doctor.rules.gitlab.commands import Named, images_named
from wharf.formats.text import Text


def _check(checkout: Checkout) -> Iterator[Finding]:
    pushed: dict[Text, list[Named]] = {}
    for _, named in checkout.once(images_named):
        if named.is_pushed:
            pushed.setdefault(named.repository, []).append(named)
    for named_ones in pushed.values():
        if all(_is_latest(named) for named in named_ones):
            yield _finding(named_ones[0])


def _is_latest(named: Named) -> bool:
    tag = named.tag
    return "@" not in named.reference.flat and (tag is None or tag.value == "latest") and not named.repository.holes[1:]


def _finding(named: Named) -> Finding:
    return Finding(
        named.ran.span,
        Words(
            f"of {named.repository.shown} nothing but latest is pushed",
            f"{named.repository.shown}에는 latest만 올라갑니다",
        ),
        cause=Words(
            "The next push takes its place: which commit runs cannot be told, and there is nothing to go back to.",
            "다음에 올리면 덮어써집니다. 어느 커밋이 돌고 있는지 알 수 없고, 되돌아갈 것도 없습니다.",
        ),
        fixes=(
            Fix(
                Words(
                    "Push $CI_COMMIT_SHORT_SHA as well, and deploy that.",
                    "$CI_COMMIT_SHORT_SHA 태그도 함께 올리고, 배포에는 그것을 쓰세요.",
                )
            ),
        ),
    )


RULE: Final = Rule(
    "gitlab-only-latest",
    Severity.NOTE,
    Words("Nothing but `latest` is pushed", "`latest`만 올립니다"),
    _check,
)
