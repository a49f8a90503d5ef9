"""A transfer as the command line carries it out: from some places to one, and what is told about it."""

from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from typing import Final, NotRequired, TypedDict

import click

from wharf.cli.images.errand import Errand, quiet_option
from wharf.cli.images.places import Found, Places, address_of
from wharf.cli.images.replacing import names_that_go
from wharf.cli.images.targets import Target, tag_in, targets_for
from wharf.cli.images.words import PLATFORM
from wharf.cli.output import Json, Output, size_in_words
from wharf.cli.surroundings import Surroundings
from wharf.errors import WharfError
from wharf.images.compression import LayerForm
from wharf.images.copy import DEFAULT_JOBS, Copied, Wishes, copy_image, delivery
from wharf.images.packed_layers import Forgetful, PackedLayers, PackedLayersFolder, packed_layers_folder
from wharf.images.place import ArchivePlace, DaemonPlace, Place
from wharf.images.progress import Progress
from wharf.images.rewriting import Family
from wharf.images.sink import Arrival, ImageSink
from wharf.oci.platform import Platform

_FORMS: Final = {"keep": LayerForm.KEEP, "gzip": LayerForm.GZIP, "zstd": LayerForm.ZSTD}


@dataclass(frozen=True, slots=True)
class Trip:
    """One image that has arrived."""

    source: Place
    target: Place
    copied: Copied

    def in_words(self, output: Output) -> None:
        output.heading(str(self.target))
        output.line(f"  {self.copied.digest}")
        output.table([("from", str(self.source)), ("blobs", self._blobs())], "<<")

    def _blobs(self) -> str:
        """ "3 sent (12.0 MiB), 7 were there": what did not occur is left away."""
        copied = self.copied
        counts = (
            (copied.count(Arrival.SENT), f"sent ({size_in_words(copied.sent_bytes)})"),
            (copied.count(Arrival.MOUNTED), "linked by the registry"),
            (copied.count(Arrival.PRESENT), "were there"),
        )
        return ", ".join(f"{count} {words}" for count, words in counts if count) or "all were there"

    def as_json(self) -> Json:
        copied = self.copied
        return {
            "source": str(self.source),
            "target": str(self.target),
            "digest": str(copied.digest),
            "mediaType": copied.manifest.media_type,
            "tags": [str(tag) for tag in copied.tags],
            "blobs": {
                "sent": copied.count(Arrival.SENT),
                "sentBytes": copied.sent_bytes,
                "mounted": copied.count(Arrival.MOUNTED),
                "present": copied.count(Arrival.PRESENT),
            },
            "manifests": [str(digest) for digest in copied.manifests],
            "referrers": [str(digest) for digest in copied.referrers],
            "notes": list(copied.notes),
        }


class TransferOptions(TypedDict):
    """What the three verbs that move images have in common."""

    platforms: tuple[Platform, ...]
    all_platforms: bool
    referrers: bool
    compression: str | None
    family: str
    jobs: int
    force: NotRequired[bool]


async def transfer(errand: Errand, sources: Sequence[Place], target: Target, options: TransferOptions) -> None:
    wishes = replace(_wishes(options, sources), memory=_memory(errand.surroundings))
    places = Places(errand.surroundings, errand.remotes)
    found = [places.found(source) for source in sources]
    try:
        targets = targets_for([(each.place, await each.tag()) for each in found], target)
        gone = await names_that_go(targets, errand.surroundings.folder, is_forced=options.get("force", False))
        trips = await _travelled(errand, places, list(zip(found, targets, strict=True)), wishes)
    finally:
        for each in found:
            await each.source.close()
    _tell(errand, trips, gone)


async def _travelled(errand: Errand, places: Places, ways: Sequence[tuple[Found, Place]], wishes: Wishes) -> list[Trip]:
    trips: list[Trip] = []
    sinks: dict[str, ImageSink] = {}
    with errand.watched() as progress:
        async with AsyncExitStack() as stack:
            for each, place in ways:
                address = address_of(place)
                if address not in sinks:
                    alike = [other for _, other in ways if address_of(other) == address]
                    sinks[address] = await stack.enter_async_context(delivery(places.sink(alike)))
                trips.append(Trip(each.place, place, await _copied(each, sinks[address], place, wishes, progress)))
    return trips


async def _copied(found: Found, sink: ImageSink, place: Place, wishes: Wishes, progress: Progress) -> Copied:
    tag = tag_in(place)
    own = replace(wishes, called=str(found.place))
    try:
        return await copy_image(found.source, found.which, sink, [tag] if tag else [], own, progress, found.origin)
    except WharfError as error:
        raise error.seen_at(f"while copying {found.place} to {place}") from error.__cause__


def _tell(errand: Errand, trips: Sequence[Trip], gone: Sequence[str]) -> None:
    if not (errand.quiet or errand.for_machines):
        for note in dict.fromkeys([*gone, *(note for trip in trips for note in trip.copied.notes)]):
            errand.output.note(note)

    def words() -> None:
        for trip in trips:
            trip.in_words(errand.output)

    document: dict[str, Json] = {"images": [trip.as_json() for trip in trips]}
    if gone:
        document["replaced"] = list(gone)
    errand.tell(document, words, [str(trip.copied.digest) for trip in trips])


def _wishes(options: TransferOptions, sources: Sequence[Place]) -> Wishes:
    """What has a manifest of its own keeps it, unless somebody says how it is to be packed."""
    if options["platforms"] and options["all_platforms"]:
        raise click.UsageError("--platform and --all-platforms contradict each other")
    return Wishes(
        options["platforms"],
        all_platforms=options["all_platforms"],
        referrers=options["referrers"],
        layers=_FORMS[options["compression"]] if options["compression"] else _usual_form(sources),
        family=Family(options["family"]),
        jobs=options["jobs"],
    )


def _memory(here: Surroundings) -> PackedLayers:
    folder = packed_layers_folder(here.environ, here.home, here.platform)
    return PackedLayersFolder(folder) if folder.is_absolute() else Forgetful()


def _usual_form(sources: Sequence[Place]) -> LayerForm:
    has_no_digest = any(isinstance(source, ArchivePlace | DaemonPlace) for source in sources)
    return LayerForm.AS_USUAL if has_no_digest else LayerForm.KEEP


def transfer_options() -> list[click.Parameter]:
    return [
        click.Option(
            ["platforms", "--platform"],
            type=PLATFORM,
            multiple=True,
            metavar="OS/ARCH",
            help="Only the image for this platform. May be given again.",
        ),
        click.Option(["--all-platforms"], is_flag=True, help="All platforms, also where one is usual."),
        click.Option(["--referrers"], is_flag=True, help="Signatures and what else refers to it, too."),
        click.Option(
            ["--compression"],
            type=click.Choice(list(_FORMS)),
            help="Pack layers that are not packed yet. Default: keep digests; gzip what has none.",
        ),
        click.Option(
            ["family", "--format"],
            type=click.Choice([family.value for family in Family]),
            default=Family.KEEP.value,
            help="Media types: as they are (the default), or OCI's, with another digest.",
        ),
        click.Option(
            ["--jobs"],
            type=click.IntRange(1, 64),
            default=DEFAULT_JOBS,
            metavar="N",
            help=f"So many layers at once. Default: {DEFAULT_JOBS}.",
        ),
        quiet_option(),
    ]
