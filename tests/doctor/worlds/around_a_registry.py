"""A machine with nothing on it but a few variables and logins, and a failure that was about one registry."""

import base64
import json
from dataclasses import replace
from pathlib import Path

from tests.doctor.worlds.world import PATIENCE, World, world_in
from wharf.doctor.scene import Aim
from wharf.oci.reference import Reference


def world_about(
    home: Path, image: str, log: str = "", patience: float = PATIENCE, platform: str = "", **environ: str
) -> World:
    """`image`: host and port, or a whole reference. The system's own files begin in the home too."""
    reference = Reference.parse(image) if "/" in image else None
    aim = Aim(
        registry=reference.registry if reference else image,
        repository=reference.repository if reference else None,
        reference=reference,
        address=None if reference else image,
        platform=platform or None,
        log=log,
    )
    built = world_in(home, environ, aim=aim)
    return World(replace(built.scene, root=home, patience=patience))


def logged_in(home: Path, registry: str, name: str = "someone", password: str = "a-secret-word") -> None:
    folder = home / ".docker"
    folder.mkdir(exist_ok=True)
    auth = base64.b64encode(f"{name}:{password}".encode()).decode()
    (folder / "config.json").write_text(json.dumps({"auths": {registry: {"auth": auth}}}))


def known(world: World, probe: str) -> dict[str, object]:
    """The facts of one probe, named without it."""
    facts = world.probed(probe).facts.known
    return {name.partition(".")[2]: value for name, value in facts.items()}
