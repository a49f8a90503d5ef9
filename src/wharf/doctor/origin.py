"""Where a text comes from, if clearly not from this machine: a job of GitHub or GitLab, a cluster, another system.

What a machine is asked about a failure says nothing where the failure happened on another one.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from types import MappingProxyType

from wharf.doctor.language import Words


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


@dataclass(frozen=True, slots=True)
class Origin:
    """`words` completes "This text comes from …"; `line` is the one that shows it."""

    place: Place
    words: Words
    line_number: int
    line: str
