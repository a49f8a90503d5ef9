"""How a worker that ended comes back: always, and after a pause that grows while it keeps dying young.

The first time it is begun again at once, because an end of now and then should cost nobody a request. Where its start
itself is what fails, or whoever asks first ends it again, the pause leaves the machine to the others.
"""

from dataclasses import dataclass
from typing import Final, Self

_YOUNG_SECONDS: Final = 10.0
_FIRST_PAUSE: Final = 0.25
_LONGEST_PAUSE: Final = 5.0
_DOUBLINGS: Final = 5


@dataclass(frozen=True, slots=True)
class Comeback:
    """`young_ends`: how often in a row it has died young."""

    young_ends: int = 0

    def after(self, lived: float) -> Self:
        return type(self)(self.young_ends + 1 if lived < _YOUNG_SECONDS else 1)

    @property
    def pause(self) -> float:
        if self.young_ends < 2:
            return 0.0
        return min(_LONGEST_PAUSE, _FIRST_PAUSE * (1 << min(self.young_ends - 2, _DOUBLINGS)))
