"""The tags of the repository beside the one that is asked for, and the other repositories that could be meant."""

import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import urljoin, urlsplit

from wharf.client.message import Response
from wharf.client.pages import names_in
from wharf.doctor.reach.asking import lines_kept
from wharf.doctor.reach.near_tags import nearest_tag
from wharf.doctor.reach.visiting import Visitor, as_nobody, stored_for, to_pull, with_credential
from wharf.doctor.scene import Scene
from wharf.doctor.seen import NOTHING_SEEN, Seen, Sighting
from wharf.errors import Malformed
from wharf.oci.nearness import nearest
from wharf.oci.reference import DEFAULT_TAG, RepositoryName, Tag
from wharf.protocol import paths
from wharf.protocol.scope import Scope

_PAGE: Final = 1000
_MOST_PAGES: Final = 4
_MOST_NAMES: Final = 5_000
_MOST_NEIGHBOURS: Final = 3
_is_name = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._/-]{0,254}").fullmatch
_CATALOG: Final = (Scope("registry", "catalog", frozenset({"*"})),)


@lines_kept
async def look(scene: Scene) -> Seen:
    repository = scene.aim.repository
    nobody = await as_nobody(scene)
    if repository is None or nobody is None:
        return NOTHING_SEEN
    visitor = await with_credential(scene, await stored_for(scene)) or nobody
    sighting, wanted = Sighting("tags"), _tag_wanted(scene)
    _tell_of_digest(sighting, scene)
    tags = await _tags(visitor, repository)
    if tags is not None:
        _tell_of_tags(sighting, repository, tags, wanted)
    if wanted and tags is not None and wanted in tags:
        sighting.saw("in_another_repository", value=False)
    else:
        await _tell_of_neighbours(sighting, visitor, repository, wanted)
    return sighting.done()


def _tell_of_digest(sighting: Sighting, scene: Scene) -> None:
    digest = scene.aim.reference.digest if scene.aim.reference else None
    english, korean = (
        (f"Asked for is the digest {digest}.", f"요청된 것은 다이제스트 {digest}입니다.") if digest else ("", "")
    )
    sighting.saw("asks_for_digest", digest is not None, english, korean)


def _tag_wanted(scene: Scene) -> str:
    reference = scene.aim.reference.with_default_tag() if scene.aim.reference else None
    return str(reference.tag) if reference and reference.tag and not reference.digest else ""


def _tell_of_tags(sighting: Sighting, repository: RepositoryName, tags: tuple[str, ...], wanted: str) -> None:
    some = ", ".join(tags[:8]) or "-"
    words = f"The tags of {repository}: {some}.", f"{repository}의 태그: {some}."
    sighting.saw("any", bool(tags), *words)
    sighting.saw("latest", DEFAULT_TAG in tags, *words)
    if not wanted:
        return
    sighting.saw("wanted", wanted in tags, *words)
    sighting.saw("asks_for_latest", wanted == DEFAULT_TAG)
    near = nearest_tag(wanted, tags) if wanted not in tags else None
    if near is not None:
        both = (
            f"Asked for is {wanted}; there is {near.tag}.",
            f"요청된 태그는 {wanted}이고, {near.tag} 태그가 있습니다.",
        )
        sighting.saw("nearest", near.tag, *both)
        sighting.saw("near", near.kinds, *both)
    else:
        sighting.saw("near", "none", *words)


# --- lists -----------------------------------------------------------------------------------------------------------


async def _tags(visitor: Visitor, repository: RepositoryName) -> tuple[str, ...] | None:
    """Nothing where there is no such repository; None where the list is not shown."""
    target, scopes = f"{paths.tag_list(repository)}?n={_PAGE}", to_pull(repository)
    found = await _listed(visitor, target, scopes, "tags")
    if found is None and (await visitor.visit("GET", target, scopes)).status == 404:
        return ()
    return found


async def _listed(visitor: Visitor, target: str, scopes: tuple[Scope, ...], member: str) -> tuple[str, ...] | None:
    found: list[str] = []
    for _ in range(_MOST_PAGES):
        visit = await visitor.visit("GET", target, scopes)
        if visit.last is None or visit.status != 200:
            return tuple(found) if found else None
        found += list(_names(visit.last, member))[:_MOST_NAMES]
        following = _following(visit.last)
        if not following or following == target:
            break
        target = following
    return tuple(dict.fromkeys(found))


def _names(response: Response, member: str) -> Iterator[str]:
    """What could be the name of a tag or of a repository; nobody could ask for the rest, or should see it."""
    try:
        yield from (name for name in names_in(response, member) if _is_name(name))
    except Malformed:
        return


def _following(response: Response) -> str:
    """The path of the next page, which is on the same host or nowhere."""
    link = response.headers.first("link") or ""
    if 'rel="next"' not in link and "rel=next" not in link:
        return ""
    parts = urlsplit(urljoin(response.url, link.partition("<")[2].partition(">")[0]))
    is_here = parts.netloc == urlsplit(response.url).netloc
    return f"{parts.path}?{parts.query}" if is_here and parts.path.startswith("/") else ""


# --- other repositories ----------------------------------------------------------------------------------------------


async def _tell_of_neighbours(sighting: Sighting, visitor: Visitor, repository: RepositoryName, wanted: str) -> None:
    """As far as the registry tells which it has; most that are not one's own do not."""
    names = await _listed(visitor, f"{paths.CATALOG}?n={_PAGE}", _CATALOG, "repositories")
    near = _near_repositories(str(repository), names or ())
    if near:
        sighting.saw("repository_near", near[0], f"There is a repository {near[0]}.", f"{near[0]} 저장소가 있습니다.")
    holding = [name for name in near if wanted and await _has(visitor, name, wanted)]
    sighting.saw(
        "in_another_repository", bool(holding), *_about_others(wanted, "".join(holding[:1]), shown=names is not None)
    )


def _about_others(wanted: str, holding: str, *, shown: bool) -> tuple[str, str]:
    if holding:
        return f"The tag {wanted} is in {holding}.", f"{wanted} 태그는 {holding}에 있습니다."
    if not shown:
        return (
            "The registry does not show its other repositories.",
            "레지스트리가 다른 저장소의 목록을 보여 주지 않습니다.",
        )
    return "No other repository of this name has the tag.", "비슷한 이름의 다른 저장소에는 해당 태그가 없습니다."


def _near_repositories(wanted: str, names: tuple[str, ...]) -> list[str]:
    """Those of the same last name first, then those that are spelled alike."""
    last = wanted.rpartition("/")[2]
    same = [name for name in names if name != wanted and name.rpartition("/")[2] == last]
    return list(dict.fromkeys([*same, *nearest(wanted, names)]))[:_MOST_NEIGHBOURS]


async def _has(visitor: Visitor, name: str, tag: str) -> bool:
    try:
        repository, wanted = RepositoryName(name), Tag(tag)
    except Malformed:
        return False
    visit = await visitor.visit("HEAD", paths.manifest(repository, wanted), to_pull(repository), {"accept": "*/*"})
    return visit.status == 200
