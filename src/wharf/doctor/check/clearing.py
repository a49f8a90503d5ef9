"""Step 6: everything that the check has made is taken away again, whatever happened. What stays is told of.

A registry that takes nothing away fails nobody: what stays is named, with the command that removes it.
"""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Final

from wharf.client.clouds.ecr import place_of
from wharf.doctor.check.berth import Berth
from wharf.doctor.check.github_packages import delete_versions, packages_api
from wharf.doctor.check.step import Telling
from wharf.doctor.check.voyage import Voyage, in_thread
from wharf.errors import EngineProblem, NotThere, RemoteAnswered, WharfError, counted
from wharf.oci.digest import Digest
from wharf.oci.reference import Tag

_DOES_NOT_DO_IT: Final = frozenset({400, 401, 403, 404, 405, 501})
_AZURE: Final = ".azurecr.io"


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
    if (problem is not None or await _stays(voyage)) and await _by_packages(voyage):
        problem = None
    if problem is None and await _stays(voyage):
        stays = voyage.berth.reference
        said = (
            f"it says that it has deleted {stays}, and still has it",
            f"지웠다고 하지만 {stays}이(가) 남아 있습니다",
        )
        told.remark(*said, command=removal(voyage.berth))
    elif problem is None:
        manifests = counted(len(voyage.traces.manifests), "manifest")
        what = f"the tag and {manifests}" if voyage.traces.has_tag else manifests
        korean = f"지웠습니다: {'태그와 ' if voyage.traces.has_tag else ''}매니페스트 {len(voyage.traces.manifests)}개"
        told.good(f"deleted {what}: nothing of it is left", korean)
    elif _is_its_way(problem):
        _tell_rest(voyage.berth, problem, told)
    else:
        told.bad(problem)
        told.remark(f"this stays: {voyage.berth.reference}", f"남은 것: {voyage.berth.reference}",
                    command=removal(voyage.berth))  # fmt: skip


def _is_its_way(problem: WharfError) -> bool:
    return isinstance(problem, RemoteAnswered) and problem.status in _DOES_NOT_DO_IT


def _tell_rest(berth: Berth, problem: WharfError, told: Telling) -> None:
    told.remarked(problem)
    told.remark(f"this stays: {berth.reference}", f"남은 것: {berth.reference}", command=removal(berth))


async def _by_specification(voyage: Voyage) -> WharfError | None:
    """The tag first: some registries do not delete what a tag leads to. Where tags cannot go, digests may."""
    if voyage.traces.has_tag:
        await _gone(partial(voyage.client.delete_manifest, voyage.berth.repository, voyage.berth.tag))
    problems = [await _deleted(voyage, digest) for digest in reversed(voyage.traces.manifests)]
    return next((problem for problem in problems if problem is not None), None)


async def _deleted(voyage: Voyage, which: Tag | Digest) -> WharfError | None:
    return await _gone(partial(voyage.client.delete_manifest, voyage.berth.repository, which))


async def _gone(delete: Callable[[], Awaitable[None]]) -> WharfError | None:
    try:
        await delete()
    except NotThere:
        return None
    except WharfError as problem:
        return problem
    return None


async def _by_packages(voyage: Voyage) -> bool:
    try:
        api = await packages_api(voyage)
        if api is None:
            return False
        await delete_versions(api, [str(digest) for digest in voyage.traces.manifests])
    except WharfError:
        return False
    return True


async def _stays(voyage: Voyage) -> bool:
    """Asked, and not believed: what cannot be asked any more counts as gone."""
    try:
        return await voyage.client.find_manifest(voyage.berth.repository, voyage.berth.tag) is not None
    except WharfError:
        return False


def removal(berth: Berth) -> str:
    """The command that removes what stays."""
    if berth.registry == "ghcr.io":
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
