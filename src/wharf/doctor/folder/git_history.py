"""The history of the repository that lies in a folder, as far as git tells of it."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from wharf.doctor.folder.git_folder import GitFolder, Ref
from wharf.doctor.folder.git_objects import GitObject, objects_of
from wharf.doctor.history import History

_USUAL: Final = ("main", "master")
_MOST_TAGS: Final = 500
_LONG_AGO: Final = datetime(1970, 1, 1, tzinfo=UTC)
_url = re.compile(r"[a-z][a-z0-9+]{0,20}://(?:[^/@]{0,500}@)?(?P<host>[^/:]{1,255})(?::[0-9]{1,5})?/(?P<path>.{1,500})")
_short = re.compile(r"(?:[^/@:]{1,100}@)?(?P<host>[^/:@]{2,255}):(?P<path>[^/].{0,500})")


def history_in(root: Path) -> History:
    """Of the folder itself: a repository around it is another one."""
    git = GitFolder.of(root)
    if git is None:
        return History()
    branch, sha = git.head()
    host, repository = whose(git.address())
    tags = _some(git.refs("refs/tags/"))
    objects = objects_of(git.common / "objects", [*filter(None, [sha]), *(ref.target for ref in tags.values())])
    return History(
        sha=sha,
        branch=branch,
        default_branch=_default_branch(git, branch),
        repository=repository,
        host=host,
        commit_date=objects[sha].when if sha in objects else None,
        tags=_youngest_first(tags, objects),
    )


def whose(address: str) -> tuple[str, str]:
    """Host and `Owner/name` of `https://github.com/Owner/name.git`, or of `git@github.com:Owner/name`."""
    found = _url.fullmatch(address) or _short.fullmatch(address)
    if found is None:
        return "", ""
    return found["host"].lower(), found["path"].strip("/").removesuffix(".git")


def _default_branch(git: GitFolder, branch: str) -> str:
    if named := git.remote_head():
        return named
    remote, own = git.refs("refs/remotes/origin/"), git.refs("refs/heads/")
    usual = next((name for known in (remote, own) for name in _USUAL if name in known), "")
    return usual or (branch if branch and not remote and len(own) <= 1 else _USUAL[0])


def _some(tags: Mapping[str, Ref]) -> Mapping[str, Ref]:
    """Where there are very many, those of the highest numbers."""
    chosen = sorted(tags, key=_as_numbers, reverse=True)[:_MOST_TAGS]
    return {name: tags[name] for name in chosen}


def _as_numbers(name: str) -> tuple[tuple[int, str], ...]:
    return tuple(
        (int(part), "") if part.isdecimal() else (-1, part) for part in re.findall(r"[0-9]{1,18}|[^0-9]+", name)
    )


def _youngest_first(tags: Mapping[str, Ref], objects: Mapping[str, GitObject]) -> tuple[str, ...]:
    """Of one moment, the higher number first, as they came."""

    def when(name: str) -> datetime:
        known = objects.get(tags[name].target)
        return known.when or _LONG_AGO if known else _LONG_AGO

    return tuple(sorted(tags, key=when, reverse=True))
