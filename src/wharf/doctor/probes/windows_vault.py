"""Windows' Credential Manager: whether its service runs, and whether a policy keeps everybody from storing."""

from typing import Final

from wharf.doctor.ground.program import asked
from wharf.doctor.scene import Scene
from wharf.doctor.seen import Seen, Sighting
from wharf.doctor.signature import System, system_of

_SERVICE: Final = "VaultSvc"
_POLICIES: Final = "HKLM\\SYSTEM\\CurrentControlSet\\Control\\Lsa"
_POLICY: Final = "DisableDomainCreds"
_SAID: Final = {
    "stopped": (f"The service {_SERVICE} is stopped.", f"{_SERVICE} 서비스가 중지되어 있습니다."),
    "disabled": (f"The service {_SERVICE} is disabled.", f"{_SERVICE} 서비스가 사용 안 함으로 설정되어 있습니다."),
}


async def look(scene: Scene) -> Seen:
    sighting = Sighting("windows-vault")
    if system_of(scene.platform) is System.WINDOWS:
        if service := await _service(scene):
            sighting.saw("service", service, *_SAID.get(service, ("", "")))
        await _see_policy(scene, sighting)
    return sighting.done()


async def _service(scene: Scene) -> str:
    """`sc` says the states in capitals, in every language of Windows. A stopped service may start when it is needed."""
    state = await _said(scene, "sc", "query", _SERVICE)
    if "RUNNING" in state:
        return "running"
    if "STOPPED" not in state:
        return ""
    return "disabled" if "DISABLED" in await _said(scene, "sc", "qc", _SERVICE) else "stopped"


async def _see_policy(scene: Scene, sighting: Sighting) -> None:
    """A value that nobody has set is not there, and `reg` then says so by its exit code."""
    outcome = await asked(scene, "reg", "query", _POLICIES, "/v", _POLICY)
    if outcome is None or outcome.code is None:
        return
    said = outcome.out.decode("utf-8", "replace").split()
    forbidden = outcome.code == 0 and _POLICY in said and said[-1].lower() not in {"0x0", "0"}
    sighting.saw(
        "storing_forbidden",
        forbidden,
        f"The policy {_POLICY} is on." if forbidden else "",
        f"{_POLICY} 정책이 켜져 있습니다." if forbidden else "",
    )


async def _said(scene: Scene, *command: str) -> str:
    outcome = await asked(scene, command[0], *command[1:])
    return outcome.out.decode("utf-8", "replace") if outcome and outcome.code is not None else ""
