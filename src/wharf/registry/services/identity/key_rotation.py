"""Another key for short-lived tokens, because an administrator says so: by habit, or because the old one leaked."""

from wharf.metadata.ledger import Ledger
from wharf.metadata.store import MetadataStore
from wharf.registry.services.access import Caller, Gate
from wharf.registry.services.clock import Clock
from wharf.registry.services.happenings import Happening, note
from wharf.registry.services.identity.signing import renew_key


class KeyRotation:
    def __init__(self, metadata: MetadataStore, gate: Gate, clock: Clock) -> None:
        self._metadata = metadata
        self._gate = gate
        self._clock = clock

    async def rotate(self, caller: Caller, *, forget: bool) -> str:
        """The name of the new key. `forget`: what was signed before ends at once, and clients ask for a new token."""
        await self._gate.require_over_all(caller)
        now = self._clock()

        def change(ledger: Ledger) -> str:
            if forget:
                ledger.signing_keys.drop_all()
            name = renew_key(ledger, now)
            note(ledger, caller, Happening("signing-key.rotate", name, details={"forget": forget}), now)
            return name

        return await self._metadata.write(change)
