"""Whether the image in the engine is the one that the registry has under this name now, and whether it is what runs.

Nothing fails where they differ: what was pulled once stays, and what was started once goes on running.
"""

import asyncio
from collections.abc import Iterator
from typing import Final

from wharf.doctor.engines.reading import list_of, objects_of, word
from wharf.doctor.engines.session import EngineSession, usual_session
from wharf.doctor.reach.pulling import asked_for_manifest, wanted_in
from wharf.doctor.scene import Scene
from wharf.doctor.seen import NOTHING_SEEN, Seen, Sighting
from wharf.oci.reference import DOCKER_HUB, Reference

_MOST_CONTAINERS: Final = 40


async def look(scene: Scene) -> Seen:
    reference = scene.aim.reference.with_default_tag() if scene.aim.reference else None
    if reference is None or reference.digest is not None:
        return NOTHING_SEEN
    found = await asyncio.to_thread(_found, scene, reference)
    if found is None:
        return NOTHING_SEEN
    image, running = found
    sighting = Sighting("local-image")
    _tell_of_registry(sighting, reference, image, await _digest_there(scene))
    _tell_of_running(sighting, reference, word(image.get("Id")), running)
    return sighting.done()


def _found(scene: Scene, reference: Reference) -> tuple[dict[str, object], tuple[str, ...]] | None:
    """The image in the engine, and those that containers of its name run."""
    session = usual_session(scene)
    answer = session.image(str(reference)) if session else None
    if session is None or answer is None or answer.status != 200:
        return None
    return answer.said, tuple(_images_running(session, _names(reference)))


def _images_running(session: EngineSession, names: frozenset[str]) -> Iterator[str]:
    for each in (session.listed("/containers/json") or ())[:_MOST_CONTAINERS]:
        container = session.asked(f"/containers/{word(objects_of(each).get('Id'))}/json")
        if word(objects_of(container.get("Config")).get("Image")) in names:
            yield word(container.get("Image"))


def _names(reference: Reference) -> frozenset[str]:
    """As it may have been written when the container was made."""
    whole = str(reference)
    short = whole.removeprefix(f"{DOCKER_HUB}/")
    every = {whole, short, short.removeprefix("library/")}
    return frozenset(every | {name.removesuffix(":latest") for name in every})


async def _digest_there(scene: Scene) -> str:
    wanted = await wanted_in(scene)
    visit = await asked_for_manifest(wanted.best, wanted) if wanted else None
    if visit is None or visit.last is None or visit.status != 200:
        return ""
    return visit.last.headers.first("docker-content-digest") or ""


def _tell_of_registry(sighting: Sighting, reference: Reference, image: dict[str, object], digest: str) -> None:
    """An image that was built here and never pushed or pulled has no digest to compare."""
    here = {word(each).rpartition("@")[2] for each in list_of(image.get("RepoDigests"))} - {""}
    if not digest or not here:
        return
    is_current = digest in here
    english = "is the registry's" if is_current else f"is not the registry's, which is {digest[:19]}… now"
    korean = "레지스트리의 것과 같습니다" if is_current else f"현재 레지스트리의 것({digest[:19]}…)과 다릅니다"
    sighting.saw(
        "current", is_current, f"The image {reference} here {english}.", f"이곳의 {reference} 이미지는 {korean}."
    )


def _tell_of_running(sighting: Sighting, reference: Reference, image: str, running: tuple[str, ...]) -> None:
    if not running or not image:
        return
    old = [each for each in running if each != image]
    english = f"run an image that was {reference} before" if old else f"run {reference} as it is here"
    korean = f"이전의 {reference} 이미지를 사용합니다" if old else f"이곳의 {reference} 이미지를 사용합니다"
    sighting.saw(
        "running_current",
        not old,
        f"{len(old or running)} containers {english}.",
        f"컨테이너 {len(old or running)}개가 {korean}.",
    )
