"""The clock of this machine beside the time that the registry writes into its answers."""

from datetime import datetime
from typing import Final

from wharf.doctor.reach.asking import Asker, lines_kept
from wharf.doctor.reach.dates import moment_in
from wharf.doctor.reach.place import registry_of, way_of
from wharf.doctor.scene import Scene
from wharf.doctor.seen import NOTHING_SEEN, Seen, Sighting
from wharf.protocol import paths

_MOST_SECONDS: Final = 120


@lines_kept
async def look(scene: Scene) -> Seen:
    origin = way_of(scene) or registry_of(scene)
    if origin is None:
        return NOTHING_SEEN
    asker = await Asker.unbelieving(scene, origin)
    answer = await asker.asked("GET", paths.BASE) if asker else None
    theirs = moment_in(answer.headers.first("date") or "") if answer else None
    if theirs is None:
        return NOTHING_SEEN
    return _told(scene.clock(), theirs, origin.authority)


def _told(ours: datetime, theirs: datetime, whose: str) -> Seen:
    sighting, seconds = Sighting("clock"), round((ours - theirs).total_seconds())
    both = f"{ours:%Y-%m-%d %H:%M:%S} UTC", f"{theirs:%Y-%m-%d %H:%M:%S} UTC"
    words = (
        f"This machine's clock says {both[0]}, {whose} says {both[1]}.",
        f"이 컴퓨터의 시계는 {both[0]}, {whose}의 시계는 {both[1]}입니다.",
    )
    sighting.saw("off", abs(seconds) > _MOST_SECONDS, *words)
    sighting.saw("ahead", seconds > _MOST_SECONDS, *words)
    sighting.saw("seconds", seconds)
    return sighting.done()
