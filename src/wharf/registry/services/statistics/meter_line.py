"""The line on which a worker tells its readings: a socket to the parent process, that never makes a request wait."""

import asyncio
import os
import socket
from dataclasses import asdict
from typing import Final

from wharf.errors import WharfError
from wharf.metadata.store import MetadataStore
from wharf.registry.services.statistics.meter import Meter, Readings

_TELL_SECONDS: Final = 1.0
_LOOK_SECONDS: Final = 30.0
"""How often a worker looks at what is stored: that is a question to the whole database."""


class MeterLine:
    def __init__(self, metadata: MetadataStore, line: socket.socket) -> None:
        self.meter = Meter()
        self._metadata = metadata
        self._line = line
        self._line.settimeout(0)
        self._timer: asyncio.TimerHandle | None = None
        self._look_at = 0.0
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self) -> None:
        self._timer = asyncio.get_running_loop().call_later(_TELL_SECONDS, self._begin)

    async def stop(self) -> None:
        """Tell the rest. The line stays open: other workers have it too."""
        if self._timer is not None:
            self._timer.cancel()
        await asyncio.gather(*self._tasks)
        self._tell(self.meter.taken())

    def _begin(self) -> None:
        task = asyncio.ensure_future(self._told())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        self.start()

    async def _told(self) -> None:
        """A worker that has nothing to tell says that it is there."""
        now = asyncio.get_running_loop().time()
        readings = self.meter.taken()
        if now >= self._look_at:
            self._look_at = now + _LOOK_SECONDS
            readings.stock = await self._stock()
        self._tell(readings)

    async def _stock(self) -> dict[str, int]:
        try:
            return asdict(await self._metadata.survey(lambda ledger: ledger.usage.totals()))
        except WharfError:
            return {}

    def _tell(self, readings: Readings) -> None:
        readings.worker = os.getpid()
        try:
            self._line.send(readings.to_wire())
        except OSError:
            self.meter.give_back(readings)  # nobody reads at the moment
