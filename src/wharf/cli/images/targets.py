"""Where exactly an image goes, decided from where it comes and what was said of the target. Nothing is opened here."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Final, NamedTuple

from wharf.errors import MalformedPlace
from wharf.images.place import (
    ArchivePlace,
    DaemonPlace,
    LayoutArchivePlace,
    LayoutPlace,
    Place,
    RegistryPlace,
    parse_place,
)
from wharf.images.ref_name import RefName
from wharf.oci.digest import Digest
from wharf.oci.reference import DEFAULT_TAG, DOCKER_HUB, Reference, RepositoryName, Tag

_SHELF: Final = "/"


class Target(NamedTuple):
    """`is_shelf`: it ended with a slash, and each image gets a repository of its own below it."""

    place: Place
    is_shelf: bool = False


def parse_target(text: str) -> Target:
    """A slash at the end of a folder is what shells put there, and means nothing."""
    place = parse_place(text.rstrip(_SHELF) or text)
    if isinstance(place, RegistryPlace):
        if place.reference.digest is not None:
            raise MalformedPlace(text, "a target has no digest: the content has it", next_step="name a tag, or nothing")
        is_shelf = text.endswith(_SHELF)
        if is_shelf and place.reference.registry not in text:
            hint = f"use oci:{text} for a folder, or name the registry: {DOCKER_HUB}/{text}"
            raise MalformedPlace(text, "a folder is named with its kind before it", next_step=hint)
        return Target(place, is_shelf=is_shelf)
    if isinstance(place, LayoutPlace | LayoutArchivePlace) and isinstance(place.which, Digest):
        raise MalformedPlace(text, "a target has no digest: the content has it", next_step="name a tag, or nothing")
    if isinstance(place, DaemonPlace) and isinstance(place.reference, Digest):
        raise MalformedPlace(text, "an engine gives ids itself", next_step="name the image: docker-daemon:NAME:TAG")
    if tag_in(place) is None and isinstance(place, LayoutPlace | LayoutArchivePlace) and place.which is not None:
        raise MalformedPlace(text, "the name of a target ends with a tag", next_step="write it as TAG, or as NAME:TAG")
    return Target(place)


def targets_for(sources: Sequence[tuple[Place, Tag | None]], target: Target) -> list[Place]:
    """One for each source; its tag is the one that it is known to have, or none."""
    if len(sources) > 1:
        _refuse_narrow_target(target.place)
    settled = [_settled(target, source, tag) for source, tag in sources]
    doubles = [place for place, count in Counter(map(str, settled)).items() if count > 1]
    if doubles:
        step = "copy them one by one, each with a tag of its own"
        if isinstance(target.place, RegistryPlace) and not target.is_shelf:
            step = f"end the target with a slash, and each gets its own repository: {target.place}/"
        raise MalformedPlace(doubles[0], "two of the images would have this same name", next_step=step)
    return settled


def name_of(place: Place) -> Reference | None:
    """What people call the image, where the place tells."""
    name = None if isinstance(place, LayoutPlace | LayoutArchivePlace) else place.reference
    return None if isinstance(name, Digest) else name


def tag_in(place: Place) -> Tag | None:
    if isinstance(place, LayoutPlace | LayoutArchivePlace):
        return place.which.tag if isinstance(place.which, RefName) else _tag_or_none(place.which)
    name = name_of(place)
    return name.tag if name else None


def _tag_or_none(which: Tag | Digest | None) -> Tag | None:
    return which if isinstance(which, Tag) else None


def _refuse_narrow_target(place: Place) -> None:
    if isinstance(place, DaemonPlace) or tag_in(place) is not None:
        raise MalformedPlace(
            str(place),
            "several images cannot have one name",
            next_step="name a repository or a folder without a tag: each image keeps its own",
        )


def _settled(target: Target, source: Place, tag: Tag | None) -> Place:
    place = target.place
    if isinstance(place, RegistryPlace):
        return RegistryPlace(_reference(place.reference, source, tag, is_shelf=target.is_shelf))
    if isinstance(place, LayoutPlace | LayoutArchivePlace):
        return place if place.which else replace(place, which=tag)
    if isinstance(place, ArchivePlace) and place.reference is None:
        return replace(place, reference=_own_name(source, tag))
    return place


def _reference(wanted: Reference, source: Place, tag: Tag | None, *, is_shelf: bool) -> Reference:
    if is_shelf:
        wanted = replace(wanted, repository=RepositoryName(f"{wanted.repository}/{_last_name(source)}"))
    if wanted.tag is not None:
        return wanted
    by_digest_only = tag is None and _is_by_digest(source)
    return wanted if by_digest_only else replace(wanted, tag=tag or Tag(DEFAULT_TAG))


def _is_by_digest(source: Place) -> bool:
    if isinstance(source, RegistryPlace):
        return source.reference.digest is not None
    return isinstance(source, LayoutPlace | LayoutArchivePlace) and isinstance(source.which, Digest)


def _own_name(source: Place, tag: Tag | None) -> Reference | None:
    """An archive names its images by tag; one that is known by its digest alone has no name there."""
    name = name_of(source)
    if name is None or (name.tag or tag) is None:
        return None
    return replace(name, tag=name.tag or tag, digest=None)


def _last_name(source: Place) -> str:
    match source:
        case LayoutPlace():
            return source.folder.absolute().name.lower()
        case LayoutArchivePlace():
            return source.file.name.partition(".")[0].lower()
        case ArchivePlace(reference=None):
            return source.file.name.partition(".")[0].lower()
        case DaemonPlace(reference=Digest() as image_id):
            return image_id.hex[:12]
    name = name_of(source)
    assert name is not None  # only folders, files and ids have none
    return name.repository.value.rpartition("/")[2]
