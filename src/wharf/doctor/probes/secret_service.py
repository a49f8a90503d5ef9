"""The keyring of a desktop, asked over the bus of the session: it is not started, and nothing is unlocked."""

import asyncio
from typing import Final

from wharf.doctor.ground.session_bus import SessionBus
from wharf.doctor.scene import Scene
from wharf.doctor.seen import Seen, Sighting
from wharf.doctor.signature import System, system_of

_NAME: Final = "org.freedesktop.secrets"
_DEFAULT: Final = "/org/freedesktop/secrets/aliases/default"
_COLLECTION: Final = "org.freedesktop.Secret.Collection"


async def look(scene: Scene) -> Seen:
    sighting = Sighting("secret-service")
    if system_of(scene.platform) is System.LINUX:
        await asyncio.to_thread(_look, scene, sighting)
    return sighting.done()


def _look(scene: Scene, sighting: Sighting) -> None:
    try:
        bus = SessionBus.reached(scene)
    except OSError:
        bus = None
    _see_bus(sighting, is_there=bus is not None)
    if bus is not None:
        try:
            _see_keyring(bus, sighting)
        finally:
            bus.close()


def _see_bus(sighting: Sighting, *, is_there: bool) -> None:
    sighting.saw(
        "bus",
        is_there,
        "" if is_there else "This session has no D-Bus that answers.",
        "" if is_there else "이 세션에는 응답하는 D-Bus가 없습니다.",
    )


def _see_keyring(bus: SessionBus, sighting: Sighting) -> None:
    runs = bus.is_owned(_NAME)
    if runs or bus.could_start(_NAME):
        sighting.saw("present", value=True)
    else:
        sighting.saw(
            "present",
            value=False,
            english=f"Nobody offers {_NAME} on the bus of this session.",
            korean=f"이 세션의 버스에 {_NAME}를 제공하는 서비스가 없습니다.",
        )
    if runs:
        _see_lock(bus, sighting)


def _see_lock(bus: SessionBus, sighting: Sighting) -> None:
    """A keyring that does not answer at all is not known to be locked: it is taken for hung."""
    try:
        locked = bus.property_is_true(_NAME, _DEFAULT, _COLLECTION, "Locked")
    except OSError:
        locked = None
        sighting.saw("answers", value=False, english="The keyring does not answer.", korean="키링이 응답하지 않습니다.")
    else:
        sighting.saw("answers", value=True)
    if locked:
        sighting.saw(
            "locked", value=True, english="The default keyring is locked.", korean="기본 키링이 잠겨 있습니다."
        )
    else:
        sighting.saw("locked", value=False)
