"""A push that takes longer than its token lives: a token is judged when a request starts."""

from collections.abc import MutableMapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.registry.conftest import HandClock
from wharf.oci.digest import Digest
from wharf.testing.registry import InProcessRegistry, Wire

LAYER = (b"the first half, ", b"and the second, an hour later")


@dataclass
class _Slow(Wire):
    clock: HandClock | None = None

    async def receive(self) -> MutableMapping[str, Any]:
        assert self.clock is not None
        self.clock.move(3600)
        return await super().receive()


def test_a_layer_outlives_the_token_that_it_is_sent_with(tmp_path: Path, clock: HandClock) -> None:
    with InProcessRegistry(tmp_path, clock=clock, admin_password="correct horse") as registry:
        given = registry.request("GET", "/token?service=localhost&scope=repository:crew/app:pull,push").json()
        token = {"authorization": f"Bearer {given['token']}"}
        target = f"/v2/crew/app/blobs/uploads/?digest={Digest.of(b''.join(LAYER))}"
        answer = registry.exchange("POST", target, _Slow(LAYER, clock=clock), token)
        after = registry.request("HEAD", "/v2/crew/app/blobs/" + str(Digest.of(b"".join(LAYER))), headers=token)
    assert (201, 401) == (answer.status, after.status)
