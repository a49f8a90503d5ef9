"""An archive that stands where another one is to be written: which of its images would be gone."""

import asyncio
from collections.abc import Iterable
from pathlib import Path
from typing import Final, Protocol

from wharf.errors import Malformed, MalformedPlace, TooLarge, Untrue, WharfError

NAMELESS: Final = "an image without a name"


class Named(Protocol):
    """An archive that tells under which names its images lie there."""

    async def names(self) -> tuple[str, ...]:
        """Each name once, and an empty one for images that have none. What is said about images is not counted."""

    async def close(self) -> None: ...


async def names_lost(file: Path, standing: Named, place: str, new: Iterable[str]) -> tuple[str, ...]:
    """The names that are there now and not among the new ones; a file that is no archive is not replaced at all."""
    if not await asyncio.to_thread(_is_something, file):
        return ()
    try:
        present = await standing.names()
    except (Malformed, TooLarge, Untrue) as problem:
        raise _foreign(place, problem) from problem
    finally:
        await standing.close()
    wanted = set(new)
    return tuple(name or NAMELESS for name in present if name not in wanted)


def _is_something(file: Path) -> bool:
    return file.is_file() and file.stat().st_size > 0


def _foreign(place: str, problem: WharfError) -> MalformedPlace:
    reason = f"the file that stands there is no such archive: {problem.diagnostics().cause}"
    return MalformedPlace(place, reason, next_step="name another file, or replace it with --force")
