"""Patience with a transfer that breaks: how often in a row, and how long between the attempts."""

from collections.abc import Sequence
from typing import Final

PAUSES: Final = (0.1, 0.3, 1.0, 2.0, 4.0, 8.0)
"""In seconds, one after each break. A registry that is started anew is back within them."""

WORTHWHILE: Final = 64 * 1024
"""So many bytes are progress. Whoever breaks off after each single one would else be given them all, one by one."""


class Patience:
    """Progress restores it."""

    def __init__(self, pauses: Sequence[float] = PAUSES) -> None:
        self._pauses = tuple(pauses)
        self._breaks = 0
        self._gained = 0

    def gain(self, count: int) -> None:
        """So many bytes more than ever before."""
        self._gained += count
        if self._gained >= WORTHWHILE:
            self._breaks = self._gained = 0

    def pause(self) -> float | None:
        """How long to wait after one break more; None when there have been too many."""
        if self._breaks >= len(self._pauses):
            return None
        self._breaks += 1
        return self._pauses[self._breaks - 1]
