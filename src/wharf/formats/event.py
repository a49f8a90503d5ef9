"""What happened in a repository, so that its CI runs: a push, a tag, a pull request, a release, a clock."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Final

BRANCHES: Final = "refs/heads/"
TAGS: Final = "refs/tags/"
PULLS: Final = "refs/pull/"


@dataclass(frozen=True, slots=True)
class Event:
    """In GitHub's words, which GitLab's are told in as well."""

    name: str
    """`push`, `pull_request`, `release`, `schedule`, `workflow_dispatch` and so on."""
    ref: str
    """`refs/heads/main`, `refs/tags/v1.2.3`, `refs/pull/12/merge`."""
    sha: str
    """Of the commit that is built. For a pull request that is the merge commit."""
    repository: str
    """`Owner/name`, with its capitals."""
    default_branch: str
    now: datetime
    """With its time zone."""
    action: str = ""
    """`published`, `opened` and so on, where the event has kinds."""
    commit_date: datetime | None = None
    base_ref: str = ""
    """The branch that a pull request is for."""
    head_ref: str = ""
    """The branch that a pull request comes from."""
    head_sha: str = ""
    inputs: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}), hash=False)
    has_default_inputs: bool = False
    """Whoever started it gave none but these, so that the others are as the workflow has them."""

    @property
    def branch(self) -> str:
        """Empty where it is no branch."""
        return self.ref.removeprefix(BRANCHES) if self.ref.startswith(BRANCHES) else ""

    @property
    def tag(self) -> str:
        return self.ref.removeprefix(TAGS) if self.ref.startswith(TAGS) else ""

    @property
    def number(self) -> str:
        """Of a pull request."""
        return self.ref.removeprefix(PULLS).partition("/")[0] if self.ref.startswith(PULLS) else ""

    @property
    def is_on_default_branch(self) -> bool:
        return bool(self.branch) and self.branch == self.default_branch
