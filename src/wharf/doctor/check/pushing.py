"""Step 3: the image is made here, and brought into the registry: by wharf itself, or by the engine."""

import io
from dataclasses import dataclass
from functools import partial
from typing import Final

from wharf.client.repository import RemoteRepository
from wharf.doctor.check.patiently import after_a_while
from wharf.doctor.check.sample import PlatformImage, engine_archive
from wharf.doctor.check.step import Telling
from wharf.doctor.check.voyage import EngineUse, OpenEngine, Voyage, in_thread
from wharf.errors import EngineRefused, RemoteAnswered, RemoteMisbehaved, Untrue
from wharf.images.reading import BlobReader
from wharf.images.sink import Cargo
from wharf.oci.descriptor import Descriptor
from wharf.oci.digest import Digest
from wharf.oci.manifest import Manifest

_IN_DOUBT: Final = 500
"""From this status on, it may have been stored all the same: a proxy that gives up does not know."""


async def push(voyage: Voyage, told: Telling) -> None:
    image = voyage.image
    names = ", ".join(str(each.platform) for each in image.images)
    told.good(f"made an image of {image.size:,} bytes: one program for {names}",
              f"이미지를 만들었습니다: {image.size:,}바이트, {names}용 프로그램 하나")  # fmt: skip
    engine = voyage.engine
    if voyage.wishes.engine is EngineUse.PUSHES and engine is not None:
        await _by_engine(voyage, engine, told)
    else:
        await _by_wharf(voyage)
    reference = voyage.berth.reference
    told.good(f"pushed {reference}", f"푸시했습니다: {reference}")
    await _confirm(voyage, told)


async def _by_wharf(voyage: Voyage) -> None:
    repository = RemoteRepository(voyage.client, voyage.berth.repository)
    for image in voyage.image.images:
        for descriptor in image.manifest.required_blobs:
            await repository.put_blob(_cargo(descriptor, image.blobs[descriptor.digest]), lambda _: None)
        if image.manifest is not voyage.image.top:
            await _put(voyage, repository, image.manifest)
    voyage.traces.has_tag = True
    voyage.pushed = await _put(voyage, repository, voyage.image.top, tagged=True)


async def _put(voyage: Voyage, repository: RemoteRepository, manifest: Manifest, *, tagged: bool = False) -> Digest:
    digest = manifest.digest()
    voyage.traces.will_put(digest)
    try:
        await repository.put_manifest(manifest, [voyage.berth.tag] if tagged else [])
    except RemoteAnswered as refused:
        if refused.status < _IN_DOUBT:
            voyage.traces.was_not_taken(digest, tagged=tagged)
        raise
    return digest


async def _by_engine(voyage: Voyage, engine: OpenEngine, told: Telling) -> None:
    image, name = _for_engine(voyage, engine), voyage.berth.reference
    voyage.traces.engine_images.append(str(name))
    archive = engine_archive(image, name)
    await in_thread(partial(engine.engine.load, io.BytesIO(archive), lambda _: None))
    told.good(f"the engine took the image for {image.platform}", f"엔진이 {image.platform}용 이미지를 받았습니다")
    voyage.traces.has_tag = True
    await in_thread(partial(engine.voyages.push, name, voyage.credential))


def _for_engine(voyage: Voyage, engine: OpenEngine) -> PlatformImage:
    found = voyage.image.for_platform(engine.facts.platform)
    if found is None:
        made = ", ".join(str(each.platform) for each in voyage.image.images)
        raise EngineRefused("take the image", f"it is for {engine.facts.platform}, and the image for {made}")
    return found


async def _confirm(voyage: Voyage, told: Telling) -> None:
    """What the tag leads to is what was pushed."""
    client, berth = voyage.client, voyage.berth
    found, waited = await after_a_while(
        lambda: client.find_manifest(berth.repository, berth.tag), lambda found: found is not None
    )
    if found is None:
        evidence = [f"HEAD of {berth.tag}: 404, also after {waited:.0f} seconds"]
        raise RemoteMisbehaved(berth.registry, "it took the image, and does not have its tag", evidence)
    if waited:
        told.remark(
            f"the tag was there only {waited:.1f} seconds after the push: who pulls sooner is told that it is missing",
            f"태그는 푸시하고 {waited:.1f}초 뒤에야 보였습니다. 그 전에 풀하면 없다는 응답을 받습니다",
        )
    if voyage.pushed is not None and found.digest != voyage.pushed:
        raise await _something_else(voyage, voyage.pushed, found.digest)
    voyage.pushed = found.digest
    voyage.traces.will_put(found.digest)
    told.good(f"the tag leads to {found.digest}", f"태그가 가리키는 다이제스트: {found.digest}")


async def _something_else(voyage: Voyage, pushed: Digest, named: Digest) -> Untrue | RemoteMisbehaved:
    """Programs ask with HEAD which digest a tag has, and pull that: it has to be the one that GET gives."""
    berth = voyage.berth
    evidence = [f"pushed: {pushed}", f"HEAD of {berth.tag}: {named}"]
    given = await voyage.client.manifest(berth.repository, berth.tag)
    if given.digest(pushed.algorithm) == pushed:
        return RemoteMisbehaved(berth.registry, "HEAD of the tag names another digest than GET gives", evidence)
    return Untrue(
        f"the tag leads to something else than was pushed to {berth.registry}",
        evidence=[*evidence, f"GET of {berth.tag}: {given.digest(pushed.algorithm)}, {given.media_type}"],
        next_step="the registry, or a proxy before it, rewrites manifests: signatures and pinned digests break there",
    )


def _cargo(descriptor: Descriptor, content: bytes) -> Cargo:
    async def opened(offset: int) -> BlobReader:
        return Held(memoryview(content)[offset:])

    return Cargo(descriptor, opened)


@dataclass(slots=True)
class Held:
    """Bytes in memory, read as if they were still to come."""

    rest: memoryview

    def readinto(self, buffer: memoryview, /) -> int:
        size = min(len(self.rest), len(buffer))
        buffer[:size], self.rest = self.rest[:size], self.rest[size:]
        return size

    def close(self) -> None:
        """Nothing is open."""
