"""What git knows of a repository: which commit, which branches and tags, whose it is."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

SOME_COMMIT: Final = "453a6545b97fe240727c378291230abeb793d851"
"""Stands for the commit where nobody knows of one."""


@dataclass(frozen=True, slots=True)
class History:
    """Empty texts are what is not known: there may be no git at all."""

    sha: str = ""
    """Of HEAD."""
    branch: str = ""
    default_branch: str = "main"
    repository: str = ""
    """`Owner/name`, from the address of the remote."""
    host: str = ""
    """`github.com`, `gitlab.com` or one of one's own."""
    commit_date: datetime | None = None
    tags: tuple[str, ...] = ()
    """The youngest first."""
