"""A program of the machine, asked for something that changes nothing, within a time, in the surroundings of a scene."""

import asyncio
from collections.abc import Mapping
from pathlib import Path

from wharf.credentials.programs import Outcome, find_program, run_program
from wharf.doctor.scene import Scene


def found(scene: Scene, name: str) -> Path | None:
    return find_program(name, scene.environ, scene.platform).path


async def asked(
    scene: Scene, name: str, *arguments: str, given: str = "", more: Mapping[str, str] | None = None
) -> Outcome | None:
    """None where it is not there or cannot be started; without a code, it did not end in time."""
    program = found(scene, name)
    if program is None:
        return None
    environ = {**scene.environ, **(more or {})}
    try:
        return await asyncio.to_thread(run_program, program, arguments, given.encode(), environ, scene.patience)
    except (OSError, ValueError):
        return None
