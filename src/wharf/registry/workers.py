"""The worker processes, as their parent keeps them: whoever ends is begun again, whoever hangs at its start is ended.

The server library begins them, and would end the whole registry when one of them dies twice within a few seconds. Here
that happens only where none could ever serve, and each told why not: then it is the settings or the store.
"""

import os
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from multiprocessing import connection
from typing import Any, Final

from granian.server.mp import MPServer, WorkerProcess

from wharf.errors import Diagnostics, StartFailed
from wharf.registry.first_words import Mouth, saying_why_not
from wharf.registry.post import Post

START_SECONDS: Final = 120.0
"""A start takes half a second, and half a minute where the machine is busy."""

_Server: Any = MPServer
"""Most of what it has to be built upon has no types."""

Load = Callable[[Mouth], Callable[..., Any]]


class Workers(_Server):  # type: ignore[misc]
    def __init__(self, *, start_seconds: float = START_SECONDS, **settings: Any) -> None:
        super().__init__("wharf", **settings)
        self._start_seconds = start_seconds
        self._posts: list[Post] = []
        self._to_renew = False
        self._woken, self._waking = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)

    def run(self, load: Load) -> None:
        """Until a stop is asked for. `load` makes the registry in a worker, which tells with it what becomes of it.

        Raises StartFailed if no worker could ever serve.
        """
        try:
            self.serve(target_loader=load, wrap_loader=False)
        finally:
            os.close(self._woken)
            os.close(self._waking)
        if (why_not := self._why_none_could_serve()) is not None:
            raise StartFailed(why_not)

    def signal_handler_interrupt(self, *args: Any, **kwargs: Any) -> None:
        super().signal_handler_interrupt(*args, **kwargs)
        self._wake()

    def signal_handler_reload(self, *_: Any, **__: Any) -> None:
        """SIGHUP: all workers make room for new ones, which read the certificate anew."""
        self._to_renew = True
        self._wake()

    def _wake(self) -> None:
        with suppress(BlockingIOError):
            os.write(self._waking, b"!")

    def _serve(self, spawn_target: Any, target_loader: Any) -> None:
        self.startup(spawn_target, target_loader)
        try:
            self._serve_loop(spawn_target, target_loader)
        finally:
            self.shutdown()

    def _spawn_workers(self, spawn_target: Any, target_loader: Any) -> None:
        for place in range(self.workers):
            make = partial(self._made, place, spawn_target, target_loader)
            self._posts.append(Post(place + 1, make, self._start_seconds))

    def _made(self, place: int, spawn_target: Any, load: Load, mouth: Mouth) -> WorkerProcess:
        target = partial(saying_why_not, mouth, spawn_target)
        worker: WorkerProcess = self._spawn_worker(place, target, partial(load, mouth))
        return worker

    def _serve_loop(self, spawn_target: Any, target_loader: Any) -> None:
        while not self.interrupt_signal:
            now = time.monotonic()
            for post in self._posts:
                post.look(now)
            if self._why_none_could_serve() is not None:
                return
            for post in self._posts:
                post.fill(now)
            if self._to_renew:
                self._renew(now)
            self._wait()

    def _renew(self, now: float) -> None:
        self._to_renew = False
        for post in self._posts:
            post.renew(now)

    def _wait(self) -> None:
        """Until something happens at a post, a signal comes, or it is time to look."""
        moments = [moment for post in self._posts if (moment := post.next_look()) is not None]
        patience = max(0.0, min(moments) - time.monotonic()) if moments else None
        connection.wait([self._woken, *(sign for post in self._posts for sign in post.signs())], patience)
        with suppress(BlockingIOError):
            os.read(self._woken, 64)

    def _why_none_could_serve(self) -> Diagnostics | None:
        """What the first of them told, if all did and none has ever served."""
        told = [post.why_not for post in self._posts]
        if not told or any(post.has_served for post in self._posts) or not all(told):
            return None
        return told[0]

    def _stop_workers(self) -> None:
        self.wrks = [worker for post in self._posts for worker in post.living()]
        super()._stop_workers()
        for post in self._posts:
            post.close()
