"""Jobs that wait for each other, so that none of them can ever begin."""

from collections.abc import Iterator
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.doctor.finding import Evidence, Finding, Severity
from wharf.doctor.language import Words
from wharf.doctor.looks.workflows import workflows
from wharf.doctor.rule import Rule
from wharf.formats.github.order import in_circles


def check(checkout: Checkout) -> Iterator[Finding]:
    for workflow in checkout.once(workflows):
        circle = in_circles(workflow.jobs)
        if not circle:
            continue
        names = ", ".join(f"`{job.id}`" for job in circle)
        yield Finding(
            circle[0].key.span,
            Words(f"These jobs wait for each other: {names}", f"이 작업들은 서로를 기다립니다: {names}"),
            evidence=tuple(
                Evidence(Words(f"`{job.id}` needs this", f"`{job.id}`의 needs"), need.span)
                for job in circle
                for need in job.needs
                if need.flat in {other.id for other in circle}
            ),
            cause=Words("GitHub refuses such a workflow", "GitHub는 이런 워크플로를 거부합니다"),
        )


RULE: Final = Rule(
    "needs-in-a-circle",
    Severity.ERROR,
    Words("Jobs that wait for each other", "서로를 기다리는 작업"),
    check,
)
