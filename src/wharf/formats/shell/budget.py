"""How far a script is followed at most: in commands, in how deep one stands in another, and in time."""

from collections.abc import Sequence
from time import process_time
from typing import Final

from wharf.formats.hole import Hole, Reason, Unknown
from wharf.formats.shell.world import World, merged

MOST_STEPS: Final = 5_000
_MERGED_IN_A_STEP: Final = 50
"""Things done, of ways that are put together again: each is held against all others."""
DEEPEST: Final = 40
LONGEST: Final = 1.0
"""In seconds of work, beyond what any script takes that somebody wrote to have it run."""
SHORTEST: Final = 0.02
"""For a script that has taken too long before: the next event will not find more in it."""


class Budget:
    def __init__(self, seconds: float = LONGEST) -> None:
        self._end = process_time() + seconds
        self._steps = 0
        self._depth = 0
        self._is_told = False

    def step(self, world: World) -> bool:
        self._steps += 1
        if self._steps > MOST_STEPS:
            return self._over("commands", world)
        return process_time() < self._end or self._over("time", world)

    @property
    def is_over(self) -> bool:
        return self._is_told

    def merge(self, worlds: Sequence[World], base: int) -> list[World]:
        if len(worlds) > 1:
            self._steps += sum(len(world.entries) - base for world in worlds) // _MERGED_IN_A_STEP
        return merged(worlds, base)

    def enter(self, world: World) -> bool:
        if self._depth >= DEEPEST:
            return self._over("depth", world)
        self._depth += 1
        return True

    def leave(self) -> None:
        self._depth -= 1

    def _over(self, what: str, world: World) -> bool:
        if not self._is_told:
            world.note(Hole(Reason(Unknown.TOO_MUCH, what)))
        self._is_told = True
        return False
