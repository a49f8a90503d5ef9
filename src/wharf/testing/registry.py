"""The real registry in this process: the whole app, with bytes in memory and metadata in a folder, and no socket.

For tests of one's own: push something, break something, look at what it answers. The clock and the access policy are
arguments.
"""

import asyncio
import base64
import functools
import io
import json
import tempfile
from collections.abc import Callable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Self
from urllib.parse import unquote, urlsplit

from argon2 import PasswordHasher

from wharf.content.memory import MemoryContent
from wharf.content.store import ContentStore
from wharf.metadata.records import Moment
from wharf.metadata.sqlite import DATABASE, SqliteMetadata
from wharf.oci.digest import Algorithm, Digest
from wharf.oci.media_types import OCI_CONFIG, OCI_LAYER_GZIP, OCI_MANIFEST
from wharf.registry.app import assemble, build_entrance
from wharf.registry.http.request_log import RequestLog, human
from wharf.registry.http.shell import Shell
from wharf.registry.services.access import AccessPolicy
from wharf.registry.services.clock import system_clock
from wharf.registry.services.identity.first_start import ensure_administrator
from wharf.registry.services.identity.passwords import Passwords
from wharf.registry.settings import Settings, load_settings


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:  # the shape of an answer is what its reader is about to check
        return json.loads(self.body)

    @property
    def code(self) -> str:
        """The code of the first error."""
        return str(self.json()["errors"][0]["code"])


@functools.cache
def _new_store() -> bytes:
    """What the database of a new registry holds: to make it anew costs more than most tests of one."""
    with tempfile.TemporaryDirectory() as folder:
        SqliteMetadata(Path(folder), forced=False).close()
        return (Path(folder) / DATABASE).read_bytes()


def _begin_store(folder: Path) -> None:
    if not (folder / DATABASE).exists():
        (folder / DATABASE).touch(mode=0o600)
        (folder / DATABASE).write_bytes(_new_store())


@functools.cache
def _settings(*wished: tuple[str, str]) -> Settings:
    """Read once for each wish: reading them takes as long as a test of what is small."""
    return load_settings(dict(wished), {}, None)


@dataclass
class Wire:
    """The two ends of an ASGI call: what the client sends, and what it is sent."""

    pieces: Sequence[bytes] = (b"",)
    hangs_up: bool = False
    sent: list[MutableMapping[str, Any]] = field(default_factory=list)
    pieces_taken: int = 0

    async def receive(self) -> MutableMapping[str, Any]:
        if self.pieces_taken >= len(self.pieces):
            return {"type": "http.disconnect"}
        piece = self.pieces[self.pieces_taken]
        self.pieces_taken += 1
        more = self.hangs_up or self.pieces_taken < len(self.pieces)
        return {"type": "http.request", "body": piece, "more_body": more}

    async def send(self, message: MutableMapping[str, Any]) -> None:
        self.sent.append(message)

    def answer(self) -> Answer:
        start = self.sent[0]
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in start["headers"]}
        body = b"".join(_body(message) for message in self.sent[1:])
        return Answer(start["status"], headers, body)


