"""Sends probes to look, all at once, and comes back in time: with what they saw, and with what they could not see.

A probe that waits too long is left behind, as is one that trips over something nobody thought of: what it would have
found stays unknown.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from typing import Final
from weakref import WeakSet

from wharf.doctor.language import Words
from wharf.doctor.probe import ProbeId
from wharf.doctor.scene import Scene
from wharf.doctor.seen import NOTHING_SEEN, Seen, Unseen, together
from wharf.errors import WharfError

_MOST_THREADS: Final = 64
"""On a small machine Python would keep six: as many probes that hang would keep all others from looking."""
_loops_with_threads: Final[WeakSet[asyncio.AbstractEventLoop]] = WeakSet()

Look = Callable[[Scene], Awaitable[Seen]]
_TOO_LONG: Final = Words("it did not answer within {:.0f} seconds", "{:.0f}초 안에 응답하지 않았습니다")


def look_of(probe: ProbeId) -> Look:
    """The module of that name is imported when it is needed: most failures need few of them."""
    look: Look = import_module(f"wharf.doctor.probes.{probe.replace('-', '_')}").look
    return look


async def probed(probes: Iterable[ProbeId], scene: Scene) -> Seen:
    _have_enough_threads(asyncio.get_running_loop())
    tasks = {asyncio.create_task(_looked(probe, scene)): probe for probe in probes}
    if not tasks:
        return NOTHING_SEEN
    done, late = await asyncio.wait(tasks, timeout=scene.patience_with_all)
    for task in late:
        task.cancel()
    too_long = Words(*(words.format(scene.patience_with_all) for words in (_TOO_LONG.english, _TOO_LONG.korean)))
    left_behind = Seen(unseen=tuple(Unseen(tasks[task], too_long) for task in late))
    return together([*(task.result() for task in tasks if task in done), left_behind])


async def _looked(probe: ProbeId, scene: Scene) -> Seen:
    try:
        return await look_of(probe)(scene)
    except (WharfError, OSError, ValueError) as problem:
        return Seen(unseen=(Unseen(probe, Words(str(problem), str(problem))),))


def _have_enough_threads(loop: asyncio.AbstractEventLoop) -> None:
    if loop not in _loops_with_threads:
        _loops_with_threads.add(loop)
        loop.set_default_executor(ThreadPoolExecutor(_MOST_THREADS, "probe"))
