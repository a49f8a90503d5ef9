"""What stands around all jobs that one event starts: the event, the repository's files, and a bound on the steps."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from wharf.formats.event import Event
from wharf.formats.github.contexts import ENVIRONMENT_FILE, OUTPUT_FILE, TEMPORARY, known, ref_name_of, said_or_open
from wharf.formats.github.sources import Sources
from wharf.formats.github.workflow import Step, Workflow
from wharf.formats.hole import Unknown
from wharf.formats.shell.follow import follow
from wharf.formats.shell.ran import Followed
from wharf.formats.shell.start import Printed, Start
from wharf.formats.text import Text

MOST_STEPS: Final = 5_000
"""Of all jobs with all their combinations together; each job counts as one as well."""
A_CALL: Final = 10
"""What it counts when a workflow calls another one."""
DEEPEST: Final = 10
"""Of workflows that call workflows, and of actions that use actions, as GitHub has it."""
_OF_THE_MACHINE: Final = ("PATH", "HOME", "USER", "HOSTNAME", "TMPDIR", "LANG", "SHELL", "RUNNER_NAME")
_OF_THE_RUN: Final = frozenset(
    {"GITHUB_RUN_ID", "GITHUB_RUN_NUMBER", "GITHUB_RUN_ATTEMPT", "GITHUB_ACTOR", "GITHUB_ACTOR_ID", "GITHUB_ACTION"}
    | {"GITHUB_TRIGGERING_ACTOR", "GITHUB_REPOSITORY_ID", "GITHUB_REPOSITORY_OWNER_ID", "GITHUB_EVENT_PATH"}
    | {
        "GITHUB_STEP_SUMMARY",
        "GITHUB_WORKSPACE",
        "GITHUB_PATH",
        "GITHUB_STATE",
        "RUNNER_OS",
        "RUNNER_ARCH",
        "RUNNER_TOOL_CACHE",
    }
)


@dataclass
class Budget:
    """How many steps and jobs may still be taken."""

    left: int = MOST_STEPS

    def spend(self, much: int = 1) -> bool:
        self.left -= much
        return self.left >= 0


class Remembered:
    """Of each script how it was followed last: in many combinations of a matrix it is the same."""

    def __init__(self) -> None:
        self._last: dict[int, tuple[Text, Start, Followed]] = {}

    def follow(self, step: Step, script: Text, start: Start) -> Followed:
        last = self._last.get(id(step))
        if last is None or last[0] != script or last[1] != start:
            last = self._last[id(step)] = (script, start, follow(script, start))
        return last[2]


@dataclass(frozen=True)
class Around:
    event: Event
    sources: Sources
    printed: Printed
    budget: Budget = field(default_factory=Budget)
    remembered: Remembered = field(default_factory=Remembered)

    def local(self, uses: str) -> str | None:
        """The path of a workflow or an action in this repository; None for those of others."""
        if uses.startswith("./"):
            return uses[2:].strip("/")
        own = f"{self.event.repository}/".lower()
        if len(own) > 1 and uses.lower().startswith(own):
            return uses[len(own) :].partition("@")[0].strip("/")
        return None


def variables_of(event: Event, workflow: Workflow) -> Mapping[str, Text]:
    """What every step finds in its environment, whatever the workflow says; without the name of its job."""
    found = {
        "CI": known("true"),
        "GITHUB_ACTIONS": known("true"),
        "GITHUB_EVENT_NAME": known(event.name),
        "GITHUB_REF": known(event.ref),
        "GITHUB_REF_NAME": known(ref_name_of(event)),
        "GITHUB_REF_TYPE": known("tag" if event.tag else "branch"),
        "GITHUB_SHA": said_or_open(event.sha, "GITHUB_SHA"),
        "GITHUB_REPOSITORY": said_or_open(event.repository, "GITHUB_REPOSITORY"),
        "GITHUB_REPOSITORY_OWNER": said_or_open(event.repository.partition("/")[0], "GITHUB_REPOSITORY_OWNER"),
        "GITHUB_HEAD_REF": said_or_open(event.head_ref, "GITHUB_HEAD_REF") if event.number else known(""),
        "GITHUB_BASE_REF": known(event.base_ref),
        "GITHUB_WORKFLOW": workflow.name or known(workflow.file),
        "GITHUB_SERVER_URL": known("https://github.com"),
        "GITHUB_API_URL": known("https://api.github.com"),
        "GITHUB_GRAPHQL_URL": known("https://api.github.com/graphql"),
        "GITHUB_OUTPUT": known(OUTPUT_FILE),
        "GITHUB_ENV": known(ENVIRONMENT_FILE),
        "RUNNER_TEMP": known(TEMPORARY),
    }
    machine = {name: Text.unknown(Unknown.ENVIRONMENT, name) for name in _OF_THE_MACHINE}
    return found | machine | {name: Text.unknown(Unknown.RUN, name) for name in _OF_THE_RUN}
