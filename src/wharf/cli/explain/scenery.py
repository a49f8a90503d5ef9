"""The scene of a failure, as the command line finds it: this machine, this account, and what a person named."""

from dataclasses import replace

from wharf.cli.remote_options import RemoteWishes
from wharf.cli.surroundings import Surroundings
from wharf.client.settings import ClientSettings, Retries
from wharf.credentials.chain import keychain_of
from wharf.doctor.scene import ALL_SECONDS, PATIENCE_SECONDS, Aim, Scene
from wharf.oci.reference import Reference

_AT_ONCE = Retries(times=0)
"""What fails is what is looked for: to try again would hide it, and take its time."""


def scene_of(here: Surroundings, wishes: RemoteWishes, aim: Aim) -> Scene:
    settings = ClientSettings.of_machine(
        here.environ, here.home, here.platform, insecure=wishes.insecure, ca_files=wishes.ca_files
    )
    patience = PATIENCE_SECONDS * here.slowness
    environ = {**here.environ, "DOCKER_CONFIG": str(wishes.config)} if wishes.config else here.environ
    return Scene(
        environ=environ,
        home=here.home,
        platform=here.platform,
        folder=here.folder,
        settings=replace(settings, retries=_AT_ONCE),
        keychain=keychain_of(here.environ, here.home, here.platform, wishes.config, patience_seconds=patience),
        aim=aim,
        patience=patience,
        patience_with_all=ALL_SECONDS * here.slowness,
    )


def aim_named(image: Reference | None, registry: str | None) -> Aim:
    """What a person says that it is about."""
    return Aim(
        registry=registry or (image.registry if image else None),
        repository=image.repository if image else None,
        reference=image,
    )
