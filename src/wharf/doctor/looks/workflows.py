"""The workflows of a repository and its own actions, and what each of them does because of an event."""

import re
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.formats.event import Event
from wharf.formats.github.around import MOST_STEPS, Budget
from wharf.formats.github.sources import Sources
from wharf.formats.github.walk import runs_of
from wharf.formats.github.workflow import Action, Flaw, Workflow
from wharf.formats.github.workflow_file import parse_action, parse_workflow
from wharf.formats.pipeline import JobRun

_MOST_STEPS: Final = 40_000
"""Of all workflows and events together."""
_FEWEST_STEPS: Final = 300
"""Of each workflow for each event, even if the others have used up all."""
is_workflow = re.compile(r"\.github/workflows/[^/]+\.ya?ml").fullmatch
_is_surely_action = re.compile(r"(?:\.github/.*/)?action\.ya?ml").fullmatch
_is_action = re.compile(r"(?:.*/)?action\.ya?ml").fullmatch


def workflows(checkout: Checkout) -> tuple[Workflow, ...]:
    """In the order of their files."""
    paths = sorted(path for path in checkout.files.paths() if is_workflow(path))
    parsed = (checkout.parsed(path, parse_workflow) for path in paths)
    return tuple(workflow for workflow in parsed if workflow is not None)


def local_actions(checkout: Checkout) -> tuple[Action, ...]:
    """Files of that name elsewhere may be of another kind: if they cannot be read, nobody need know."""
    paths = sorted(path for path in checkout.files.paths() if _is_action(path))
    sources = Sources(checkout.files)
    parsed = (
        checkout.parsed(path, parse_action) if _is_surely_action(path) else sources.action_in(path) for path in paths
    )
    return tuple(action for action in parsed if action is not None and "runs" in action.tree)


def flaws(checkout: Checkout) -> tuple[Flaw, ...]:
    """Of all workflows and actions."""
    in_workflows = [flaw for workflow in checkout.once(workflows) for flaw in workflow.flaws]
    return (*in_workflows, *(flaw for action in checkout.once(local_actions) for flaw in action.flaws))


class WorkflowRuns:
    """What workflows do because of events, worked out once for each pair."""

    def __init__(self, checkout: Checkout) -> None:
        self._sources = Sources(checkout.files, [*checkout.once(workflows), *checkout.once(local_actions)])
        self._known: dict[tuple[str, Event], tuple[JobRun, ...]] = {}
        self._left = _MOST_STEPS

    def of(self, workflow: Workflow, event: Event) -> tuple[JobRun, ...]:
        """None, where the event does not start it."""
        pair = (workflow.file, event)
        if pair not in self._known:
            budget = Budget(min(MOST_STEPS, max(self._left, _FEWEST_STEPS)))
            given = budget.left
            self._known[pair] = runs_of(workflow, event, self._sources, budget=budget)
            self._left -= given - budget.left
        return self._known[pair]


def workflow_runs(checkout: Checkout) -> WorkflowRuns:
    return WorkflowRuns(checkout)
