"""Step 4: the image comes back by its digest, byte for byte; and where an engine is, it runs."""

from functools import partial
from typing import Final

from wharf.client.origin import origin_of_registry
from wharf.doctor.check.patiently import after_a_while
from wharf.doctor.check.step import Telling
from wharf.doctor.check.voyage import OpenEngine, Voyage, in_thread
from wharf.engine.voyages import Ran
from wharf.errors import (
    DigestMismatch,
    EngineRefused,
    NotThere,
    RemoteMisbehaved,
    RemoteProblem,
    SizeMismatch,
    TlsRefused,
    Unreachable,
    Untrue,
    WharfError,
    counted,
)
from wharf.images.reading import CHUNK, BlobReader
from wharf.oci.descriptor import Descriptor
from wharf.oci.digest import Digest, Hasher
from wharf.oci.manifest import Manifest
from wharf.oci.reference import Reference

_LONGEST_SHOWN: Final = 200


async def pull(voyage: Voyage, told: Telling) -> None:
    assert voyage.pushed is not None  # this step comes after a push that succeeded
    manifests, blobs, size = await _fetched(voyage, voyage.pushed)
    what = f"{counted(manifests, 'manifest')} and {counted(blobs, 'blob')}"
    told.good(
        f"pulled {what} by digest: {size:,} bytes, all as pushed",
        f"다이제스트로 풀했습니다: 매니페스트 {manifests}개, 블롭 {blobs}개, {size:,}바이트, 모두 푸시한 그대로입니다",
    )
    if voyage.engine is None:
        told.left_out("not run: no container engine is used", "컨테이너 엔진이 없어 실행하지 않았습니다")
        return
    await _run(voyage, voyage.engine, voyage.berth.at(voyage.pushed), told)


async def _fetched(voyage: Voyage, top: Digest) -> tuple[int, int, int]:
    """How many manifests and blobs came, and how large they are together."""
    first = await _by_digest(voyage, top)
    manifests: list[Manifest] = [first, *[await _by_digest(voyage, child.digest) for child in first.children]]
    blobs = list({blob.digest: blob for manifest in manifests for blob in manifest.required_blobs}.values())
    for blob in blobs:
        await _read(voyage, blob)
    return len(manifests), len(blobs), sum(len(each.raw) for each in manifests) + sum(each.size for each in blobs)


async def _by_digest(voyage: Voyage, digest: Digest) -> Manifest:
    """The push of it was confirmed; where copies of a registry follow it late, it may take a moment."""

    async def looked_for() -> Manifest | None:
        try:
            return await voyage.client.manifest(voyage.berth.repository, digest)
        except NotThere:
            return None

    found, waited = await after_a_while(looked_for, lambda found: found is not None)
    if found is None:
        evidence = [f"GET of {digest}: 404, also after {waited:.0f} seconds"]
        raise RemoteMisbehaved(voyage.berth.registry, "it took the manifest, and does not give it by digest", evidence)
    return found


async def _read(voyage: Voyage, blob: Descriptor) -> None:
    """What came otherwise than it was pushed is asked for once more: it may have been damaged on the way."""
    try:
        await _read_once(voyage, blob)
    except (DigestMismatch, SizeMismatch) as first:
        try:
            await _read_once(voyage, blob)
        except (DigestMismatch, SizeMismatch) as second:
            raise _untrue(voyage, blob, second) from first
        raise first.seen_at(f"{blob.digest}: the second time it came as it was pushed") from None


def _untrue(voyage: Voyage, blob: Descriptor, problem: WharfError) -> Untrue:
    return Untrue(
        f"{voyage.berth.registry} gives other bytes than were pushed",
        evidence=[f"blob: {blob.digest}", *problem.diagnostics().evidence, "read twice, and untrue both times"],
        next_step="its storage is damaged, or a proxy between changes what passes: ask its operator; try without proxy",
    )


async def _read_once(voyage: Voyage, blob: Descriptor) -> None:
    try:
        reader = await voyage.client.blob(voyage.berth.repository, blob)
    except (Unreachable, TlsRefused) as problem:
        if problem.address == origin_of_registry("https", voyage.berth.registry).authority:
            raise
        raise _storage_unreachable(voyage, problem) from problem
    try:
        size, digest = await in_thread(partial(_counted, reader, blob), reader.close)
    finally:
        reader.close()
    if size != blob.size:
        raise SizeMismatch(blob.size, size)
    if digest != blob.digest:
        raise DigestMismatch(str(blob.digest), str(digest))


def _storage_unreachable(voyage: Voyage, problem: Unreachable | TlsRefused) -> RemoteProblem:
    """Registries may keep blobs at another host, and send there whoever reads one."""
    return RemoteProblem(
        f"{voyage.berth.registry} sends who reads a blob to another host, which fails: {problem.diagnostics().cause}",
        evidence=problem.diagnostics().evidence,
        next_step=f"let {problem.address} be reached from here too: its name, the firewall, the proxy, its certificate",
    )


def _counted(reader: BlobReader, blob: Descriptor) -> tuple[int, Digest]:
    """What is larger than it should be is not read to its end."""
    hasher, buffer, size = Hasher(blob.digest.algorithm), memoryview(bytearray(CHUNK)), 0
    while size <= blob.size and (count := reader.readinto(buffer)):
        hasher.update(buffer[:count])
        size += count
    return size, hasher.digest()


# --- in an engine ----------------------------------------------------------------------------------------------------


async def _run(voyage: Voyage, engine: OpenEngine, image: Reference, told: Telling) -> None:
    platform = engine.facts.platform
    if voyage.image.for_platform(platform) is None:
        told.left_out(
            f"not run: the engine is for {platform}, the image is not", f"엔진이 {platform}용이라 실행하지 않았습니다"
        )
        return
    voyage.traces.engine_images.append(str(image))
    await in_thread(partial(engine.voyages.pull, image, voyage.credential))
    told.good(
        f"the engine pulled {image.repository}@{_short(image)}",
        f"엔진이 풀했습니다: {image.repository}@{_short(image)}",
    )
    container = f"wharf-{voyage.berth.tag}"
    voyage.traces.containers.append(container)
    ran = await in_thread(partial(engine.voyages.run, image, container))
    _judge(voyage, ran)
    told.good(f"it ran and said: {voyage.image.line}", f"실행되어 이렇게 출력했습니다: {voyage.image.line}")


def _judge(voyage: Voyage, ran: Ran) -> None:
    if ran.code == 0 and ran.said.strip() == voyage.image.line:
        return
    said = ran.said.strip()[:_LONGEST_SHOWN]
    raise EngineRefused(
        "run the image as it is",
        f"it ended with {ran.code} and said {said!r}",
        [f"expected: {voyage.image.line!r} and 0", said],
    )


def _short(image: Reference) -> str:
    return f"{image.digest.algorithm}:{image.digest.hex[:12]}" if image.digest else ""
