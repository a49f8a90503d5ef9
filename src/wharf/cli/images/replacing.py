"""Archives are written anew. One that holds other images is not replaced, unless somebody says so."""

from collections.abc import Sequence
from pathlib import Path

import click

from wharf.errors import MalformedPlace
from wharf.images.place import ArchivePlace, LayoutArchivePlace, Place


async def names_that_go(targets: Sequence[Place], folder: Path, *, is_forced: bool) -> tuple[str, ...]:
    """What `--force` takes away, for it to be told; without it nothing goes."""
    files = {place.file: place for place in targets if isinstance(place, ArchivePlace | LayoutArchivePlace)}
    gone: list[str] = []
    for file, place in files.items():
        alike = [each for each in targets if isinstance(each, type(place)) and each.file == file]
        try:
            lost = await _lost(folder / file, alike)
        except MalformedPlace:
            if not is_forced:
                raise
            lost = ("what it held",)
        if lost and not is_forced:
            reason = f"this file holds other images, which would be gone: {', '.join(lost)}"
            raise MalformedPlace(str(file), reason, next_step="name another file, or replace it with --force")
        gone += [f"{file} was replaced, and gone with it: {name}" for name in lost]
    return tuple(gone)


def force_option() -> click.Option:
    return click.Option(["--force"], is_flag=True, help="Replace an archive that holds other images.")


async def _lost(file: Path, alike: Sequence[ArchivePlace | LayoutArchivePlace]) -> tuple[str, ...]:
    from wharf.images.archive_listing import familiar  # noqa: PLC0415 - start-up time: few copies write archives
    from wharf.images.docker_archive import ArchiveSource  # noqa: PLC0415
    from wharf.images.layout_archive import LayoutArchiveSource  # noqa: PLC0415
    from wharf.images.standing import names_lost  # noqa: PLC0415

    names: list[str] = []
    for place in alike:
        if isinstance(place, ArchivePlace):
            names.append(familiar(place.reference) if place.reference else "")
        else:
            names.append(str(place.which or ""))
    source = ArchiveSource(file) if isinstance(alike[0], ArchivePlace) else LayoutArchiveSource(file)
    return await names_lost(file, source, str(alike[0]), names)
