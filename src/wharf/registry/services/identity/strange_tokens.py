"""Strange tokens: texts that have the form of a token and were never given here, shown by whoever has tokens ended.

Some dozens are heard from one address; then it has to wait, as after wrong passwords. Nothing else is counted. So
whoever shows a token that was given here ends it at once, whatever others showed from there before.
"""

from typing import Final

from wharf.errors import TooManyAttempts
from wharf.metadata.ledger import Ledger
from wharf.metadata.records import Moment
from wharf.metadata.store import MetadataStore
from wharf.registry.services.clock import Clock
from wharf.registry.services.identity.attempts import (
    SWEEP_EVERY,
    WITH_ADDRESS,
    count_failure,
    network_of,
    still_to_wait,
)

_CAUSE: Final = "too many tokens that were never given here"


class StrangeTokens:
    def __init__(self, metadata: MetadataStore, clock: Clock) -> None:
        self._metadata = metadata
        self._clock = clock
        self._counted = 0

    async def shown(self, address: str) -> None:
        """Raises TooManyAttempts for one too many; it is not counted, so it costs no write."""
        subject, now = f"strange tokens {network_of(address)}", self._clock()
        wait = await self._metadata.read(lambda ledger: _wait(ledger, subject, now))
        if wait:
            raise TooManyAttempts(wait, _CAUSE)
        self._counted += 1
        sweeps = self._counted % SWEEP_EVERY == 0
        await self._metadata.write(lambda ledger: count_failure(ledger, [subject], now, sweeps=sweeps))


def _wait(ledger: Ledger, subject: str, now: Moment) -> int:
    return still_to_wait(ledger.logins.failures([subject]).get(subject), WITH_ADDRESS, now)
