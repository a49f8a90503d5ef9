"""When a token was last used, and from where: noted beside the request, and written down for many at once.

For each token it is written at most once a minute, so what stands there may be as much out of date.
"""

import asyncio
import logging
from typing import Final

from wharf.errors import WharfError
from wharf.metadata.ledger import Ledger
from wharf.metadata.records import Moment, TokenId
from wharf.metadata.store import MetadataStore
from wharf.registry.services.access import Caller, Doorkeeper
from wharf.registry.services.clock import Clock

_BATCH_SECONDS: Final = 1.0
_EACH_AFTER: Final = 60_000
_MOST_REMEMBERED: Final = 100_000
_log = logging.getLogger("wharf.registry")


class TokenUse:
    def __init__(self, metadata: MetadataStore, clock: Clock, batch_seconds: float = _BATCH_SECONDS) -> None:
        self._metadata = metadata
        self._clock = clock
        self._batch_seconds = batch_seconds
        self._noted: dict[TokenId, tuple[str, Moment]] = {}
        self._latest: dict[TokenId, Moment] = {}
        self._timer: asyncio.TimerHandle | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    def seen(self, caller: Caller) -> None:
        """All that a request has to do with it."""
        if caller.token is None:
            return
        now = self._clock()
        if abs(now - self._latest.get(caller.token, 0)) < _EACH_AFTER:  # ahead of us where the clock was set back
            return
        if len(self._latest) >= _MOST_REMEMBERED:
            self._latest.clear()
        self._latest[caller.token] = now
        self._noted[caller.token] = (caller.address, now)
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(self._batch_seconds, self._begin)

    async def close(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        await asyncio.gather(*self._tasks)
        await self._write()

    def _begin(self) -> None:
        self._timer = None
        task = asyncio.ensure_future(self._write())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _write(self) -> None:
        noted, self._noted = self._noted, {}
        if not noted:
            return

        def change(ledger: Ledger) -> None:
            for token, (address, moment) in noted.items():
                ledger.tokens.used(token, address, moment)

        try:
            await self._metadata.write(change)
        except WharfError as error:  # as little as that is no reason to fail: it is noted again in a minute
            _log.warning("the last use of tokens could not be noted: %s", error)


class WatchedDoor:
    """A door at which the use of tokens is noted."""

    def __init__(self, door: Doorkeeper, use: TokenUse) -> None:
        self._door = door
        self._use = use

    async def identify(self, authorization: str | None, address: str) -> Caller:
        caller = await self._door.identify(authorization, address)
        self._use.seen(caller)
        return caller
