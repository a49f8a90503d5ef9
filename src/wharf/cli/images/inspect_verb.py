"""`wharf inspect`: what an image is and what it is made of; the exact bytes of it; and whether it tells the truth."""

from collections.abc import Sequence
from typing import Final

import click

from wharf.cli.exit_codes import OK, UNTRUE
from wharf.cli.images.errand import Errand, image_command
from wharf.cli.images.inspect_report import as_json, show
from wharf.cli.images.places import Found, Places
from wharf.cli.images.words import PLATFORM
from wharf.cli.output import Json
from wharf.errors import ImageNotThere, PlatformNotThere, counted
from wharf.images.choose import LARGEST_CONFIG, Candidate, best, image_for, this_machine
from wharf.images.flaws import Flaw, Gravity
from wharf.images.place import parse_place
from wharf.images.summary import ImageSummary, Summary, summarise
from wharf.images.verified import read_small
from wharf.oci.descriptor import Descriptor
from wharf.oci.manifest import ImageManifest, Manifest
from wharf.oci.platform import Platform

_ABOUT: Final = """\
Show what an image is: its digest, its platforms, how it is started, its layers with their sizes and history, and the
signatures and other things that were said about it. PLACE is any that wharf copy takes.

Of an image for several platforms, the insides are shown for this machine, or for --platform. --validate reads all of
it and holds every size, digest and statement against the bytes.
"""
_EPILOG: Final = """\
\b
Examples:
  wharf inspect registry.example/team/app:1.0
  wharf inspect oci:images:1.0 --platform linux/arm64 --json
  wharf inspect docker-archive:app.tar --validate
  wharf inspect registry.example/team/app:1.0 --raw | sha256sum
"""


async def _inspect(
    errand: Errand, place: str, *, raw: bool, image_config: bool, validate: bool, platform: Platform | None
) -> int | None:
    if raw + image_config + (validate or errand.for_machines) > 1:
        raise click.UsageError("--raw and --image-config print bytes as they are: they go alone")
    if validate and platform is not None:
        raise click.UsageError("--validate looks at the images of all platforms: it does not go with --platform")
    found = Places(errand.surroundings, errand.remotes).found(parse_place(place))
    try:
        if raw or image_config:
            await _print_bytes(errand, found, platform, config=image_config)
            return None
        if validate:
            return await _validate(errand, found)
        await _summarise(errand, found, platform)
    finally:
        await found.source.close()
    return None


async def _print_bytes(errand: Errand, found: Found, platform: Platform | None, *, config: bool) -> None:
    manifest = await found.source.manifest(found.which)
    if platform is not None or config:
        manifest = await _manifest_for(found, manifest, platform or this_machine())
    if not config:
        errand.output.raw(manifest.raw)
        return
    if not isinstance(manifest, ImageManifest):
        raise ImageNotThere(str(found.place), "configuration")
    errand.output.raw(await read_small(found.source, manifest.config, LARGEST_CONFIG, "configuration"))


async def _manifest_for(found: Found, manifest: Manifest, wanted: Platform) -> Manifest:
    candidate = await image_for(found.source, manifest, wanted, str(found.place))
    if candidate is None:
        return manifest
    return candidate.manifest or await found.source.manifest(candidate.descriptor.digest)


async def _summarise(errand: Errand, found: Found, platform: Platform | None) -> None:
    summary = await summarise(found.source, found.which)
    called = str(found.place)
    if platform is not None:
        chosen: ImageSummary | None = _image_for(summary, platform, called)
    else:
        chosen = _image_here(summary, called)
    images = summary.images if platform is None or chosen is None else (chosen,)
    errand.tell(as_json(called, summary, images), lambda: show(errand.output, called, summary, chosen))


def _image_here(summary: Summary, called: str) -> ImageSummary | None:
    """The one for this machine, or else the first."""
    try:
        return _image_for(summary, this_machine(), called)
    except PlatformNotThere:
        return next(iter(summary.images), None)


def _image_for(summary: Summary, wanted: Platform, called: str) -> ImageSummary:
    """The one that a copy for this platform would take."""
    known = {
        Candidate(Descriptor(image.manifest.media_type, image.digest, len(image.manifest.raw)), image.platform): image
        for image in summary.images
        if image.platform is not None
    }
    return known[best(list(known), wanted, called)]


async def _validate(errand: Errand, found: Found) -> int:
    from wharf.images.validate import flaws_of  # noqa: PLC0415 - start-up time: it unpacks layers

    errand.output.progress("reading every layer")
    flaws = await flaws_of(found.source, found.which)
    errand.output.progress("")
    broken = any(flaw.gravity is Gravity.BROKEN for flaw in flaws)
    document: Json = {
        "reference": str(found.place),
        "valid": not broken,
        "flaws": [{"where": flaw.where, "text": flaw.text, "gravity": flaw.gravity.value} for flaw in flaws],
    }
    errand.tell(document, lambda: _show_flaws(errand, found, flaws))
    return UNTRUE.code if broken else OK.code


def _show_flaws(errand: Errand, found: Found, flaws: Sequence[Flaw]) -> None:
    broken = sum(flaw.gravity is Gravity.BROKEN for flaw in flaws)
    verdict = (
        f"contradicts itself in {counted(broken, 'place')}" if broken else "is whole: every size and digest is true"
    )
    errand.output.line(f"{found.place} {verdict}")
    for flaw in flaws:
        errand.output.line(f"  {flaw.gravity.value}: {flaw}")


inspect: Final = image_command(
    "inspect",
    _inspect,
    _ABOUT,
    _EPILOG,
    [
        click.Argument(["place"]),
        click.Option(["--raw"], is_flag=True, help="The manifest, byte by byte."),
        click.Option(["--image-config"], is_flag=True, help="The configuration, byte by byte."),
        click.Option(["--validate"], is_flag=True, help="Hold all of it against the truth; 7 if something is wrong."),
        click.Option(["--platform"], type=PLATFORM, metavar="OS/ARCH", help="The image for this platform."),
    ],
)
