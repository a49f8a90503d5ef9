"""What a workflow does because of an event: its jobs, once for each combination, and the steps that are taken."""

from wharf.formats.event import Event
from wharf.formats.files import Files
from wharf.formats.github.workflow import Workflow
from wharf.formats.pipeline import JobRun
from wharf.formats.shell.start import Printed


def runs_of(workflow: Workflow, event: Event, files: Files, printed: Printed | None = None) -> tuple[JobRun, ...]:
    """None, where the event does not start it. `files` is best a `Sources`, which reads each file once."""
    return ()
