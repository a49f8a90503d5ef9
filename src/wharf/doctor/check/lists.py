"""Step 5: what the registry lists. GitHub's own API, where the registry has it; else what the specification has."""

from collections.abc import Callable, Coroutine
from typing import Final, TypeAlias

from wharf.doctor.check.berth import GITHUB, earlier_tags
from wharf.doctor.check.github_packages import GitHubPackages, Package, packages_api
from wharf.doctor.check.patiently import after_a_while
from wharf.doctor.check.step import Telling
from wharf.doctor.check.voyage import Voyage
from wharf.errors import DigestMismatch, RateLimited, RemoteAnswered, RemoteMisbehaved, WharfError, counted
from wharf.oci.digest import Digest

_MOST_NAMED: Final = 5
_NOT_FOR_THIS_TOKEN: Final = frozenset({401, 403, 404})
_CLOUDS_WITHOUT_CATALOG: Final = frozenset({GITHUB, "docker.io"})

Question: TypeAlias = Callable[[Voyage, Telling], Coroutine[object, object, None]]


async def ask_lists(voyage: Voyage, told: Telling) -> None:
    """Each question by itself: that one is not answered says nothing of the others."""
    packages = await packages_api(voyage)
    questions: list[Question] = [_tags, _manifest, _referrers] if voyage.pushed is not None else []
    if packages is not None:
        await _attempt(_of_packages(packages), voyage, told)
    elif voyage.berth.registry not in _CLOUDS_WITHOUT_CATALOG:
        questions.append(_catalog)
    for question in questions:
        await _attempt(question, voyage, told)


async def _attempt(question: Question, voyage: Voyage, told: Telling) -> None:
    try:
        await question(voyage, told)
    except WharfError as problem:
        told.bad(problem)


# --- the specification -----------------------------------------------------------------------------------------------


async def _tags(voyage: Voyage, told: Telling) -> None:
    berth = voyage.berth
    tags, waited = await after_a_while(lambda: voyage.client.tags(berth.repository), lambda tags: berth.tag in tags)
    if berth.tag not in tags:
        evidence = [f"it lists {counted(len(tags), 'tag')}, and not {berth.tag}", f"asked for {waited:.0f} seconds"]
        raise RemoteMisbehaved(berth.registry, "its list of tags does not have the new one", evidence)
    if waited:
        told.remark(f"the list of tags had the new one only after {waited:.1f} seconds",
                    f"새 태그가 {waited:.1f}초 뒤에야 태그 목록에 나타났습니다")  # fmt: skip
    voyage.earlier = earlier_tags(tags, berth.tag)
    told.good(f"{counted(len(tags), 'tag')} of {berth.repository}, the new one among them",
              f"{berth.repository}의 태그 {len(tags)}개, 새 태그가 있습니다")  # fmt: skip


async def _manifest(voyage: Voyage, told: Telling) -> None:
    assert voyage.pushed is not None  # asked only after a push
    found = await voyage.client.manifest(voyage.berth.repository, voyage.berth.tag)
    if found.digest(voyage.pushed.algorithm) != voyage.pushed:
        raise DigestMismatch(str(voyage.pushed), str(found.digest(voyage.pushed.algorithm)))
    told.good("the manifest is the same by tag and by digest", "태그로도 다이제스트로도 같은 매니페스트입니다")


async def _referrers(voyage: Voyage, told: Telling) -> None:
    assert voyage.pushed is not None  # as above
    await voyage.client.referrers(voyage.berth.repository, voyage.pushed)
    if voyage.client.habits.lists_referrers:
        told.good(
            "it lists what refers to an image (signatures, SBOMs)", "이미지를 참조하는 것(서명, SBOM)의 목록이 있습니다"
        )
    else:
        told.left_out("it has no list of referrers: clients keep it under a tag",
                      "참조 목록이 없습니다. 클라이언트가 태그에 목록을 둡니다")  # fmt: skip


async def _catalog(voyage: Voyage, told: Telling) -> None:
    """Most registries tell nobody, or not everybody: that is their right."""
    try:
        names = await voyage.client.catalog(most_pages=1)
    except WharfError:
        told.left_out(
            "it does not list its repositories to this account", "이 계정에는 저장소 목록을 보여 주지 않습니다"
        )
        return
    shown = ", ".join(str(name) for name in names[:_MOST_NAMED]) or "-"
    number = "1 repository" if len(names) == 1 else f"{len(names)} repositories"
    told.good(f"it lists {number}: {shown}",
              f"저장소 {len(names)}개를 보여 줍니다: {shown}")  # fmt: skip


# --- GitHub's --------------------------------------------------------------------------------------------------------


def _of_packages(api: GitHubPackages) -> Question:
    async def asked(voyage: Voyage, told: Telling) -> None:
        try:
            _tell_packages(api, await api.packages(), told)
            if voyage.pushed is not None:
                await _tell_version(api, voyage.pushed, told)
        except RateLimited:
            raise
        except RemoteAnswered as refused:
            if refused.status not in _NOT_FOR_THIS_TOKEN:
                raise
            told.remarked(refused)  # a token may be good for the registry and not for the API

    return asked


def _tell_packages(api: GitHubPackages, packages: tuple[Package, ...], told: Telling) -> None:
    shown = ", ".join(f"{each.name} ({each.visibility})" for each in packages[:_MOST_NAMED]) or "-"
    rest = ", …" if len(packages) > _MOST_NAMED else ""
    told.good(f"{counted(len(packages), 'package')} of {api.owner}: {shown}{rest}",
              f"{api.owner}의 패키지 {len(packages)}개: {shown}{rest}")  # fmt: skip


async def _tell_version(api: GitHubPackages, pushed: Digest, told: Telling) -> None:
    versions, _ = await after_a_while(api.versions, lambda all_: any(each.digest == str(pushed) for each in all_))
    found = next((each for each in versions if each.digest == str(pushed)), None)
    if found is None:
        evidence = [f"{counted(len(versions), 'version')} of {api.owner}/{api.package}, and none is {pushed}"]
        raise RemoteMisbehaved(api.host, "its list of versions does not have what was pushed", evidence)
    tags = ", ".join(found.tags)
    told.good(f"version {found.id} of {api.package} has the tag {tags}",
              f"{api.package}의 버전 {found.id}에 태그 {tags}이(가) 있습니다")  # fmt: skip
