"""Every expression that is written in a workflow or an action, with the place of it and what may be asked for there."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from wharf.formats.github.expressions.template import inserted_in
from wharf.formats.github.workflow import Action, Job, Step, Workflow
from wharf.formats.text import Text
from wharf.formats.yaml.tree import List, Map, Node, Scalar

_SMALL: Final = frozenset({"github", "inputs", "vars"})
_OF_JOB: Final = _SMALL | {"needs", "strategy", "matrix"}
_RUNNING: Final = _OF_JOB | {"job", "runner", "env", "steps"}
_ALL: Final = _RUNNING | {"secrets"}
_BY_JOB_KEY: Final[Mapping[str, frozenset[str]]] = {
    "name": _OF_JOB,
    "if": _SMALL | {"needs"},
    "runs-on": _OF_JOB,
    "concurrency": _OF_JOB,
    "env": _OF_JOB | {"secrets"},
    "strategy": _SMALL | {"needs"},
    "with": _OF_JOB,
    "secrets": _OF_JOB | {"secrets"},
    "outputs": _ALL,
    "environment": _RUNNING,
    "defaults": _OF_JOB | {"env"},
}
_CONDITION: Final = "if"


@dataclass(frozen=True)
class WrittenExpression:
    inner: Text
    """Between `${{` and `}}`, or a whole `if`."""
    whole: Text
    """The text that it stands in."""
    contexts: frozenset[str] | None
    """That may be asked for there; None, where that is not checked."""
    job: Job | None = None
    step: Step | None = None
    is_closed: bool = True
    is_condition: bool = False


def expressions_of(workflow: Workflow) -> Iterator[WrittenExpression]:
    tree = workflow.tree
    yield from _in_node(tree.get("run-name"), _SMALL)
    yield from _in_node(tree.get("concurrency"), _SMALL)
    yield from _in_node(tree.get("env"), _SMALL | {"secrets"})
    for trigger in workflow.triggers:
        for text in trigger.outputs.values():
            yield from _in_text(text, _SMALL | {"jobs"})
    for job in workflow.jobs:
        yield from _of_job(job)


def expressions_of_action(action: Action) -> Iterator[WrittenExpression]:
    contexts = _RUNNING - {"needs", "vars"}
    for text in action.outputs.values():
        yield from _in_text(text, contexts)
    for step in action.steps:
        yield from _of_step(step, contexts, None)


def _of_job(job: Job) -> Iterator[WrittenExpression]:
    for entry in job.tree:
        key = entry.key.text.flat
        if key == "steps":
            continue
        is_condition = key == _CONDITION
        yield from _in_node(entry.value, _BY_JOB_KEY.get(key), job, is_condition=is_condition)
    for step in job.steps:
        yield from _of_step(step, _ALL, job)


def _of_step(step: Step, contexts: frozenset[str], job: Job | None) -> Iterator[WrittenExpression]:
    for entry in step.tree:
        is_condition = entry.key.text.flat == _CONDITION
        own = contexts - {"secrets"} if is_condition else contexts
        yield from _in_node(entry.value, own, job, step, is_condition=is_condition)


def _in_node(
    node: Node | None,
    contexts: frozenset[str] | None,
    job: Job | None = None,
    step: Step | None = None,
    *,
    is_condition: bool = False,
) -> Iterator[WrittenExpression]:
    if is_condition and isinstance(node, Scalar) and "${{" not in node.text.flat:
        if node.text.flat.strip():
            yield WrittenExpression(node.text, node.text, contexts, job, step, is_condition=True)
        return
    for text in _texts(node):
        yield from _in_text(text, contexts, job, step, is_condition=is_condition)


def _in_text(
    text: Text,
    contexts: frozenset[str] | None,
    job: Job | None = None,
    step: Step | None = None,
    *,
    is_condition: bool = False,
) -> Iterator[WrittenExpression]:
    for each in inserted_in(text):
        yield WrittenExpression(each.inner, text, contexts, job, step, each.is_closed, is_condition)


def _texts(node: Node | None) -> Iterator[Text]:
    waiting = [node]
    while waiting:
        current = waiting.pop()
        if isinstance(current, Scalar):
            yield current.text
        elif isinstance(current, Map):
            waiting += [entry.value for entry in reversed(current.entries)]
        elif isinstance(current, List):
            waiting += reversed(current.items)
