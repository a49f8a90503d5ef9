"""What is said to have happened: `--event`, `--ref`, `--sha`, and whose repository it is."""

import re
from dataclasses import replace
from datetime import datetime
from typing import Final, NamedTuple

import click

from wharf.doctor.history import SOME_COMMIT, History
from wharf.formats.event import BRANCHES, PULLS, TAGS, Event

_is_sha = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?").fullmatch
_is_repository = re.compile(r"[\w.-]+(?:/[\w.-]+)+").fullmatch
_is_pull = re.compile(r"#?([0-9]{1,9})(?:/merge)?").fullmatch
_OF_TAGS: Final = {"release", "create"}
_OF_PULLS: Final = {"pull_request", "pull_request_target"}


class Happened(NamedTuple):
    event: str | None = None
    ref: str | None = None
    sha: str | None = None
    default_branch: str | None = None
    repository: str | None = None

    def changed(self, history: History) -> History:
        return replace(
            history,
            sha=self.sha or history.sha,
            default_branch=self.default_branch or history.default_branch,
            repository=self.repository or history.repository,
        )

    def as_event(self, history: History, now: datetime) -> Event | None:
        """None, where only the repository is told of: then whatever may happen is looked at."""
        if not self.event and not self.ref:
            return None
        name = self.event or ("pull_request" if (self.ref or "").startswith(PULLS) else "push")
        ref = _whole(name, self.ref) if self.ref else _usual_ref(name, history)
        return Event(
            name=name,
            ref=ref,
            sha=self.sha or history.sha or SOME_COMMIT,
            repository=history.repository,
            default_branch=history.default_branch,
            now=now,
            commit_date=history.commit_date,
            base_ref=history.default_branch if name in _OF_PULLS else "",
            has_default_inputs=True,
        )


def _whole(name: str, ref: str) -> str:
    """`main` is a branch, unless the event is about a tag or a pull request; other tags are to be said whole."""
    if ref.startswith("refs/"):
        return ref
    if ref.startswith(("heads/", "tags/", "pull/")):
        return f"refs/{ref}"
    if name in _OF_PULLS and (pull := _is_pull(ref)):
        return f"{PULLS}{pull[1]}/merge"
    return f"{TAGS if name == 'release' else BRANCHES}{ref}"


def _usual_ref(name: str, history: History) -> str:
    if name in _OF_TAGS:
        return TAGS + next(iter(history.tags), "v1.2.3")
    return f"{PULLS}1/merge" if name in _OF_PULLS else BRANCHES + history.default_branch


class _Sha(click.ParamType[str]):
    name = "SHA"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> str:
        sha = str(value).lower()
        if not _is_sha(sha):
            self.fail(f"{value!r} is no commit: it has 40 digits", param, ctx)
        return sha


class _Repository(click.ParamType[str]):
    name = "OWNER/NAME"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> str:
        if not _is_repository(str(value)):
            self.fail(f"{value!r} is not of the form Owner/name", param, ctx)
        return str(value)


def happened_options() -> list[click.Parameter]:
    return [
        click.Option(["--event"], metavar="NAME", help="As if this happened: push, pull_request, release, schedule …"),
        click.Option(["--ref"], metavar="REF", help="On this branch or tag: refs/heads/main, refs/tags/v1.2.3."),
        click.Option(["--sha"], type=_Sha(), metavar="SHA", help="With this commit. Default: HEAD."),
        click.Option(["--default-branch"], metavar="NAME", help="Default: as git tells."),
        click.Option(["--repository"], type=_Repository(), metavar="OWNER/NAME", help="Default: as git tells."),
    ]
