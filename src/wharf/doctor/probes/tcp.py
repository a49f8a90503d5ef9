"""A call at the registry's address, straight, whatever proxy there may be: who takes it, and who hangs up."""

import asyncio
from collections.abc import Callable
from contextlib import AbstractContextManager
from socket import socket
from typing import Final

from wharf.client.origin import Origin, is_loopback
from wharf.doctor.reach.connecting import Call, called, connected, how_it_ended, looked_up
from wharf.doctor.reach.hello import first_words
from wharf.doctor.reach.place import way_of
from wharf.doctor.reach.waiting import in_time
from wharf.doctor.scene import Scene
from wharf.doctor.seen import NOTHING_SEEN, Seen, Sighting

_OTHER_PORTS: Final = (443, 80, 5000)
_OTHERS_SHARE: Final = 0.25
_MOST_ADDRESSES: Final = 6
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
    call, each = await asyncio.gather(_call(origin, scene.patience), _at_each_address(origin, scene.patience))
    if call is Call.NO_NAME:
        return NOTHING_SEEN
    sighting, (english, korean) = Sighting("tcp"), _WORDS[call]
    place = f"{origin.host}:{origin.port}"
    sighting.saw("outcome", call.value, f"{place} {english}.", f"{place}: {korean}.")
    sighting.saw("port", origin.port)
    tell_of_each(sighting, origin, each)
    if call is not Call.OPEN:
        await _tell_of_others(sighting, origin, scene.patience * _OTHERS_SHARE)
    return sighting.done()


async def _call(origin: Origin, patience: float) -> Call:
    try:
        return await in_time(lambda: _called(origin, patience / 2), patience)
    except TimeoutError:
        return Call.HUNG


async def _at_each_address(origin: Origin, patience: float) -> dict[str, Call]:
    """Nothing where the name leads to one address only: that one is called by its name."""
    try:
        answer = await in_time(lambda: looked_up(origin.host), patience / 2)
    except TimeoutError:
        return {}
    addresses = answer.addresses[:_MOST_ADDRESSES] if len(answer.addresses) > 1 else ()
    calls = await asyncio.gather(*(_how_it_takes_it(address, origin.port, patience / 4) for address in addresses))
    return dict(zip(addresses, calls, strict=True))


async def _how_it_takes_it(address: str, port: int, seconds: float) -> Call:
    try:
        return await in_time(lambda: called(address, port, seconds), 2 * seconds)
    except TimeoutError:
        return Call.HUNG


def tell_of_each(sighting: Sighting, origin: Origin, each: dict[str, Call]) -> None:
    """An address that this machine has no way to, such as one of IPv6, is nobody's fault."""
    living = [address for address, call in each.items() if call is Call.OPEN]
    dead = [address for address, call in each.items() if call in {Call.REFUSED, Call.HUNG, Call.RESET}]
    mixed = bool(living and dead) and not all(is_loopback(address) for address in each)
    english, korean = "", ""
    if mixed:
        english = f"{origin.host} leads to {', '.join(dead)}, which takes no connection, and to {', '.join(living)}."
        korean = (
            f"{origin.host}의 주소 중 {', '.join(dead)}은(는) 연결을 받지 않고, {', '.join(living)}은(는) 받습니다."
        )
    sighting.saw("some_address_dead", mixed, english, korean)


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
