"""`wharf copy`: images go from places to a place, in any direction, and only what is missing there travels."""

from typing import Final, Unpack

import click

from wharf.cli.images.errand import Errand, image_command
from wharf.cli.images.replacing import force_option
from wharf.cli.images.targets import parse_target
from wharf.cli.images.transfer import TransferOptions, transfer, transfer_options
from wharf.images.place import parse_place

_ABOUT: Final = """\
Copy images between places. Only what is missing at the target travels; digests stay as they are.

\b
A place is one of:
  HOST/NAME[:TAG][@DIGEST]     a repository of a registry
  oci:DIR[:NAME]               a folder in the form of the OCI image layout
  oci-archive:FILE[:NAME]      the same in a tar file
  docker-archive:FILE[:REF]    what docker save writes and docker load reads
  docker-daemon:REF            the Docker Engine of this machine; REF or an id

NAME is a tag, or a whole reference where podman or buildah wrote one.

An image for several platforms is copied whole, where the target has room for that; --platform chooses. Where the
target names no tag, the image keeps its own. Several sources go to a repository, a folder or an archive, and keep
their tags; a target that ends with / gets a repository for each.
"""
_EPILOG: Final = """\
\b
Examples:
  wharf copy ghcr.io/team/app:1.0 registry.example/team/app
  wharf copy registry.example/team/app:1.0 oci:images --platform linux/arm64
  wharf copy docker-archive:app.tar registry.example/team/app:1.0
  wharf copy reg.example/a/app:1 reg.example/a/web:2 mirror.example/a/
"""


async def _copy(errand: Errand, sources: tuple[str, ...], target: str, **options: Unpack[TransferOptions]) -> None:
    places = [parse_place(source) for source in sources]
    await transfer(errand, places, parse_target(target), options)


copy: Final = image_command(
    "copy",
    _copy,
    _ABOUT,
    _EPILOG,
    [
        click.Argument(["sources"], nargs=-1, required=True, metavar="SOURCE..."),
        click.Argument(["target"]),
        force_option(),
        *transfer_options(),
    ],
)
