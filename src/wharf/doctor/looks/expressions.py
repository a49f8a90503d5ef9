"""Every expression in the workflows and actions of a repository, with what it asks for."""

from collections.abc import Iterator
from dataclasses import dataclass

from wharf.doctor.checkout import Checkout
from wharf.doctor.looks.workflows import local_actions, workflows
from wharf.formats.github.expressions.parse import Misread, parse_expression
from wharf.formats.github.expressions.paths import Path, calls_in, paths_in
from wharf.formats.github.expressions.tree import Call, Expression
from wharf.formats.github.workflow import Action, Workflow
from wharf.formats.github.written_expressions import WrittenExpression, expressions_of, expressions_of_action
from wharf.formats.span import Span


@dataclass(frozen=True)
class ReadExpression:
    written: WrittenExpression
    read: Expression | Misread
    workflow: Workflow | None = None
    """None for one in an action."""
    action: Action | None = None

    @property
    def paths(self) -> tuple[Path, ...]:
        return () if isinstance(self.read, Misread) else tuple(paths_in(self.read, self.written.inner.flat))

    @property
    def calls(self) -> tuple[Call, ...]:
        return () if isinstance(self.read, Misread) else tuple(calls_in(self.read))

    def span(self, start: int, end: int) -> Span:
        inner = self.written.inner
        return inner[start:end].span or inner.at(min(start, len(inner))) or self.written.whole.span or Span.at("")


def expressions(checkout: Checkout) -> tuple[ReadExpression, ...]:
    return tuple(_expressions(checkout))


def _expressions(checkout: Checkout) -> Iterator[ReadExpression]:
    for workflow in checkout.once(workflows):
        for written in expressions_of(workflow):
            yield ReadExpression(written, parse_expression(written.inner.flat), workflow)
    for action in checkout.once(local_actions):
        if action.using == "composite":
            for written in expressions_of_action(action):
                yield ReadExpression(written, parse_expression(written.inner.flat), action=action)
