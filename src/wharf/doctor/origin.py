"""Where a text comes from, if clearly not from this machine: a job of GitHub or GitLab, a cluster, another system.

What a machine is asked about a failure says nothing where the failure happened on another one.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from types import MappingProxyType
from typing import Final

from wharf.doctor.language import Words
from wharf.doctor.pattern import Pattern
from wharf.doctor.signature import System, system_of


class Place(Enum):
    GITHUB = "github-actions"
    GITLAB = "gitlab"
    KUBERNETES = "kubernetes"
    WINDOWS = "windows"
    MACOS = "macos"
    LINUX = "linux"


@dataclass(frozen=True, slots=True)
class Here:
    """This machine, as far as it tells whether a text is from it: `sys.platform` and the environment."""

    platform: str = ""
    environ: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}), repr=False, hash=False)

    def may_be(self, place: Place) -> bool:
        """Whether a text of that place can be from this machine."""
        if place in _SHOWN_BY:
            return any(self.environ.get(name) for name in _SHOWN_BY[place])
        if not self.platform:
            return True
        systems = {_SYSTEMS[place]} | ({System.LINUX} if self._is_windows_too() else set())
        return system_of(self.platform) in systems

    def _is_windows_too(self) -> bool:
        """Linux within Windows speaks of the files of both."""
        return bool(self.environ.get("WSL_DISTRO_NAME") or self.environ.get("WSL_INTEROP"))


@dataclass(frozen=True, slots=True)
class Origin:
    """`words` completes "This text comes from …"; `line` is the one that shows it."""

    place: Place
    words: Words
    line_number: int
    line: str


@dataclass(frozen=True, slots=True)
class OriginMark:
    """What only stands in texts of one place: as it is looked for, and as it must really be written."""

    place: Place
    text: str
    form: str

    def is_on(self, line: str) -> bool:
        return re.search(self.form, line) is not None


_SHOWN_BY: Final[Mapping[Place, tuple[str, ...]]] = {
    Place.GITHUB: ("GITHUB_ACTIONS",),
    Place.GITLAB: ("GITLAB_CI",),
    Place.KUBERNETES: ("KUBERNETES_SERVICE_HOST",),
}
_SYSTEMS: Final = {Place.WINDOWS: System.WINDOWS, Place.MACOS: System.MACOS, Place.LINUX: System.LINUX}
_WORDS: Final = {
    Place.GITHUB: Words("a runner of GitHub's own", "GitHub 호스팅 러너"),
    Place.GITLAB: Words("a job of GitLab CI", "GitLab CI 작업"),
    Place.KUBERNETES: Words("a node of a Kubernetes cluster", "Kubernetes 클러스터의 노드"),
    Place.WINDOWS: Words("a machine with Windows", "Windows 컴퓨터"),
    Place.MACOS: Words("a machine with macOS", "macOS 컴퓨터"),
    Place.LINUX: Words("a machine with Linux", "Linux 컴퓨터"),
}
_MARKS: Final = (
    OriginMark(Place.GITHUB, "runner/work/", r"/(?:home|Users)/runner/work/"),
    OriginMark(Place.GITHUB, "runner/_work/", r"/(?:home|Users)/runner/_work/"),
    OriginMark(Place.GITHUB, "D:\\a\\_temp", r"D:\\a\\"),
    OriginMark(Place.GITHUB, "##[group]Runner Image", r"##\[group\]Runner Image"),
    OriginMark(Place.GITHUB, "Hosted Compute Agent", r"Hosted Compute Agent"),
    OriginMark(Place.GITHUB, "/opt/hostedtoolcache/", r"/opt/hostedtoolcache/"),
    OriginMark(Place.GITLAB, "Running with gitlab-runner", r"Running with gitlab-runner \d"),
    OriginMark(Place.GITLAB, "Getting source from Git repository", r"Getting source from Git repository"),
    OriginMark(Place.GITLAB, "ERROR: Job failed", r"ERROR: Job failed(?::| \()"),
    OriginMark(Place.GITLAB, "Cleaning up project directory and file based", r"Cleaning up project directory"),
    OriginMark(Place.GITLAB, "section_start:", r"section_start:\d+:"),
    OriginMark(Place.KUBERNETES, "kubelet Failed to pull image", r"kubelet\S*\s+Failed to pull image"),
    OriginMark(Place.KUBERNETES, "Back-off pulling image", r"Back-off pulling image"),
    OriginMark(Place.KUBERNETES, "kubelet Error: ErrImagePull", r"kubelet\S*\s+Error: "),
    OriginMark(Place.KUBERNETES, "PullImage from image service failed", r"PullImage from image service failed"),
    OriginMark(Place.KUBERNETES, "Error syncing pod, skipping", r"Error syncing pod, skipping"),
    OriginMark(Place.WINDOWS, "//./pipe/", r"//\./pipe/"),
    OriginMark(Place.WINDOWS, "\\\\.\\pipe\\docker", r"\\\.\\+pipe\\"),
    OriginMark(Place.WINDOWS, "C:\\Users\\", r"\b[A-Za-z]:\\+Users\\"),
    OriginMark(Place.WINDOWS, "C:\\Windows\\", r"\b[A-Za-z]:\\+(?:Windows|WINDOWS)\\"),
    OriginMark(Place.WINDOWS, "C:\\Program Files", r"\b[A-Za-z]:\\+Program Files"),
    OriginMark(Place.MACOS, "/Applications/Docker.app", r"/Applications/Docker\.app"),
    OriginMark(Place.MACOS, "/opt/homebrew/", r"/opt/homebrew/"),
    OriginMark(Place.MACOS, "/Users/", r"(?:^|[\s\"'=:(])/Users/\w"),
    OriginMark(Place.LINUX, "/home/", r"(?:^|[\s\"'=:(])/home/(?![r]unner/)\w"),
)


def origin_marks() -> Iterable[tuple[Pattern, OriginMark]]:
    return [(Pattern.parse(mark.text, frozenset()), mark) for mark in _MARKS]


def origin_of(seen: Iterable[tuple[OriginMark, int, str]], here: Here) -> Origin | None:
    """Of what was seen, the first in the order of the marks: a job says more than its operating system."""
    found = sorted(seen, key=lambda one: _MARKS.index(one[0]))
    places = {mark.place for mark, _, _ in found}
    if any(place in _SHOWN_BY and here.may_be(place) for place in places):
        return None
    for mark, line_number, line in found:
        if not here.may_be(mark.place):
            return Origin(mark.place, _WORDS[mark.place], line_number, line)
    return None
