"""From a place that somebody named to what images are read from, or written to."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from wharf.cli.images.targets import tag_in
from wharf.cli.remote import Remotes
from wharf.cli.surroundings import Surroundings
from wharf.images.place import ArchivePlace, DaemonPlace, LayoutArchivePlace, LayoutPlace, Place, RegistryPlace
from wharf.images.ref_name import Name, RefName
from wharf.images.sink import ImageSink, Origin
from wharf.images.source import ImageSource
from wharf.oci.digest import Digest
from wharf.oci.reference import Reference, Tag


@dataclass(frozen=True, slots=True)
class Found:
    """One image where it lies; `which` is None where the place holds only one."""

    place: Place
    source: ImageSource
    which: Tag | Digest | None
    origin: Origin | None = None

    async def tag(self) -> Tag | None:
        """The tag that it is known by, also if nobody said it, because there is only one."""
        named = tag_in(self.place)
        if named is not None or isinstance(self.which, Digest) or _whole_name(self.place) is not None:
            return named
        tags = await self.source.tags()
        return tags[0] if len(tags) == 1 else None


class Places:
    def __init__(self, surroundings: Surroundings, remotes: Remotes) -> None:
        self._surroundings = surroundings
        self._remotes = remotes

    def found(self, place: Place) -> Found:
        match place:
            case RegistryPlace(reference):
                return self._in_registry(reference.with_default_tag())
            case LayoutPlace(folder, which):
                return Found(place, self._layout(folder, _whole_name(place)), _not_whole(which))
            case LayoutArchivePlace(file, which):
                return Found(place, self._layout_archive(file, _whole_name(place)), _not_whole(which))
            case ArchivePlace(file, reference):
                return Found(place, self._archive(file, reference), reference.tag if reference else None)
            case DaemonPlace(reference):
                tag = None if isinstance(reference, Digest) else reference.tag
                return Found(place, self._of_engine(reference), tag)

    def sink(self, places: Sequence[Place]) -> ImageSink:
        """For images that go to one address, under one or more names there."""
        match places[0]:
            case RegistryPlace(reference):
                return self._remotes.repository(reference)
            case LayoutPlace(folder):
                return self._into_layout(folder, _whole_name(places[0]))
            case LayoutArchivePlace(file):
                return self._into_layout_archive(file, _whole_name(places[0]))
            case ArchivePlace(file):
                return self._into_archive(file, places)
            case DaemonPlace(reference):
                assert isinstance(reference, Reference)  # a target is never an id
                return self._into_engine(reference)

    def _in_registry(self, reference: Reference) -> Found:
        origin = Origin(reference.registry, reference.repository)
        which = reference.digest or reference.tag
        return Found(RegistryPlace(reference), self._remotes.repository(reference), which, origin)

    def _layout(self, folder: Path, name: RefName | None) -> ImageSource:
        from wharf.images.layout import LayoutSource  # noqa: PLC0415 - start-up time: others do not need it

        return LayoutSource(self._path(folder), name)

    def _into_layout(self, folder: Path, name: RefName | None) -> ImageSink:
        from wharf.images.layout import LayoutSink  # noqa: PLC0415 - start-up time

        return LayoutSink(self._path(folder), name)

    def _archive(self, file: Path, reference: Reference | None) -> ImageSource:
        from wharf.images.docker_archive import ArchiveSource  # noqa: PLC0415 - start-up time

        return ArchiveSource(self._path(file), reference)

    def _into_archive(self, file: Path, places: Sequence[Place]) -> ImageSink:
        from wharf.images.archive_sink import ArchiveSink  # noqa: PLC0415 - start-up time

        names = [place.reference for place in places if isinstance(place, ArchivePlace) and place.reference]
        return ArchiveSink(self._path(file), names)

    def _layout_archive(self, file: Path, name: RefName | None) -> ImageSource:
        from wharf.images.layout_archive import LayoutArchiveSource  # noqa: PLC0415 - start-up time

        return LayoutArchiveSource(self._path(file), name)

    def _into_layout_archive(self, file: Path, name: RefName | None) -> ImageSink:
        from wharf.images.layout_archive import LayoutArchiveSink  # noqa: PLC0415 - start-up time

        return LayoutArchiveSink(self._path(file), name)

    def _of_engine(self, reference: Reference | Digest) -> ImageSource:
        from wharf.engine.images import EngineSource  # noqa: PLC0415 - start-up time

        return EngineSource(self._surroundings.environ, reference)

    def _into_engine(self, reference: Reference) -> ImageSink:
        from wharf.engine.images import EngineSink  # noqa: PLC0415 - start-up time

        return EngineSink(self._surroundings.environ, reference)

    def _path(self, path: Path) -> Path:
        return self._surroundings.folder / path


def _whole_name(place: Place) -> RefName | None:
    which = place.which if isinstance(place, LayoutPlace | LayoutArchivePlace) else None
    return which if isinstance(which, RefName) else None


def _not_whole(which: Name | Digest | None) -> Tag | Digest | None:
    """A whole name is no tag: the source knows it, and is asked for its one image."""
    return None if isinstance(which, RefName) else which


def address_of(place: Place) -> str:
    """What two places have in common that differ in the name of the image only."""
    match place:
        case RegistryPlace(reference) | DaemonPlace(reference):
            return str(reference if isinstance(reference, Digest) else replace(reference, tag=None, digest=None))
        case LayoutPlace(folder):
            return str(folder)
        case LayoutArchivePlace(file) | ArchivePlace(file):
            return str(file)
