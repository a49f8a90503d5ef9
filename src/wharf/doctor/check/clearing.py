"""Step 6: everything that the check has made is taken away again, whatever happened. What stays is told of.

A registry that takes nothing away fails nobody: what stays is named, with the command that removes it.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from enum import Enum
from functools import partial
from typing import Final

from wharf.client.clouds.ecr import place_of
from wharf.doctor.check.berth import GITHUB, Berth
from wharf.doctor.check.github_packages import GitHubPackages, delete_versions, packages_api
from wharf.doctor.check.patiently import after_a_while
from wharf.doctor.check.step import Telling
from wharf.doctor.check.voyage import Voyage, in_thread
from wharf.errors import EngineProblem, NotThere, RemoteAnswered, WharfError, counted
from wharf.oci.digest import Digest
from wharf.oci.reference import DOCKER_HUB, Tag

_DOES_NOT_DO_IT: Final = frozenset({400, 401, 403, 404, 405, 501})
_AZURE: Final = ".azurecr.io"
_PAGE_OF_DOCKER_HUB: Final = "https://hub.docker.com/repository/docker/{}/tags"


async def clear_away(voyage: Voyage, told: Telling) -> None:
    await _from_engine(voyage, told)
    if voyage.wishes.keep and voyage.traces.in_registry:
        kept = voyage.berth.reference
        told.remark(f"kept, as was wished: {kept}", f"요청대로 남겨 두었습니다: {kept}", command=removal(voyage.berth))
    elif voyage.traces.in_registry:
        await _from_registry(voyage, told)
    elif not told.lines:
        told.good("nothing was left anywhere", "남은 것이 없습니다")
    _tell_earlier(voyage, told)


def _tell_earlier(voyage: Voyage, told: Telling) -> None:
    """A check that was killed could take nothing away: the next one sees it."""
    if not voyage.earlier:
        return
    oldest = replace(voyage.berth, tag=min(voyage.earlier, key=str))
    number = counted(len(voyage.earlier), "tag")
    told.remark(
        f"earlier checks have left {number} there, the oldest is {oldest.tag}",
        f"이전 확인이 남긴 태그 {len(voyage.earlier)}개가 있습니다. 가장 오래된 것: {oldest.tag}",
        command=removal(oldest),
    )


# --- the engine ------------------------------------------------------------------------------------------------------


async def _from_engine(voyage: Voyage, told: Telling) -> None:
    if voyage.engine is None or not voyage.traces.in_engine:
        return
    voyages, traces = voyage.engine.voyages, voyage.traces
    had_container = [await _removed(partial(voyages.remove_container, each), told) for each in traces.containers]
    had_image = [await _removed(partial(voyages.remove_image, each), told) for each in traces.engine_images]
    if None in (*had_container, *had_image):
        commands = [f"docker rm --force {each}" for each in traces.containers]
        commands += [f"docker image rm {each}" for each in traces.engine_images]
        told.remark("in the engine this may stay", "엔진에 남아 있을 수 있습니다", command="; ".join(commands))
    elif any(had_container):
        told.good("the engine has removed the image and its container", "엔진에서 이미지와 컨테이너를 지웠습니다")
    elif any(had_image):
        told.good("the engine has removed the image", "엔진에서 이미지를 지웠습니다")


async def _removed(remove: Callable[[], bool], told: Telling) -> bool | None:
    """Whether it was there; None if it could not be removed."""
    try:
        return await in_thread(remove)
    except EngineProblem as problem:
        told.bad(problem)
        return None


# --- the registry ----------------------------------------------------------------------------------------------------


class Left(Enum):
    """What was seen when it was looked for afterwards."""

    NOTHING = "it is gone"
    SOMETHING = "it is still there"
    UNKNOWN = "the registry does not say"


@dataclass(slots=True)
class _Deleting:
    """`problem`: the first that stood in the way of a manifest; `done`: how many there were, and went."""

    done: int = 0
    problem: WharfError | None = None

    async def attempt(self, deleting: Awaitable[None]) -> None:
        """What is not there need not be deleted."""
        try:
            await deleting
        except NotThere:
            return
        except WharfError as problem:
            self.problem = self.problem or problem
        else:
            self.done += 1


async def _from_registry(voyage: Voyage, told: Telling) -> None:
    deleting = await _by_specification(voyage)
    left = await _left(voyage, deleting)
    api = await _api(voyage) if left is not Left.NOTHING else None
    if api is not None:
        deleting = await _by_packages(voyage, api)
        left = await _left(voyage, deleting)
    if left is Left.NOTHING:
        _tell_gone(voyage, deleting.done, told)
        return
    _tell_problem(voyage, deleting.problem, told)
    _tell_what_stays(voyage, left, await _command(voyage, api), told)


def _tell_gone(voyage: Voyage, manifests: int, told: Telling) -> None:
    if not manifests:
        told.good("nothing of it is in the registry", "레지스트리에 남은 것이 없습니다")
        return
    has_tag, what = voyage.traces.has_tag, counted(manifests, "manifest")
    told.good(
        f"deleted {f'the tag and {what}' if has_tag else what}: nothing of it is left",
        f"{'태그와 ' if has_tag else ''}매니페스트 {manifests}개를 지웠습니다. 남은 것이 없습니다",
    )


def _tell_problem(voyage: Voyage, problem: WharfError | None, told: Telling) -> None:
    """A registry that deletes nothing, or not for this account, does not break anything by that."""
    registry = voyage.berth.registry
    if problem is None:
        told.remark(
            f"{registry} says that it has deleted it, and still has it", f"{registry}: 지웠다고 하지만 남아 있습니다"
        )
    elif isinstance(problem, RemoteAnswered) and problem.status in _DOES_NOT_DO_IT:
        told.remarked(problem)
    else:
        told.bad(problem)


def _tell_what_stays(voyage: Voyage, left: Left, command: str, told: Telling) -> None:
    berth = voyage.berth
    where = f" ({_PAGE_OF_DOCKER_HUB.format(berth.repository)})" if berth.registry == DOCKER_HUB else ""
    what = f"{berth.reference}{where}"
    if left is Left.UNKNOWN:
        told.remark(f"this may stay: {what}", f"남아 있을 수 있습니다: {what}", command=command)
    else:
        told.remark(f"this stays: {what}", f"남은 것: {what}", command=command)


async def _by_specification(voyage: Voyage) -> _Deleting:
    """The tag first: some registries do not delete what a tag leads to. Where tags cannot go, digests may."""
    client, name = voyage.client, voyage.berth.repository
    of_tag, of_manifests = _Deleting(), _Deleting()
    if voyage.traces.has_tag:
        await of_tag.attempt(client.delete_manifest(name, voyage.berth.tag))
    for digest in reversed(voyage.traces.manifests):
        await of_manifests.attempt(client.delete_manifest(name, digest))
    if not voyage.traces.manifests:  # an engine pushed it, and its digest was never learnt
        return of_tag
    return of_manifests


async def _by_packages(voyage: Voyage, api: GitHubPackages) -> _Deleting:
    deleting = _Deleting()
    await deleting.attempt(delete_versions(api, [str(digest) for digest in voyage.traces.manifests]))
    deleting.done *= len(voyage.traces.manifests)
    return deleting


async def _api(voyage: Voyage) -> GitHubPackages | None:
    try:
        return await packages_api(voyage)
    except WharfError:
        return None


async def _command(voyage: Voyage, api: GitHubPackages | None) -> str:
    try:
        return await api.command_to_delete() if api is not None else removal(voyage.berth)
    except WharfError:
        return removal(voyage.berth)


async def _left(voyage: Voyage, deleting: _Deleting) -> Left:
    """Asked, and not believed. Where it was said to be deleted, all parts of the registry get time to know of it."""
    if deleting.problem is not None:
        return await _left_now(voyage)
    left, _ = await after_a_while(lambda: _left_now(voyage), lambda left: left is not Left.SOMETHING)
    return left


async def _left_now(voyage: Voyage) -> Left:
    put: list[Tag | Digest] = [*voyage.traces.manifests, *([voyage.berth.tag] if voyage.traces.has_tag else [])]
    try:
        for which in put:
            if await voyage.client.find_manifest(voyage.berth.repository, which) is not None:
                return Left.SOMETHING
    except WharfError:
        return Left.SOMETHING if voyage.pushed is not None else Left.UNKNOWN
    return Left.NOTHING


def removal(berth: Berth) -> str:
    """The command that removes what stays; none where only a web page does."""
    if berth.registry == DOCKER_HUB:
        return ""
    if berth.registry == GITHUB:
        owner, _, package = str(berth.repository).partition("/")
        return f"gh api -X DELETE /orgs/{owner}/packages/container/{package.replace('/', '%2F')}"
    if (place := place_of(berth.registry)) is not None:
        return (
            f"aws ecr batch-delete-image --region {place.region} --repository-name {berth.repository} "
            f"--image-ids imageTag={berth.tag}"
        )
    if berth.registry.endswith(_AZURE):
        image = f"{berth.repository}:{berth.tag}"
        return f"az acr repository delete --name {berth.registry.removesuffix(_AZURE)} --image {image}"
    return f"wharf delete {berth.reference} --yes"
