"""Workflows that call each other, or actions that use each other, in a circle."""

from collections.abc import Iterator, Mapping
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.doctor.finding import Finding, Severity
from wharf.doctor.language import Words
from wharf.doctor.looks.workflows import local_actions, workflows
from wharf.doctor.rule import Rule
from wharf.formats.github.order import circling
from wharf.formats.span import Span
from wharf.formats.text import Text

_MOST: Final = 20
"""Of circles that are told."""
_Calls = Mapping[str, tuple[tuple[str, Span], ...]]
"""From files to those that they call, and where."""


def check(checkout: Checkout) -> Iterator[Finding]:
    calls = {**_calls_of_workflows(checkout), **_uses_of_actions(checkout)}
    for _ in range(_MOST):
        inside = circling({file: {other for other, _ in called} for file, called in calls.items()})
        found = next(((file, circle) for file in sorted(inside) if (circle := _way_back(file, inside, calls))), None)
        if found is None:
            return
        file, circle = found
        span = next(span for other, span in calls[file] if other == circle[1])
        yield _finding(span, circle)
        calls = {name: called for name, called in calls.items() if name not in circle}


def _calls_of_workflows(checkout: Checkout) -> _Calls:
    return {
        workflow.file: tuple(_called((job.uses, job.span) for job in workflow.jobs))
        for workflow in checkout.once(workflows)
    }


def _uses_of_actions(checkout: Checkout) -> _Calls:
    actions = checkout.once(local_actions)
    files = {action.file.rpartition("/")[0]: action.file for action in actions}
    return {
        action.file: tuple(
            (files[folder], span)
            for folder, span in _called((step.uses, step.span) for step in action.steps)
            if folder in files
        )
        for action in actions
    }


def _called(uses: Iterator[tuple[Text | None, Span]]) -> Iterator[tuple[str, Span]]:
    for text, span in uses:
        if text is not None and text.flat.startswith("./"):
            yield text.flat[2:].strip("/"), text.span or span


def _way_back(file: str, inside: frozenset[str], calls: _Calls) -> list[str]:
    """The files of the shortest circle from this one to itself; none, if it only lies between two circles."""
    came_from: dict[str, str] = {}
    waiting = [file]
    for current in waiting:
        for other, _ in calls[current]:
            if other in inside and other not in came_from:
                came_from[other] = current
                waiting.append(other)
    if file not in came_from:
        return []
    circle = [file, came_from[file]]
    while circle[-1] != file:
        circle.append(came_from[circle[-1]])
    return circle[::-1]


def _finding(span: Span, circle: list[str]) -> Finding:
    shown = " → ".join(circle)
    return Finding(
        span,
        Words(f"This call comes back to its own file: {shown}", f"이 호출은 자기 파일로 되돌아옵니다: {shown}"),
        cause=Words(
            "GitHub refuses workflows and actions that contain themselves",
            "GitHub는 자기 자신을 포함하는 워크플로와 액션을 거부합니다",
        ),
    )


RULE: Final = Rule(
    "called-in-a-circle",
    Severity.ERROR,
    Words("Workflows or actions that call each other in a circle", "서로를 부르는 워크플로나 액션"),
    check,
)
