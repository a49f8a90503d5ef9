"""What a pipeline does because of an event: which of its jobs run, and what their scripts do."""

from wharf.formats.event import Event
from wharf.formats.files import Files
from wharf.formats.gitlab.pipeline import Pipeline
from wharf.formats.pipeline import JobRun
from wharf.formats.shell.start import Printed


def runs_of(pipeline: Pipeline, event: Event, files: Files, printed: Printed | None = None) -> tuple[JobRun, ...]:
    return ()
