"""`wharf push`: an image of this machine goes into a registry."""

from typing import Final, Unpack

import click

from wharf.cli.images.errand import Errand, image_command
from wharf.cli.images.targets import Target, parse_target
from wharf.cli.images.transfer import TransferOptions, transfer, transfer_options
from wharf.cli.images.words import REFERENCE
from wharf.errors import EngineUnreachable
from wharf.images.place import DaemonPlace, RegistryPlace, parse_place
from wharf.oci.reference import Reference

_ABOUT: Final = """\
Push an image into a registry: the one that the Docker Engine of this machine has under the same name, or the one at
SOURCE, which is any place that wharf copy takes.
"""
_EPILOG: Final = """\
\b
Examples:
  wharf push registry.example/team/app:1.0
  wharf push registry.example/team/app:1.0 oci:images:1.0
  wharf push registry.example/team/app:1.0 docker-archive:app.tar
"""


async def _push(errand: Errand, reference: Reference, source: str | None, **options: Unpack[TransferOptions]) -> None:
    wanted = reference.with_default_tag()
    target = parse_target(str(wanted))
    if source is not None:
        await transfer(errand, [parse_place(source)], target, options)
        return
    try:
        await transfer(errand, [DaemonPlace(wanted)], Target(RegistryPlace(wanted)), options)
    except EngineUnreachable as problem:
        step = f"start it, or name what to push: wharf push {reference} oci:DIR"
        raise EngineUnreachable(problem.address, problem.reason, next_step=step) from problem


push: Final = image_command(
    "push",
    _push,
    _ABOUT,
    _EPILOG,
    [
        click.Argument(["reference"], type=REFERENCE),
        click.Argument(["source"], required=False),
        *transfer_options(),
    ],
)