class InProcessRegistry:
    def __init__(
        self,
        folder: Path,
        *,
        policy: AccessPolicy | None = None,
        clock: Callable[[], Moment] = system_clock,
        content: ContentStore | None = None,
        settings: Mapping[str, str] | None = None,
        log: RequestLog | None = None,
        admin_password: str | None = None,
    ) -> None:
        """With a password for its first account, `admin`, it has accounts, and speaks as that one unless told else."""
        openness = "true" if admin_password is None else "false"
        wished = _settings(*{"open": openness, **(settings or {})}.items())
        self.settings = replace(wished, data=folder)
        self.content = content or MemoryContent(lambda: clock() / 1000)
        _begin_store(folder)
        self.metadata = SqliteMetadata(folder, forced=False)
        self._log = log or RequestLog(human, io.StringIO())
        passwords = Passwords(PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
        entrance = build_entrance(self.metadata, self.settings, clock, passwords, policy)
        self._app: Shell = assemble(
            self.content, self.metadata, self.settings, entrance, clock, self._log, lambda: None
        )
        self._loop = asyncio.new_event_loop()
        self.authorization = ""
        if admin_password is not None:
            self._loop.run_until_complete(ensure_administrator(self.metadata, passwords, clock, admin_password))
            self.authorization = basic("admin", admin_password)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        try:
            self._loop.run_until_complete(self._app.close())
        finally:
            self._loop.close()

    def request(self, method: str, target: str, body: bytes = b"", headers: Mapping[str, str] | None = None) -> Answer:
        known = {"content-length": str(len(body))}
        if self.authorization:
            known["authorization"] = self.authorization
        return self.exchange(method, target, Wire((body,)), {**known, **(headers or {})})

    def acting(self, authorization: str) -> "_Acting":
        """Within it, requests come with this header; with an empty one they come from anybody."""
        return _Acting(self, authorization)

    def exchange(self, method: str, target: str, wire: Wire, headers: Mapping[str, str] | None = None) -> Answer:
        """As `request`, with a body that comes in pieces or breaks off."""
        return self.call(_scope(method, target, headers or {}), wire)

    def call(self, scope: MutableMapping[str, Any], wire: Wire) -> Answer:
        """As `exchange`, with the ASGI scope as it stands: for targets and headers that no tidy client sends."""
        self._loop.run_until_complete(self._app(scope, wire.receive, wire.send))
        return wire.answer()

    def push_blob(self, name: str, data: bytes, algorithm: Algorithm = Algorithm.SHA256) -> Digest:
        digest = Digest.of(data, algorithm)
        answer = self.request("POST", f"/v2/{name}/blobs/uploads/?digest={digest}", data)
        assert answer.status == 201, answer
        return digest

    def push_manifest(self, name: str, reference: str, document: Mapping[str, object]) -> Digest:
        body = json.dumps(document).encode()
        answer = self.request(
            "PUT", f"/v2/{name}/manifests/{reference}", body, {"content-type": str(document["mediaType"])}
        )
        assert answer.status == 201, answer
        return Digest.of(body)

    def push_image(self, name: str, reference: str, layer: bytes = b"layer") -> Digest:
        return self.push_manifest(name, reference, self.image(name, layer))

    def image(self, name: str, layer: bytes = b"layer") -> dict[str, object]:
        """A small image whose blobs are pushed, ready to be sent as a manifest."""
        config = b"{}"
        return {
            "schemaVersion": 2,
            "mediaType": OCI_MANIFEST,
            "config": _descriptor(OCI_CONFIG, self.push_blob(name, config), len(config)),
            "layers": [_descriptor(OCI_LAYER_GZIP, self.push_blob(name, layer), len(layer))],
        }


class _Acting:
    def __init__(self, registry: InProcessRegistry, authorization: str) -> None:
        self._registry = registry
        self._authorization = authorization

    def __enter__(self) -> InProcessRegistry:
        self._before, self._registry.authorization = self._registry.authorization, self._authorization
        return self._registry

    def __exit__(self, *_: object) -> None:
        self._registry.authorization = self._before


def basic(name: str, password: str) -> str:
    """The header Authorization for a name and a password."""
    return "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()


def _descriptor(media_type: str, digest: Digest, size: int) -> dict[str, object]:
    return {"mediaType": media_type, "digest": str(digest), "size": size}


def _scope(method: str, target: str, headers: Mapping[str, str]) -> MutableMapping[str, Any]:
    parts = urlsplit(target)
    return {
        "type": "http",
        "method": method,
        "path": unquote(parts.path),
        "raw_path": parts.path.encode(),
        "scheme": "http",
        "query_string": parts.query.encode(),
        "headers": [(name.lower().encode(), value.encode()) for name, value in headers.items()],
        "client": ("127.0.0.1", 40000),
    }


def _body(message: MutableMapping[str, Any]) -> bytes:
    if message["type"] == "http.response.pathsend":
        return Path(message["path"]).read_bytes()
    return bytes(message.get("body", b""))
