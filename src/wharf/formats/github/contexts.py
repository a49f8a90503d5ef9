"""What expressions can ask for: what happened, on which machine, in which repository."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from wharf.formats.event import Event
from wharf.formats.github.expressions.coercions import text_of_value
from wharf.formats.github.expressions.evaluate import Scope
from wharf.formats.github.expressions.values import Fields, Value
from wharf.formats.github.node_values import value_of_node
from wharf.formats.github.workflow import Asks, Workflow
from wharf.formats.hole import Hole, Reason, Unknown
from wharf.formats.text import Text

OUTPUT_FILE: Final = "/runner/temp/set_output"
ENVIRONMENT_FILE: Final = "/runner/temp/set_env"
TEMPORARY: Final = "/runner/temp"
_PULLS: Final = frozenset({"pull_request", "pull_request_target"})
_OF_ONE_EVENT: Final = frozenset(
    {"pull_request", "number", "release", "issue", "comment", "inputs", "workflow_run", "client_payload", "schedule"}
    | {"deployment", "review", "discussion", "merge_group", "label", "milestone", "registry_package", "changes"}
    | {"head_commit", "commits", "deleted", "forced", "pusher", "compare"}
)
"""Parts that the other events do not have."""
_USUAL_KINDS: Final = MappingProxyType(
    {"release": "published", "pull_request": "opened", "pull_request_target": "opened"}
)
_NOT_TOLD: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "schedule": ("schedule",),
        "issues": ("issue", "label", "milestone", "changes"),
        "issue_comment": ("issue", "comment", "changes"),
        "pull_request_review": ("pull_request", "review", "changes"),
        "pull_request_review_comment": ("pull_request", "comment", "changes"),
        "repository_dispatch": ("client_payload",),
        "merge_group": ("merge_group",),
        "discussion": ("discussion", "label", "changes"),
        "discussion_comment": ("discussion", "comment", "changes"),
        "deployment": ("deployment",),
        "deployment_status": ("deployment",),
        "label": ("label", "changes"),
        "milestone": ("milestone", "changes"),
        "registry_package": ("registry_package",),
    }
)
"""Parts that are there, and of which nobody said what they hold."""


def hole(kind: Unknown, subject: str) -> Hole:
    return Hole(Reason(kind, subject))


def known(said: str) -> Text:
    return Text.known(said)


def said_or_open(said: str, what: str) -> Text:
    """Where there is no git, neither the repository nor the commit is known."""
    return known(said) if said else Text.unknown(Unknown.EVENT, what)


def ref_name_of(event: Event) -> str:
    """`main`, `v1.2.3`, `12/merge`."""
    return event.branch or event.tag or event.ref.removeprefix("refs/pull/")


def of_job(github: Fields, job: str) -> Fields:
    """The same with the job's name."""
    return Fields({**github.entries, "job": ("job", known(job))}, github.others)


def github_of(event: Event, workflow: Workflow) -> Fields:
    owner = event.repository.partition("/")[0]
    entries: dict[str, Value] = {
        "event_name": known(event.name),
        "event": _payload(event, workflow),
        "ref": known(event.ref),
        "ref_name": known(ref_name_of(event)),
        "ref_type": known("tag" if event.tag else "branch"),
        "sha": said_or_open(event.sha, "github.sha"),
        "head_ref": said_or_open(event.head_ref, "github.head_ref") if event.name in _PULLS else known(""),
        "base_ref": known(event.base_ref if event.name in _PULLS else ""),
        "repository": said_or_open(event.repository, "github.repository"),
        "repository_owner": said_or_open(owner, "github.repository_owner"),
        "repositoryurl": known(f"git://github.com/{event.repository}.git"),
        "workflow": workflow.name or known(workflow.file),
        "workflow_ref": known(f"{event.repository}/{workflow.file}@{event.ref}"),
        "workflow_sha": said_or_open(event.sha, "github.workflow_sha"),
        "token": hole(Unknown.SECRET, "GITHUB_TOKEN"),
        "server_url": known("https://github.com"),
        "api_url": known("https://api.github.com"),
        "graphql_url": known("https://api.github.com/graphql"),
        "output": known(OUTPUT_FILE),
        "env": known(ENVIRONMENT_FILE),
    }
    return Fields.of(entries, lambda name: hole(Unknown.RUN, f"github.{name}"))


def _payload(event: Event, workflow: Workflow) -> Fields:
    owner, _, name = event.repository.rpartition("/")
    repository: dict[str, Value] = {
        "full_name": said_or_open(event.repository, "github.event.repository.full_name"),
        "name": said_or_open(name, "github.event.repository.name"),
        "owner": _open("repository.owner", {"login": said_or_open(owner, "github.event.repository.owner.login")}),
        "default_branch": known(event.default_branch),
        "html_url": known(f"https://github.com/{event.repository}"),
        "clone_url": known(f"https://github.com/{event.repository}.git"),
    }
    entries: dict[str, Value] = {"repository": _open("repository", repository), **_own_parts(event, workflow)}
    if kind := kind_of(event, workflow):
        entries["action"] = known(kind)
    missing: dict[str, Value] = dict.fromkeys(_OF_ONE_EVENT)
    return _open("", missing | entries)


def kind_of(event: Event, workflow: Workflow) -> str:
    """`published`, `opened` and so on: what is said of it, or else what most likely starts the workflow."""
    usual = _USUAL_KINDS.get(event.name)
    trigger = workflow.trigger(event.name)
    if event.action or usual is None or trigger is None:
        return event.action
    kinds = [word.flat for word in trigger.types or ()]
    return usual if usual in kinds or not kinds else kinds[0]


