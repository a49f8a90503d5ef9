"""What the action knows of the run: the ref and the commit as it takes them, and points in time."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from wharf.formats.event import BRANCHES, PULLS, TAGS, Event
from wharf.formats.github.metadata.failing import refusal
from wharf.formats.github.metadata.javascript import number
from wharf.formats.github.metadata.release import Release
from wharf.formats.hole import Unknown
from wharf.formats.text import Text

_LENGTH: Final = "DOCKER_METADATA_SHORT_SHA_LENGTH"
_HEAD: Final = "DOCKER_METADATA_PR_HEAD_SHA"
_USUAL_LENGTH: Final = 7
_ALWAYS_ON_DEFAULT_BRANCH: Final = ("create", "discussion", "issues", "schedule")


@dataclass(frozen=True)
class Happened:
    name: str
    ref: Text
    sha: Text
    repository: str
    default_branch: str
    base: str
    now: datetime
    commit_date: datetime
    release: Release
    short_length: Text

    @property
    def branch(self) -> Text | None:
        return _after(BRANCHES, self.ref)

    @property
    def tag(self) -> Text | None:
        return _after(TAGS, self.ref)

    @property
    def pull(self) -> Text | None:
        """The number of a pull request, of `refs/pull/12/merge`."""
        rest = _after(PULLS, self.ref)
        return rest[: len(rest.flat.removesuffix("/merge"))] if rest is not None else None

    @property
    def base_ref(self) -> str:
        if self.tag is not None:
            return self.base.removeprefix(BRANCHES)
        return self.base if self.pull is not None else ""

    @property
    def is_default_branch(self) -> bool:
        place = self.ref.flat.removeprefix(BRANCHES)
        if not place:
            return False
        return place == self.default_branch or any(word in self.name for word in _ALWAYS_ON_DEFAULT_BRANCH)

    @property
    def is_scheduled(self) -> bool:
        return "schedule" in self.name

    @property
    def short_sha(self) -> Text:
        if not self.release.has_short_sha_length or not self.short_length:
            return self.sha[:_USUAL_LENGTH]
        if self.short_length.holes:
            return Text((self.short_length.holes[0],))
        length = number(self.short_length.flat)
        if math.isnan(length):
            raise refusal(self.short_length, f"{_LENGTH} is not a valid number: {self.short_length.flat}")
        return self.sha if length >= len(self.sha) else self.sha[: max(0, int(max(length, 0)))]


def _after(beginning: str, ref: Text) -> Text | None:
    return ref[len(beginning) :] if ref.flat.startswith(beginning) else None


def happened(event: Event, release: Release, environment: Mapping[str, Text]) -> Happened:
    return Happened(
        name=event.name,
        ref=_ref(event),
        sha=_sha(event, environment.get(_HEAD, Text())),
        repository=event.repository,
        default_branch=event.default_branch,
        base=event.base_ref,
        now=event.now,
        commit_date=event.commit_date or event.now,
        release=release,
        short_length=environment.get(_LENGTH, Text()),
    )


def _ref(event: Event) -> Text:
    """Of a pull request, even where the workflow runs for the branch that it is for."""
    if "pull_request_target" not in event.name or event.number:
        return Text.known(event.ref)
    number = Text.unknown(Unknown.EVENT, "github.event.number")
    return Text.joined([Text.known(PULLS), number, Text.known("/merge")])


def _sha(event: Event, of_head: Text) -> Text:
    if "pull_request" in event.name and event.head_sha:
        if of_head.holes:
            return Text((of_head.holes[0],))
        if "true" in of_head.flat.lower():
            return Text.known(event.head_sha)
    return Text.known(event.sha)
