"""Workflows that tests write down and run for an event."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

from wharf.formats.event import Event
from wharf.formats.files import WrittenFiles
from wharf.formats.github.walk import runs_of
from wharf.formats.github.workflow import Workflow
from wharf.formats.github.workflow_file import parse_workflow
from wharf.formats.pipeline import ActionRun, JobRun
from wharf.formats.shell.start import Printed
from wharf.formats.text import Text

FILE = ".github/workflows/ci.yml"
SHA = "453a6545b97fe240727c378291230abeb793d851"
PUSH = Event("push", "refs/heads/main", SHA, "Acme/App", "main", datetime(2025, 8, 1, tzinfo=UTC))
TAG = replace(PUSH, ref="refs/tags/v1.2.3")
PULL = replace(PUSH, name="pull_request", ref="refs/pull/12/merge", base_ref="main", head_ref="feature")


def workflow(text: str) -> Workflow:
    return parse_workflow(Text.of_file(FILE, text))


def run(
    text: str, event: Event = PUSH, files: dict[str, str] | None = None, printed: Printed | None = None
) -> tuple[JobRun, ...]:
    return runs_of(workflow(text), event, WrittenFiles(files or {}), printed)


def job_of(steps: str, head: str = "") -> str:
    """A workflow with one job of these steps."""
    indented = "".join(f"      {line}\n" for line in steps.strip("\n").split("\n"))
    return f"on: push\njobs:\n  build:\n    runs-on: ubuntu-latest\n{head}    steps:\n{indented}"


def inputs_of(run: JobRun) -> list[dict[str, str]]:
    """What each action of the job is given, with holes as they are shown."""
    actions = [step.deed for step in run.steps if isinstance(step.deed, ActionRun)]
    return [shown(action.inputs) for action in actions]


def commands_of(run: JobRun) -> list[str]:
    return [" ".join(word.shown for word in command.words) for step in run.steps for command in step.commands]


def shown(texts: Mapping[str, Text]) -> dict[str, str]:
    return {name: text.shown for name, text in texts.items()}


def names(runs: tuple[JobRun, ...]) -> list[str]:
    return [run.job for run in runs]
