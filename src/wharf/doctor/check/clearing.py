"""Step 6: everything that the check has made is taken away again, whatever happened. What stays is told of.

A registry that takes nothing away fails nobody: what stays is named, with the command that removes it.
"""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Final

from wharf.client.clouds.ecr import place_of
from wharf.doctor.check.berth import GITHUB, Berth
from wharf.doctor.check.github_packages import GitHubPackages, delete_versions, packages_api
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
    elif not voyage.traces.in_engine:
        told.good("nothing was left anywhere", "남은 것이 없습니다")


# --- the engine ------------------------------------------------------------------------------------------------------


async def _from_engine(voyage: Voyage, told: Telling) -> None:
    if voyage.engine is None or not voyage.traces.in_engine:
        return
    voyages = voyage.engine.voyages
    containers = [partial(voyages.remove_container, name) for name in voyage.traces.containers]
    images = [partial(voyages.remove_image, name) for name in voyage.traces.engine_images]
    problems = [problem for remove in (*containers, *images) if (problem := await _removed(remove))]
    for problem in problems:
        told.bad(problem)
    if not problems:
        told.good("the engine has removed the image and its container", "엔진에서 이미지와 컨테이너를 지웠습니다")


async def _removed(remove: Callable[[], None]) -> EngineProblem | None:
    try:
        await in_thread(remove)
    except EngineProblem as problem:
        return problem
    return None


# --- the registry ----------------------------------------------------------------------------------------------------


async def _from_registry(voyage: Voyage, told: Telling) -> None:
    problem = await _by_specification(voyage)
    stays = await _stays(voyage)
    api = await _api(voyage) if stays else None
    if api is not None:
        problem = await _by_packages(voyage, api)
        stays = await _stays(voyage)
    if not stays:
        _tell_gone(voyage, told)
        return
    _tell_problem(voyage, problem, told)
    command = await api.command_to_delete() if api is not None else removal(voyage.berth)
    where = f" ({_PAGE_OF_DOCKER_HUB.format(voyage.berth.repository)})" if voyage.berth.registry == DOCKER_HUB else ""
    left = f"{voyage.berth.reference}{where}"
    told.remark(f"this stays: {left}", f"남은 것: {left}", command=command)


def _tell_gone(voyage: Voyage, told: Telling) -> None:
    manifests, has_tag = len(voyage.traces.manifests), voyage.traces.has_tag
    what = counted(manifests, "manifest")
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


async def _by_specification(voyage: Voyage) -> WharfError | None:
    """The tag first: some registries do not delete what a tag leads to. Where tags cannot go, digests may."""
    client, name = voyage.client, voyage.berth.repository
    if voyage.traces.has_tag:
        await _problem_of(client.delete_manifest(name, voyage.berth.tag))
    digests = reversed(voyage.traces.manifests)
    problems = [await _problem_of(client.delete_manifest(name, digest)) for digest in digests]
    return next((problem for problem in problems if problem is not None), None)


async def _by_packages(voyage: Voyage, api: GitHubPackages) -> WharfError | None:
    return await _problem_of(delete_versions(api, [str(digest) for digest in voyage.traces.manifests]))


async def _problem_of(deleting: Awaitable[None]) -> WharfError | None:
    """What is not there need not be deleted."""
    try:
        await deleting
    except NotThere:
        return None
    except WharfError as problem:
        return problem
    return None


async def _api(voyage: Voyage) -> GitHubPackages | None:
    try:
        return await packages_api(voyage)
    except WharfError:
        return None


async def _stays(voyage: Voyage) -> bool:
    """Asked, and not believed. What cannot be asked counts as there if it was seen there before."""
    put: list[Tag | Digest] = [*voyage.traces.manifests, *([voyage.berth.tag] if voyage.traces.has_tag else [])]
    try:
        for which in put:
            if await voyage.client.find_manifest(voyage.berth.repository, which) is not None:
                return True
    except WharfError:
        return voyage.pushed is not None
    return False


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
