"""A tag is asked for that CI pushes, and that the registry does not have."""

from collections.abc import Iterator
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.doctor.finding import Evidence, Finding, Fix, Severity
from wharf.doctor.language import Words
from wharf.doctor.rule import Rule
from wharf.doctor.rules.join.telling import broken
from wharf.doctor.rules.join.written_word import whole_word
from wharf.doctor.way.way import Answer, Fate


def check(checkout: Checkout) -> Iterator[Finding]:
    yield from (_finding(checkout, answer) for answer in broken(checkout, Fate.LOST))


def _finding(checkout: Checkout, answer: Answer) -> Finding:
    asked = answer.asked.reference.shown
    by = answer.by[0]
    return Finding(
        whole_word(checkout, answer.asked.span),
        Words(
            f"`{asked}` is not in the registry, though CI pushes it",
            f"CI가 푸시하지만 `{asked}`은(는) 레지스트리에 없습니다",
        ),
        (Evidence(Words(f"it is pushed here ({by.by})", f"여기서 푸시됩니다 ({by.by})"), by.span),),
        Words(
            "The run that pushes it has not ended yet, has failed, or the tag was deleted since.",
            "푸시하는 실행이 아직 끝나지 않았거나, 실패했거나, 그 뒤 태그가 삭제되었습니다.",
        ),
        (
            Fix(
                Words(
                    "look at the last run of that job, and deploy only after it has ended",
                    "그 작업의 마지막 실행을 확인하고, 끝난 뒤에 배포합니다",
                )
            ),
        ),
        Severity.ERROR if answer.asked.event is None else Severity.NOTE,
    )


RULE: Final = Rule(
    "tag-not-in-registry",
    Severity.ERROR,
    Words("A tag is deployed that the registry does not have", "레지스트리에 없는 태그를 배포합니다"),
    check,
    asks_registry=True,
)
