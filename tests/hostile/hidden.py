"""Two registries that differ only in what the caller may not see. Their answers must not differ at all."""

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path

from tests.hostile.probe import Shot
from tests.registry.conftest import HandClock
from wharf.errors import WharfError
from wharf.oci.digest import Digest
from wharf.oci.reference import RepositoryName
from wharf.registry.app import build_distribution
from wharf.registry.http.body import Allowance, Body, Patience
from wharf.registry.http.errors import error_reply
from wharf.registry.http.message import Query, Reply, Request, StreamBody
from wharf.registry.http.site import replied
from wharf.registry.services.access import AccessPolicy, Action, Caller, Gate
from wharf.registry.services.statistics.counting import Counting
from wharf.testing.registry import InProcessRegistry, Wire

SECRET_LAYER = b"a hidden layer"
IMAGE = "sha256:234c4a8aee52043c715873a05d3a728f068d7e2b147567a7b13b77cbab92aa18"
"""What the team pushes, and what hidden manifests speak about."""
_UPLOAD = re.compile(rb"(?<![0-9a-f])[0-9a-f]{32}(?![0-9a-f])")


def team_and_public(_caller: Caller, action: Action, name: RepositoryName) -> bool:
    """Everybody may do anything below `team/` and look at `public/`; of the rest nothing is known to anybody."""
    return name.owner == "team" or (name.owner == "public" and action is Action.PULL)


@dataclass(frozen=True, slots=True)
class Heard:
    status: int
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes


class House:
    """A registry behind a policy, asked below the shell so that a test can say who asks."""

    def __init__(self, folder: Path, policy: AccessPolicy) -> None:
        self.clock = HandClock()
        self.registry = InProcessRegistry(folder, clock=self.clock)
        counting = Counting(self.registry.metadata, self.clock)
        parts = self.registry.content, self.registry.metadata, self.registry.settings
        self._distribution = build_distribution(*parts, Gate(policy), self.clock, counting)
        self.own_upload = self._begun("team/app")
        self.hidden_upload = "0" * 32

    def stock(self) -> None:
        """What all may know of."""
        assert str(self.registry.push_image("team/app", "latest", b"a layer of the team")) == IMAGE
        self.registry.push_image("public/app", "v1", b"a layer for all")

    def hide(self) -> None:
        """What nobody may know of: repositories, tags, digests, an upload, and words about what all may see."""
        for name, tag in (("secret/app", "hush"), ("secret", "latest"), ("tea/app", "v1"), ("public-not/app", "v1")):
            self.registry.push_image(name, tag, SECRET_LAYER)
        subject = {"mediaType": "a/b", "digest": IMAGE, "size": 2}
        image = self.registry.image("secret/app", SECRET_LAYER)
        self.registry.push_manifest("secret/app", "speaking", {**image, "subject": subject})
        self.hidden_upload = self._begun("secret/app")

    def hear(self, shot: Shot, caller: Caller) -> Heard:
        """An answer with the names of uploads taken out: they are random in both houses."""
        reply, body = asyncio.run(self._answered(shot, caller))
        lines = tuple((name, _UPLOAD.sub(b"upload", value)) for name, value in reply.headers)
        return Heard(reply.status, lines, _UPLOAD.sub(b"upload", body))

    def close(self) -> None:
        self.registry.__exit__()

    def _begun(self, name: str) -> str:
        return self.registry.request("POST", f"/v2/{name}/blobs/uploads/").headers["docker-upload-uuid"]

    async def _answered(self, shot: Shot, caller: Caller) -> tuple[Reply, bytes]:
        own = {b"{own}": self.own_upload, b"{hidden}": self.hidden_upload}
        for mark, upload in own.items():
            shot = replace(shot, target=shot.target.replace(mark, upload.encode()))
        body = Body(Wire(shot.pieces, shot.hangs_up).receive, Patience(), Allowance())
        try:
            query = Query.parse(shot.target.partition(b"?")[2])
            request = Request(shot.method, shot.path, query, dict(shot.headers), body, caller, "id")
            reply = await replied(self._distribution, request)
        except WharfError as error:
            reply = error_reply(error, "id")
        return reply, await _bytes_of(reply)


async def _bytes_of(reply: Reply) -> bytes:
    match reply.body:
        case StreamBody(pieces):
            return await _joined(pieces)
        case bytes(body):
            return body
        case body:
            raise AssertionError(f"bytes in memory come from no file: {body}")


async def _joined(pieces: AsyncIterator[bytes]) -> bytes:
    return b"".join([piece async for piece in pieces])


def digest_of(data: bytes) -> str:
    return str(Digest.of(data))
