"""What a workflow does because of an event: its jobs, once for each combination, and the steps that are taken."""

from wharf.formats.event import Event
from wharf.formats.files import Files
from wharf.formats.github.around import Around, Budget
from wharf.formats.github.contexts import dispatched, hole
from wharf.formats.github.expressions.values import Fields, Value
from wharf.formats.github.job_walk import Called, JobWalk
from wharf.formats.github.sources import Sources
from wharf.formats.github.triggers import triggered
from wharf.formats.github.workflow import Workflow
from wharf.formats.hole import Unknown
from wharf.formats.pipeline import JobRun
from wharf.formats.shell.known_commands import printed_at
from wharf.formats.shell.start import Printed
from wharf.formats.text import Text


def runs_of(
    workflow: Workflow, event: Event, files: Files, printed: Printed | None = None, budget: Budget | None = None
) -> tuple[JobRun, ...]:
    """None, where the event does not start it.

    `files` is best a `Sources`, which reads each file once. `printed` is what commands print at the event's commit,
    unless somebody knows better.
    """
    certainty = triggered(workflow, event)
    if certainty is None:
        return ()
    sources = files if isinstance(files, Sources) else Sources(files)
    around = Around(event, sources, printed or printed_at(event, sources), budget or Budget())
    walk = JobWalk(workflow, around, Called(_inputs_of(event, workflow), certainty, within=(workflow.file,)))
    walk.walk()
    return tuple(walk.runs)


def _inputs_of(event: Event, workflow: Workflow) -> Fields:
    if event.name == "workflow_dispatch":
        return dispatched(event, workflow)
    given: dict[str, Value] = {name: Text.known(said) for name, said in event.inputs.items()}
    is_called = event.name == "workflow_call"
    return Fields.of(given, (lambda name: hole(Unknown.INPUT, name)) if is_called else None)
