"""A key stands twice in one mapping: GitLab takes the last one and says nothing."""

from collections.abc import Iterator
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.doctor.finding import Finding, Fix, Severity
from wharf.doctor.language import Words
from wharf.doctor.looks.gitlab import flaws
from wharf.doctor.rule import Rule
from wharf.formats.gitlab.flaws import Wrong


def _check(checkout: Checkout) -> Iterator[Finding]:
    for flaw in flaws(checkout, Wrong.REPEATED_KEY):
        yield Finding(
            flaw.span,
            Words(
                f"{flaw.subject} stands here a second time; what stood there first counts for nothing",
                f"{flaw.subject} 키가 여기에서 다시 나옵니다. 앞의 값은 버려집니다",
            ),
            cause=Words(
                "In YAML, names within one mapping must differ. GitLab takes the last one without a word.",
                "YAML에서는 같은 매핑 안의 키가 서로 달라야 합니다. GitLab은 아무 말 없이 마지막 값을 씁니다.",
            ),
            fixes=(
                Fix(Words("Put both into one, or give one of them another name.", "하나로 합치거나 이름을 바꾸세요.")),
            ),
        )


RULE: Final = Rule(
    "gitlab-repeated-key",
    Severity.WARNING,
    Words(
        "A key stands twice in one mapping of a GitLab pipeline",
        "GitLab 파이프라인의 한 매핑에 같은 키가 두 번 있습니다",
    ),
    _check,
)
