"""`wharf diff`: what differs between two images, wherever they lie."""

from typing import Final

import click

from wharf.cli.exit_codes import FAILED
from wharf.cli.images.diff_report import as_json, show
from wharf.cli.images.errand import Errand, image_command
from wharf.cli.images.places import Found, Places
from wharf.cli.images.words import PLATFORM
from wharf.images.choose import this_machine
from wharf.images.compare import Side, compare
from wharf.images.place import parse_place
from wharf.oci.platform import Platform

_ABOUT: Final = """\
Show what differs between two images: configuration, layers, packages and files. A and B are places as wharf copy
takes them.

Layers that both have are not read; --quick reads none, and leaves packages and files out. Of an image for several
platforms the one for this machine is taken, or for --platform. It ends with 0 whether they differ or not, unless
--exit-code is given: then with 1 if their digests differ.
"""
_EPILOG: Final = """\
\b
Examples:
  wharf diff registry.example/team/app:1.0 registry.example/team/app:1.1
  wharf diff registry.example/team/app:1.1 oci:build --files
  wharf diff app:1.0 app:1.1 --quick --exit-code --json
"""


async def _diff(
    errand: Errand,
    left: str,
    right: str,
    *,
    files: bool,
    quick: bool,
    exit_code: bool,
    platform: Platform | None,
) -> int | None:
    if files and quick:
        raise click.UsageError("--files and --quick contradict each other")
    places = Places(errand.surroundings, errand.remotes)
    before, after = places.found(parse_place(left)), places.found(parse_place(right))
    wanted = platform or this_machine()
    errand.output.progress("" if quick else "reading layers")
    try:
        difference = await compare(_side(before, wanted), _side(after, wanted), looks_into_layers=not quick)
    finally:
        errand.output.progress("")
        await before.source.close()
        await after.source.close()
    names = str(before.place), str(after.place)
    errand.tell(as_json(*names, difference), lambda: show(errand.output, *names, difference, all_files=files))
    return FAILED.code if exit_code and not difference.is_none else None


def _side(found: Found, platform: Platform) -> Side:
    return Side(found.source, found.which, str(found.place), platform)


diff: Final = image_command(
    "diff",
    _diff,
    _ABOUT,
    _EPILOG,
    [
        click.Argument(["left"], metavar="A"),
        click.Argument(["right"], metavar="B"),
        click.Option(["--files"], is_flag=True, help="Every file that differs, not only the largest changes."),
        click.Option(["--quick"], is_flag=True, help="Do not read layers."),
        click.Option(["--exit-code"], is_flag=True, help="End with 1 if the images differ."),
        click.Option(["--platform"], type=PLATFORM, metavar="OS/ARCH", help="The images for this platform."),
    ],
)
