"""`wharf pull`: an image of a registry comes to this machine."""

from typing import Final, Unpack

import click

from wharf.cli.images.errand import Errand, image_command
from wharf.cli.images.replacing import force_option
from wharf.cli.images.targets import Target, parse_target
from wharf.cli.images.transfer import TransferOptions, transfer, transfer_options
from wharf.cli.images.words import REFERENCE
from wharf.errors import EngineUnreachable, MalformedReference
from wharf.images.place import DaemonPlace, RegistryPlace
from wharf.oci.reference import Reference

_ABOUT: Final = """\
Pull an image from a registry: into the Docker Engine of this machine, under the same name, or to TARGET, which is any
place that wharf copy takes. An engine or an archive takes the image for this machine, unless --platform says another.
"""
_EPILOG: Final = """\
\b
Examples:
  wharf pull registry.example/team/app:1.0
  wharf pull registry.example/team/app:1.0 oci:images
  wharf pull registry.example/team/app:1.0 docker-archive:app.tar
"""


async def _pull(errand: Errand, reference: Reference, target: str | None, **options: Unpack[TransferOptions]) -> None:
    wanted = reference.with_default_tag()
    if target is not None:
        await transfer(errand, [RegistryPlace(wanted)], parse_target(target), options)
        return
    if wanted.tag is None:
        step = f"say which name it gets: wharf pull {wanted} docker-daemon:{wanted.repository}:TAG"
        raise MalformedReference(
            str(wanted), "an engine names its images by tags, and this one has none", next_step=step
        )
    try:
        await transfer(errand, [RegistryPlace(wanted)], Target(DaemonPlace(_without_digest(wanted))), options)
    except EngineUnreachable as problem:
        step = f"start it, or name where to pull to: wharf pull {reference} oci:DIR"
        raise EngineUnreachable(problem.address, problem.reason, next_step=step) from problem


def _without_digest(reference: Reference) -> Reference:
    return Reference(reference.registry, reference.repository, reference.tag)


pull: Final = image_command(
    "pull",
    _pull,
    _ABOUT,
    _EPILOG,
    [
        click.Argument(["reference"], type=REFERENCE),
        click.Argument(["target"], required=False),
        force_option(),
        *transfer_options(),
    ],
)
