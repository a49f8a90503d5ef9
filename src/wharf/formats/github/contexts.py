"""What expressions can ask for: what happened, on which machine, in which repository."""

from collections.abc import Mapping
from typing import Final

from wharf.formats.event import Event
from wharf.formats.github.expressions.values import Fields, Value
from wharf.formats.github.workflow import Workflow
from wharf.formats.hole import Hole, Reason, Unknown
from wharf.formats.text import Text

OUTPUT_FILE: Final = "/runner/temp/set_output"
ENVIRONMENT_FILE: Final = "/runner/temp/set_env"
TEMPORARY: Final = "/runner/temp"
_PULLS: Final = frozenset({"pull_request", "pull_request_target"})
_OF_ONE_EVENT: Final = frozenset(
    {"pull_request", "number", "release", "issue", "comment", "inputs", "workflow_run", "client_payload", "schedule"}
    | {"deployment", "review", "discussion", "merge_group", "label", "milestone", "registry_package", "changes"}
)
"""Parts that the other events do not have."""


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
        "event": _payload(event),
        "ref": known(event.ref),
        "ref_name": known(ref_name_of(event)),
        "ref_type": known("tag" if event.tag else "branch"),
        "sha": said_or_open(event.sha, "github.sha"),
        "head_ref": known(event.head_ref if event.name in _PULLS else ""),
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


def _payload(event: Event) -> Fields:
    owner, _, name = event.repository.rpartition("/")
    repository: dict[str, Value] = {
        "full_name": said_or_open(event.repository, "github.event.repository.full_name"),
        "name": said_or_open(name, "github.event.repository.name"),
        "owner": _open("repository.owner", {"login": said_or_open(owner, "github.event.repository.owner.login")}),
        "default_branch": known(event.default_branch),
        "html_url": known(f"https://github.com/{event.repository}"),
        "clone_url": known(f"https://github.com/{event.repository}.git"),
    }
    entries: dict[str, Value] = {"repository": _open("repository", repository), **_own_parts(event)}
    if event.action:
        entries["action"] = known(event.action)
    missing: dict[str, Value] = dict.fromkeys(_OF_ONE_EVENT)
    return _open("", missing | entries)


def _own_parts(event: Event) -> dict[str, Value]:
    if event.name == "push":
        return {
            "ref": known(event.ref),
            "after": said_or_open(event.sha, "github.event.after"),
            "head_commit": _commit(event),
            "deleted": False,
        }
    if event.name in _PULLS:
        number = _number(event)
        return {"number": number, "pull_request": _pull_request(event, number)}
    if event.name == "release":
        tag = known(event.tag)
        return {"release": _open("release", {"tag_name": tag, "draft": False})}
    if event.name == "workflow_dispatch":
        return {"ref": known(event.ref), "inputs": _dispatched(event)}
    if event.name == "workflow_run":
        return {"workflow_run": _finished_run(event)}
    if event.name in {"issue_comment", "issues", "repository_dispatch", "pull_request_review", "merge_group"}:
        return {name: hole(Unknown.EVENT, f"github.event.{name}") for name in _OF_ONE_EVENT}
    return {}


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


def _dispatched(event: Event) -> Fields:
    given: dict[str, Value] = {name: known(said) for name, said in event.inputs.items()}
    return Fields.of(given, lambda name: hole(Unknown.INPUT, name))


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
