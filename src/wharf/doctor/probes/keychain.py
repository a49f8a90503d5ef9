"""The login keychain of macOS: nobody is asked for a password, and no secret is asked for."""

import asyncio
import ctypes
import sys
from typing import Final

from wharf.credentials.keys import docker_key, registry_of
from wharf.doctor.ground.program import asked
from wharf.doctor.scene import Scene
from wharf.doctor.seen import Seen, Sighting
from wharf.doctor.signature import System, system_of
from wharf.oci.reference import DOCKER_HUB

_SECURITY: Final = "/System/Library/Frameworks/Security.framework/Security"
_UNLOCKED: Final = 1
_NOT_FOUND: Final = 44
_OWN_LABEL: Final = '"Docker Credentials"'
_HUB_SERVER: Final = "index.docker.io"


async def look(scene: Scene) -> Seen:
    sighting = Sighting("keychain")
    if system_of(scene.platform) is System.MACOS:
        await asyncio.to_thread(_see_lock, sighting)
        if scene.aim.registry:
            await _see_item(scene, scene.aim.registry, sighting)
    return sighting.done()


def _see_lock(sighting: Sighting) -> None:
    """The command `security show-keychain-info` would ask a person to unlock; the library only tells."""
    if system_of(sys.platform) is not System.MACOS:
        return
    security = ctypes.CDLL(_SECURITY)
    keychain, status = ctypes.c_void_p(), ctypes.c_uint32()
    failed = security.SecKeychainCopyDefault(ctypes.byref(keychain))
    if failed or security.SecKeychainGetStatus(keychain, ctypes.byref(status)):
        return
    locked = not status.value & _UNLOCKED
    sighting.saw(
        "locked",
        locked,
        "The login keychain is locked." if locked else "",
        "로그인 키체인이 잠겨 있습니다." if locked else "",
    )


async def _see_item(scene: Scene, registry: str, sighting: Sighting) -> None:
    """What the item is called, and not what is in it: docker's helper labels those that it makes."""
    host = _HUB_SERVER if registry == DOCKER_HUB else registry_of(docker_key(registry)).partition(":")[0]
    outcome = await asked(scene, "security", "find-internet-password", "-s", host)
    if outcome is None or outcome.code is None:
        return
    if outcome.code == _NOT_FOUND:
        sighting.saw("item", "absent")
    elif outcome.code == 0:
        is_own = _OWN_LABEL.encode() in outcome.out
        sighting.saw(
            "item",
            "own" if is_own else "of-another-program",
            f"The keychain's item for {host} was made by docker's helper."
            if is_own
            else f"The keychain's item for {host} was made by another program than docker's helper.",
            f"키체인의 {host} 항목은 docker 도우미가 만들었습니다."
            if is_own
            else f"키체인의 {host} 항목은 docker 도우미가 아닌 다른 프로그램이 만들었습니다.",
        )