def _own_parts(event: Event, workflow: Workflow) -> dict[str, Value]:
    if event.name == "push":
        return {
            "ref": known(event.ref),
            "after": said_or_open(event.sha, "github.event.after"),
            "head_commit": _commit(event),
            "commits": hole(Unknown.EVENT, "github.event.commits"),
            "forced": hole(Unknown.EVENT, "github.event.forced"),
            "pusher": hole(Unknown.EVENT, "github.event.pusher"),
            "compare": hole(Unknown.EVENT, "github.event.compare"),
            "deleted": False,
        }
    if event.name in _PULLS:
        number = _number(event)
        return {"number": number, "pull_request": _pull_request(event, number)}
    if event.name == "release":
        tag = known(event.tag)
        return {"release": _open("release", {"tag_name": tag, "draft": False})}
    if event.name == "workflow_dispatch":
        given = dispatched(event, workflow)
        said: dict[str, Value] = {name: text_of_value(value) for name, value in given.entries.values()}
        return {"ref": known(event.ref), "inputs": Fields.of(said, given.others)}
    if event.name == "workflow_run":
        return {"workflow_run": _finished_run(event)}
    return {name: hole(Unknown.EVENT, f"github.event.{name}") for name in _NOT_TOLD.get(event.name, ())}


def _commit(event: Event) -> Fields:
    entries: dict[str, Value] = {"id": said_or_open(event.sha, "github.event.head_commit.id")}
    return _open("head_commit", entries)


def _number(event: Event) -> Value:
    return float(event.number) if event.number.isdecimal() else hole(Unknown.EVENT, "github.event.number")


def _pull_request(event: Event, number: Value) -> Fields:
    head = {name: known(said) for name, said in (("ref", event.head_ref), ("sha", event.head_sha)) if said}
    base: dict[str, Value] = {
        "ref": known(event.base_ref or event.default_branch),
        "repo": _open(
            "pull_request.base.repo", {"full_name": said_or_open(event.repository, "github.event.repository.full_name")}
        ),
    }
    entries: dict[str, Value] = {
        "number": number,
        "head": _open("pull_request.head", dict(head)),
        "base": _open("pull_request.base", base),
    }
    return _open("pull_request", entries)


def _finished_run(event: Event) -> Fields:
    """The run that this one waited for went well; it was for the same commit, as far as is known."""
    entries: dict[str, Value] = {
        "conclusion": known("success"),
        "status": known("completed"),
        "head_sha": said_or_open(event.head_sha or event.sha, "github.event.workflow_run.head_sha"),
        "head_branch": known(event.head_ref or event.branch or event.tag),
    }
    return _open("workflow_run", entries)


def dispatched(event: Event, workflow: Workflow) -> Fields:
    """What whoever starts a workflow by hand gives it."""
    given: dict[str, Value] = {name: known(said) for name, said in event.inputs.items()}
    if not event.has_default_inputs:
        return Fields.of(given, lambda name: hole(Unknown.INPUT, name))
    trigger = workflow.trigger("workflow_dispatch")
    small = {name.lower() for name in given}
    asked = trigger.inputs if trigger is not None else {}
    return Fields.of(given | {each.name: _default(each) for name, each in asked.items() if name not in small})


def _default(asked: Asks) -> Value:
    if asked.default is None:
        is_open = asked.is_required or asked.type not in {"string", "boolean"}
        return hole(Unknown.INPUT, asked.name) if is_open else False if asked.type == "boolean" else Text()
    value = value_of_node(asked.default, Scope(Fields.of({})))
    return value.flat == "true" if asked.type == "boolean" and isinstance(value, Text) else value


def _open(where: str, entries: Mapping[str, Value]) -> Fields:
    """What is not among the entries is there, but not known."""
    path = f"github.event.{where}." if where else "github.event."
    return Fields.of(entries, lambda name: hole(Unknown.EVENT, f"{path}{name}"))


SECRETS: Final = Fields.of(
    {"GITHUB_TOKEN": hole(Unknown.SECRET, "GITHUB_TOKEN")}, lambda name: hole(Unknown.SECRET, name)
)
VARIABLES: Final = Fields.of({}, lambda name: hole(Unknown.VARIABLE, name))
JOB: Final = Fields.of({"status": known("success")}, lambda name: hole(Unknown.RUN, f"job.{name}"))


def runner_of(machine: tuple[Text, ...]) -> Fields:
    """The machine's system, as far as its labels tell."""
    words = [word.flat.lower() for word in machine]
    entries: dict[str, Value] = {"temp": known(TEMPORARY), "debug": Text()}
    system = next((name for word in words for mark, name in _SYSTEMS if mark in word), None)
    if system is not None:
        entries["os"] = known(system)
    if system is not None and "self-hosted" not in words:
        entries["environment"] = known("github-hosted")
        entries["arch"] = known("ARM64" if any("arm" in word for word in words) else "X64")
    return Fields.of(entries, lambda name: hole(Unknown.RUN, f"runner.{name}"))


_SYSTEMS: Final = (("ubuntu", "Linux"), ("linux", "Linux"), ("windows", "Windows"), ("macos", "macOS"))


def is_windows(machine: tuple[Text, ...]) -> bool:
    return any("windows" in word.flat.lower() for word in machine)


def strategy_of(index: int, total: int) -> Fields:
    entries: dict[str, Value] = {"job-index": float(index), "job-total": float(total), "fail-fast": True}
    return Fields.of(entries, lambda name: hole(Unknown.RUN, f"strategy.{name}"))


def finished(result: Value, outputs: Value) -> Fields:
    """A job that is needed, or a job of a reusable workflow."""
    return Fields.of({"result": result, "outputs": outputs})
