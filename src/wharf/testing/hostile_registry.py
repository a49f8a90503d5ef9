"""A registry that misbehaves on command: a real server on loopback, for tests of whatever talks to registries.

    with HostileRegistry() as registry:
        registry.misbehave(Misdeed.DROPS_UPLOADS, times=2, amount=100_000)
        …push to registry.host…
        assert registry.shelf.blobs[digest] == content

Without a command it behaves well: it keeps blobs, manifests, tags and uploads in memory. What it was asked is in
`requests`, headers included, so that a test can see which secrets went where.
"""

import threading
from http.server import ThreadingHTTPServer
from types import TracebackType
from typing import Self

from wharf.testing.hostile_answers import answers_of
from wharf.testing.misdeeds import Hostility, Misdeed, Plan, Received, Shelf

__all__ = ["HostileRegistry", "Misdeed", "Plan", "Received", "Shelf"]


class HostileRegistry:
    """Listens from its making on; as a context it also stops."""

    def __init__(self) -> None:
        self._state = Hostility()
        self._server = _Server(("127.0.0.1", 0), answers_of(self._state))
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self._server.server_address[1]}"

    @property
    def url(self) -> str:
        return f"http://{self.host}"

    @property
    def shelf(self) -> Shelf:
        return self._state.shelf

    @property
    def requests(self) -> list[Received]:
        return self._state.requests

    def misbehave(self, how: Misdeed, *, times: int | None = None, amount: int = 0, target: str = "") -> None:
        self._state.plans[how] = Plan(times, amount, target)

    def behave(self) -> None:
        self._state.plans.clear()

    def asked(self, method: str = "", part: str = "") -> list[str]:
        """The requests of this method whose path holds this part."""
        return [
            f"{each.method} {each.path}"
            for each in self.requests
            if each.method.startswith(method) and part in each.path
        ]

    def close(self) -> None:
        self._state.stopping.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request: object, client_address: object) -> None:
        """Callers hang up on a registry like this one; that is no news."""
