"""A call at the registry's address, straight, whatever proxy there may be: who takes it, and who hangs up."""

import asyncio
from collections.abc import Callable
from contextlib import AbstractContextManager
from socket import socket
from typing import Final

from wharf.client.origin import Origin
from wharf.doctor.reach.connecting import Call, called, connected, how_it_ended
from wharf.doctor.reach.hello import first_words
from wharf.doctor.reach.place import way_of
from wharf.doctor.reach.waiting import in_time
from wharf.doctor.scene import Scene
from wharf.doctor.seen import NOTHING_SEEN, Seen, Sighting

_OTHER_PORTS: Final = (443, 80, 5000)
_OTHERS_SHARE: Final = 0.25
_WORDS: Final = {
    Call.OPEN: ("takes connections", "연결을 받습니다"),
    Call.REFUSED: (
        "refuses connections: nothing listens there",
        "연결을 거부합니다. 그 포트에서 듣는 프로그램이 없습니다",
    ),
    Call.HUNG: (
        "does not answer at all, as behind a firewall",
        "전혀 응답하지 않습니다. 방화벽 뒤에 있을 때의 모습입니다",
    ),
    Call.UNREACHABLE: ("cannot be reached: there is no way to it", "도달할 수 있는 경로가 없습니다"),
    Call.RESET: ("takes a connection and ends it at the first words", "연결을 받은 뒤 첫 메시지에서 끊습니다"),
}


async def look(scene: Scene) -> Seen:
    origin = way_of(scene)
    if origin is None:
        return NOTHING_SEEN
    call = await _call(origin, scene.patience)
    if call is Call.NO_NAME:
        return NOTHING_SEEN
    sighting, (english, korean) = Sighting("tcp"), _WORDS[call]
    place = f"{origin.host}:{origin.port}"
    sighting.saw("outcome", call.value, f"{place} {english}.", f"{place}: {korean}.")
    sighting.saw("port", origin.port)
    if call is not Call.OPEN:
        await _tell_of_others(sighting, origin, scene.patience * _OTHERS_SHARE)
    return sighting.done()


async def _call(origin: Origin, patience: float) -> Call:
    try:
        return await in_time(lambda: _called(origin, patience / 2), patience)
    except TimeoutError:
        return Call.HUNG


def _called(origin: Origin, seconds: float) -> Call:
    call = called(origin.host, origin.port, seconds)
    if call is not Call.OPEN:
        return call
    line: Callable[[], AbstractContextManager[socket]] = lambda: connected(origin.host, origin.port, seconds)  # noqa: E731
    try:
        hello = first_words(line, origin.host, seconds / 3)
    except OSError as problem:
        return how_it_ended(problem)
    return Call.RESET if hello.broke_off else Call.OPEN


async def _tell_of_others(sighting: Sighting, origin: Origin, seconds: float) -> None:
    ports = [port for port in _OTHER_PORTS if port != origin.port]
    calls = await asyncio.gather(*(_is_open(origin.host, port, seconds) for port in ports))
    found = next((str(port) for port, is_open in zip(ports, calls, strict=True) if is_open), "none")
    listed = ", ".join(map(str, ports))
    if found == "none":
        sighting.saw(
            "other_port_open",
            found,
            f"Nothing listens at {origin.host} on {listed} either.",
            f"{origin.host}의 {listed} 포트도 열려 있지 않습니다.",
        )
    else:
        sighting.saw(
            "other_port_open",
            found,
            f"At {origin.host} port {found} is open.",
            f"{origin.host}의 {found} 포트가 열려 있습니다.",
        )


async def _is_open(host: str, port: int, seconds: float) -> bool:
    try:
        return await in_time(lambda: called(host, port, seconds), 2 * seconds) is Call.OPEN
    except TimeoutError:
        return False
