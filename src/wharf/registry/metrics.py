"""Whether metrics are served: only where an address is set for them, and not the registry's own."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager

from wharf.errors import SettingRefused
from wharf.registry.settings import Settings


@contextmanager
def metrics_of(settings: Settings) -> Iterator[socket.socket | None]:
    """Served within it, if an address is set for them; with the line for workers to tell their readings on."""
    address = settings.metrics_listen
    if address is None:
        yield None
        return
    if address == settings.listen:
        step = "choose another with --metrics-listen"
        raise SettingRefused("metrics-listen", str(address), "wharf", "the registry itself listens there", step)
    from wharf.registry.metrics_port import Metrics  # noqa: PLC0415 - start-up time: few ask for them

    metrics = Metrics(address)
    metrics.start()
    try:
        yield metrics.line
    finally:
        metrics.stop()
