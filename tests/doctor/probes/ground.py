"""What a probe is shown in these tests: a machine of files below a folder, and programs that say what they are told."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from tests.doctor.worlds.world import World, world_in
from wharf.doctor.facts import Known
from wharf.doctor.scene import Aim, Scene

REGISTRY = "registry.example"


def scene_in(
    folder: Path,
    files: Mapping[str, str | bytes] | None = None,
    *,
    platform: str = "linux",
    aim: Aim | None = None,
    more: Mapping[str, str] | None = None,
    **environ: str,
) -> Scene:
    """`files`: below the root of the machine. The home lies below it, and is made. `more`: of the environment."""
    home = folder / "home/mina"
    home.mkdir(parents=True, exist_ok=True)
    for path, content in (files or {}).items():
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content.encode() if isinstance(content, str) else content)
    world = world_in(home, {**environ, **(more or {})}, platform=platform, aim=aim or Aim())
    return replace(world.scene, root=folder)


def programs_in(folder: Path, **scripts: str) -> str:
    """A value of PATH, with these programs on it and the usual ones."""
    for name, script in scripts.items():
        program = folder / name.replace("_", "-")
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(0o755)
    return f"{folder}:/usr/bin:/bin"


def facts_of(probe: str, scene: Scene) -> dict[str, Known]:
    """By their names without the probe's."""
    seen = World(scene).probed(probe)
    assert () == seen.unseen
    return {str(name).partition(".")[2]: value for name, value in seen.facts.known.items()}


def said_of(probe: str, fact: str, scene: Scene) -> str:
    """The English sentence that shows it."""
    return next(words.english for name, words in World(scene).probed(probe).shown.items() if name == f"{probe}.{fact}")
