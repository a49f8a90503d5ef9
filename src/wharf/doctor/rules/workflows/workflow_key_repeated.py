"""A key that stands twice in one mapping of a workflow or an action: GitHub refuses the file."""

from collections.abc import Iterator
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.doctor.finding import Finding, Fix, Severity
from wharf.doctor.language import Words
from wharf.doctor.looks.workflows import flaws
from wharf.doctor.rule import Rule
from wharf.formats.github.workflow import Wrong


def check(checkout: Checkout) -> Iterator[Finding]:
    for flaw in checkout.once(flaws):
        if flaw.wrong is Wrong.REPEATED_KEY:
            yield Finding(
                flaw.span,
                Words(
                    f"`{flaw.subject}` stands here a second time", f"`{flaw.subject}`이(가) 여기에 두 번째로 나옵니다"
                ),
                cause=Words(
                    "GitHub refuses the file; other readers let the last one win in silence",
                    "GitHub는 이 파일을 거부하고, 다른 도구는 조용히 마지막 것을 씁니다",
                ),
                fixes=(Fix(Words("Put both into one, or take one away", "하나로 합치거나 하나를 지우세요")),),
            )


RULE: Final = Rule(
    "workflow-key-repeated",
    Severity.ERROR,
    Words("A key stands twice in a workflow", "워크플로에 같은 키가 두 번 있음"),
    check,
)
