"""What of an image is to be copied: all that its name stands for, or the part that some platforms need."""

from collections.abc import Sequence
from typing import NamedTuple

from wharf.errors import MalformedPlace, PlatformNotThere
from wharf.images.choose import (
    ATTESTED,
    Candidate,
    best,
    candidates_of,
    is_attestation,
    is_runnable,
    read_config,
    spelled,
)
from wharf.images.rewriting import with_entries
from wharf.images.source import ImageSource
from wharf.oci.descriptor import Descriptor
from wharf.oci.digest import Digest
from wharf.oci.manifest import ImageIndex, ImageManifest, Manifest
from wharf.oci.platform import Platform


class Aim(NamedTuple):
    """`platforms`: those asked for by name, and all of them if there are none; `machine`: what is taken where only one
    has room; `called`: what people call the image, for messages."""

    platforms: tuple[Platform, ...]
    insists_on_all: bool
    has_room: bool
    machine: Platform
    called: str


class Selected(NamedTuple):
    """What is copied, and what is to be said of the choice."""

    manifest: Manifest
    digest: Digest
    notes: tuple[str, ...] = ()


async def select(source: ImageSource, root: Manifest, digest: Digest, aim: Aim) -> Selected:
    if not isinstance(root, ImageIndex):
        await _refuse_other_platform(source, root, aim)
        return Selected(root, digest)
    if not aim.platforms and aim.has_room:
        return Selected(root, digest)
    candidates = await candidates_of(source, root)
    chosen = _chosen(candidates, aim)
    if len(chosen) == 1:
        return await _single(source, chosen[0], len(candidates))
    if not aim.has_room:
        raise _no_room(chosen)
    return _smaller(root, digest, chosen)


async def _refuse_other_platform(source: ImageSource, manifest: ImageManifest, aim: Aim) -> None:
    if aim.platforms and is_runnable(manifest):
        present = (await read_config(source, manifest)).platform
        if not any(present.matches(wanted) for wanted in aim.platforms):
            raise PlatformNotThere(aim.called, ", ".join(map(str, aim.platforms)), [str(present)])


def _chosen(candidates: Sequence[Candidate], aim: Aim) -> list[Candidate]:
    if aim.insists_on_all or (len(candidates) == 1 and not aim.platforms):
        return list(candidates)
    return list(dict.fromkeys(best(candidates, wanted, aim.called) for wanted in aim.platforms or (aim.machine,)))


async def _single(source: ImageSource, chosen: Candidate, of: int) -> Selected:
    manifest = chosen.manifest or await source.manifest(chosen.descriptor.digest)
    note = f"of {of} images, the one for {chosen.platform} was taken" if of > 1 else ""
    return Selected(manifest, chosen.descriptor.digest, (note,) if note else ())


def _smaller(root: ImageIndex, digest: Digest, chosen: Sequence[Candidate]) -> Selected:
    """An index of the chosen, with what is attested of them; the one there is, if nothing is left away."""
    wanted = {candidate.descriptor.digest for candidate in chosen}
    listed = [entry for entry in root.manifests if entry.digest in wanted]
    nested = [each.descriptor for each in chosen if each.descriptor not in listed]
    attested = [entry for entry in root.manifests if is_attestation(entry) and _is_about(entry, wanted)]
    entries = [entry for entry in root.manifests if entry in listed or entry in attested]
    if len(entries) == len(root.manifests):
        return Selected(root, digest)
    smaller = with_entries(root, [*entries, *(each for each in nested if each.digest not in _digests(listed))])
    note = f"a smaller index was written, for {', '.join(spelled(each.platform for each in chosen))}"
    return Selected(smaller, smaller.digest(digest.algorithm), (note,))


def _digests(entries: Sequence[Descriptor]) -> set[Digest]:
    return {entry.digest for entry in entries}


def _is_about(attestation: Descriptor, wanted: set[Digest]) -> bool:
    return attestation.annotations.get(ATTESTED, "") in map(str, wanted)


def _no_room(chosen: Sequence[Candidate]) -> MalformedPlace:
    return MalformedPlace(
        ", ".join(spelled(each.platform for each in chosen)),
        "an archive or an engine takes the image of one platform at a time",
        next_step="choose one with --platform, or copy into a registry or a folder (oci:DIR)",
    )
