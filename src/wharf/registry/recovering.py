"""A recovery beside the running registry, on the same store, in a process of its own."""

from wharf.access.login import Login
from wharf.registry.app import build_metadata
from wharf.registry.services.accounts.recovery import Recovered, recover
from wharf.registry.services.clock import system_clock
from wharf.registry.services.identity.passwords import Passwords
from wharf.registry.settings import Settings


async def recovered(settings: Settings, wanted: Login | None) -> Recovered:
    metadata = build_metadata(settings)
    try:
        return await recover(metadata, Passwords(), system_clock, wanted)
    finally:
        metadata.close()
