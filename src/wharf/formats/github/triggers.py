"""Whether an event starts a workflow."""

from typing import Final

from wharf.formats.event import Event
from wharf.formats.github.patterns import chosen
from wharf.formats.github.workflow import Filter, Trigger, Workflow
from wharf.formats.shell.ran import Certainty

_OF_A_BRANCH: Final = frozenset({"pull_request", "pull_request_target", "merge_group", "workflow_run"})
_USUAL_TYPES: Final = {
    "pull_request": frozenset({"opened", "synchronize", "reopened"}),
    "pull_request_target": frozenset({"opened", "synchronize", "reopened"}),
}


def triggered(workflow: Workflow, event: Event) -> Certainty | None:
    """None, where it does not start. PERHAPS, where it depends on the files that were changed."""
    trigger = workflow.trigger(event.name)
    if trigger is None or not _is_of_type(trigger, event) or not _is_of_ref(trigger, event):
        return None
    return Certainty.PERHAPS if trigger.paths is not None and not event.tag else Certainty.ALWAYS


def _is_of_type(trigger: Trigger, event: Event) -> bool:
    if not event.action:
        return True
    if trigger.types is not None:
        return event.action in {word.flat for word in trigger.types}
    usual = _USUAL_TYPES.get(event.name)
    return usual is None or event.action in usual


def _is_of_ref(trigger: Trigger, event: Event) -> bool:
    if event.name == "push":
        return _is_pushed(trigger, event)
    if event.name in _OF_A_BRANCH and trigger.branches is not None:
        branch = event.base_ref or event.branch
        if event.name == "workflow_run":
            branch = event.head_ref or event.branch
        return not branch or _passes(branch, trigger.branches)
    return True


def _is_pushed(trigger: Trigger, event: Event) -> bool:
    """Where only the one kind of ref is chosen from, the other kind starts nothing."""
    own, other = (trigger.tags, trigger.branches) if event.tag else (trigger.branches, trigger.tags)
    if own is None:
        return other is None
    return _passes(event.tag or event.branch, own)


def _passes(name: str, filter_: Filter) -> bool:
    found = chosen(name, [pattern.flat for pattern in filter_.patterns])
    return found is not filter_.ignores
