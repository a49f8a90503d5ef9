"""What comes nearest to a reference that nobody pushes: the same commit said otherwise, the same tag elsewhere.

Whoever sees both side by side knows at once what went wrong.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from wharf.doctor.way.holdings import HeldRepository
from wharf.doctor.way.image_name import ImageName, image_name
from wharf.doctor.way.reference import Pushed
from wharf.doctor.way.way import Gap, Near
from wharf.formats.text import Text

_FEWEST_DIGITS: Final = 7
_MOST: Final = 5
_RANK: Final = {gap: rank for rank, gap in enumerate(Gap)}
_version = re.compile(r"v?[0-9]").match
SAME_COMMIT: Final = frozenset({Gap.LENGTH, Gap.LENGTH_AND_AFFIX, Gap.PREFIX, Gap.SUFFIX})


class Commit(NamedTuple):
    """A tag in which a commit stands."""

    before: str
    digits: str
    after: str


def commit_in(tag: str, sha: str) -> Commit | None:
    """The longest beginning of the commit that stands in the tag."""
    at = tag.find(sha[:_FEWEST_DIGITS]) if len(sha) >= _FEWEST_DIGITS else -1
    if at < 0:
        return None
    length = _FEWEST_DIGITS
    while tag[at : at + length + 1] == sha[: length + 1] and length < len(sha):
        length += 1
    return Commit(tag[:at], tag[at : at + length], tag[at + length :])


def near(asked: ImageName, pushed: Iterable[Pushed], sha: str) -> tuple[Near, ...]:
    """The nearest first, each reference once."""
    found: dict[Text, Near] = {}
    for each in pushed:
        name = image_name(each.reference)
        gap = _gap(asked, name, sha) if name.has_valid_tag else None
        if gap is not None and name.whole not in found:
            found[name.whole] = Near(gap, each.reference, each)
    return tuple(sorted(found.values(), key=lambda one: _order(one, asked, sha)))[:_MOST]


def near_held(asked: ImageName, held: HeldRepository, sha: str) -> tuple[Near, ...]:
    """Of what a registry holds in the repository that is asked for."""
    if asked.tag is None or asked.tag.value is None:
        return ()
    gaps = ((tag, _gap_to_held(asked.tag.value, tag, held, sha)) for tag in held.tags)
    found = [Near(gap, asked.repository + Text.known(f":{tag}")) for tag, gap in gaps if gap is not Gap.OTHER]
    return tuple(sorted(found, key=lambda one: _order(one, asked, sha)))[:_MOST]


def _gap_to_held(asked: str, tag: str, held: HeldRepository, sha: str) -> Gap:
    """What a tag does not say, its image may: that it was built from the commit that is asked for."""
    gap = _gap_of_tags(asked, tag, sha)
    is_of_commit = tag in held.looked_at and held.looked_at[tag].revision == sha
    return Gap.REVISION if gap is Gap.OTHER and is_of_commit and commit_in(asked, sha) else gap


def _order(one: Near, asked: ImageName, sha: str) -> tuple[bool, int, int]:
    tag = image_name(one.reference).tag
    says_commit = tag is not None and commit_in(tag.flat, sha) is not None
    asks_commit = asked.tag is not None and commit_in(asked.tag.flat, sha) is not None
    return asks_commit and not says_commit, _RANK[one.gap], len(tag.flat) if tag else 0


def _gap(asked: ImageName, pushed: ImageName, sha: str) -> Gap | None:
    if pushed.tag is None or asked.tag is None or asked.tag.value is None or pushed.tag.value is None:
        return None
    if asked.repository == pushed.repository:
        return _gap_of_tags(asked.tag.flat, pushed.tag.flat, sha)
    is_known = not asked.repository.holes and not pushed.repository.holes
    return _gap_of_repositories(asked, pushed) if is_known and asked.tag == pushed.tag else None


def _gap_of_tags(asked: str, pushed: str, sha: str) -> Gap:
    one, other = commit_in(asked, sha), commit_in(pushed, sha)
    if one and other:
        return _gap_of_commits(one, other)
    if asked.lower() == pushed.lower():
        return Gap.CAPITALS
    if _version(asked) and asked.removeprefix("v") == pushed.removeprefix("v"):
        return Gap.VERSION_PREFIX
    if one or other:
        return Gap.OTHER
    return next((gap for gap, is_so in _affixed(asked, pushed) if is_so), Gap.OTHER)


def _gap_of_commits(one: Commit, other: Commit) -> Gap:
    same_affix = (one.before, one.after) == (other.before, other.after)
    if len(one.digits) != len(other.digits):
        return Gap.LENGTH if same_affix else Gap.LENGTH_AND_AFFIX
    return Gap.SUFFIX if one.before == other.before else Gap.PREFIX


def _affixed(asked: str, pushed: str) -> Iterator[tuple[Gap, bool]]:
    for one, other in ((asked, pushed), (pushed, asked)):
        yield Gap.PREFIX, len(one) > 2 and other.endswith((f"-{one}", f"_{one}", f".{one}"))
        yield Gap.SUFFIX, len(one) > 2 and other.startswith((f"{one}-", f"{one}_", f"{one}."))


def _gap_of_repositories(asked: ImageName, pushed: ImageName) -> Gap | None:
    one, other = asked.repository.flat, pushed.repository.flat
    if one.lower() == other.lower():
        return Gap.CAPITALS
    if asked.path is not None and asked.path == pushed.path:
        return Gap.REGISTRY
    if asked.registry != pushed.registry or asked.registry is None or asked.path is None or pushed.path is None:
        return None
    same_owner = "/" in asked.path and asked.path.partition("/")[0] == pushed.path.partition("/")[0]
    mine, theirs = asked.path.rpartition("/")[2], pushed.path.rpartition("/")[2]
    is_alike = mine == theirs or theirs in mine or mine in theirs
    return Gap.REPOSITORY if same_owner or is_alike else None
