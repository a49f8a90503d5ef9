"""The name of the registry, asked of whoever knows names for this machine."""

from pathlib import Path
from typing import Final

from wharf.client.origin import is_loopback
from wharf.doctor.reach.connecting import NameAnswer, is_literal, looked_up
from wharf.doctor.reach.place import way_of
from wharf.doctor.reach.waiting import in_time
from wharf.doctor.scene import Scene
from wharf.doctor.seen import NOTHING_SEEN, Seen, Sighting

_HOSTS_FILES: Final = {"win32": "Windows/System32/drivers/etc/hosts"}
_LARGEST_HOSTS_FILE: Final = 4 * 1024 * 1024


async def look(scene: Scene) -> Seen:
    origin = way_of(scene)
    if origin is None:
        return NOTHING_SEEN
    sighting, host = Sighting("dns"), origin.host
    if is_literal(host):
        sighting.saw(
            "outcome",
            "literal",
            f"{host} is an address: no name is looked up.",
            f"{host}은(는) 주소이므로 이름을 조회하지 않습니다.",
        )
        _tell_of_literal(sighting, host)
        return sighting.done()
    _tell(sighting, host, await _asked(host, scene.patience))
    needs_list = "." not in host and host != "localhost"
    sighting.saw("search_list_needed", needs_list, *_about_the_dot(host, needs_list=needs_list))
    _tell_of_file(sighting, host, scene)
    return sighting.done()


async def _asked(host: str, patience: float) -> NameAnswer:
    try:
        return await in_time(lambda: looked_up(host), patience)
    except TimeoutError:
        return NameAnswer(known=None)


def _tell(sighting: Sighting, host: str, answer: NameAnswer) -> None:
    if answer.known is None:
        sighting.saw(
            "outcome",
            "no-answer",
            f"Nobody answered the question for the name {host}.",
            f"{host} 이름 조회에 응답이 없습니다.",
        )
    elif not answer.known:
        sighting.saw(
            "outcome",
            "not-found",
            f"There is no such name as {host} for this machine.",
            f"이 컴퓨터에서 {host} 이름을 찾을 수 없습니다.",
        )
    else:
        listed = ", ".join(answer.addresses[:4])
        sighting.saw("outcome", "found", f"The name {host} leads to {listed}.", f"{host}의 주소는 {listed}입니다.")
        sighting.saw("addresses", frozenset(answer.addresses))
        here = all(is_loopback(address) for address in answer.addresses)
        sighting.saw("only_loopback", here, f"The name {host} leads to {listed}.", f"{host}의 주소는 {listed}입니다.")


def _tell_of_literal(sighting: Sighting, host: str) -> None:
    sighting.saw("addresses", frozenset({host}))
    sighting.saw("hosts_file", value=False)
    sighting.saw("search_list_needed", value=False)
    here = is_loopback(host)
    english = f"{host} is {'the machine itself that says it' if here else 'an address in the network'}."
    korean = f"{host}은(는) {'그 주소를 사용하는 컴퓨터 자신입니다' if here else '네트워크상의 주소입니다'}."
    sighting.saw("only_loopback", here, english, korean)


def _about_the_dot(host: str, *, needs_list: bool) -> tuple[str, str]:
    if needs_list:
        return (
            f"The name {host} has no dot: it is known only within one network.",
            f"{host}에는 점이 없어 특정 네트워크 안에서만 통하는 이름입니다.",
        )
    return f"The name {host} is a whole one.", f"{host}은(는) 완전한 이름입니다."


def _tell_of_file(sighting: Sighting, host: str, scene: Scene) -> None:
    path = scene.root / _HOSTS_FILES.get(scene.platform, "etc/hosts")
    names = _names_in(path)
    if names is not None:
        named = host.lower() in names
        there = ("names", "있습니다") if named else ("does not name", "없습니다")
        sighting.saw("hosts_file", named, f"{path} {there[0]} {host}.", f"{path}에 {host} 항목이 {there[1]}.")


def _names_in(path: Path) -> frozenset[str] | None:
    try:
        with path.open("rb") as file:
            text = file.read(_LARGEST_HOSTS_FILE).decode("utf-8", "replace").lower()
    except OSError:
        return None
    lines = (line.partition("#")[0].split() for line in text.splitlines())
    return frozenset(name for words in lines for name in words[1:])
