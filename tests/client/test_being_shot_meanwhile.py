"""Registries that are shot with kill -9 in the middle of a transfer and started again: the transfer goes on."""

import asyncio
import io
import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import pytest

from tests.client.cargo import cargo_of, described, read, unwatched
from tests.client.peers import DockerRegistry
from tests.client.sessions import requests_of, run_at
from wharf.client.blobs.patience import PAUSES
from wharf.client.repository import RemoteRepository
from wharf.images.reading import BlobReader
from wharf.images.sink import Arrival, Cargo
from wharf.oci.reference import RepositoryName
from wharf.testing.registry_process import RegistryProcess

pytestmark = pytest.mark.slow
NAME = RepositoryName("team/app")
SIZE = 40_000_000
_ABSENCE = 0.4
_UNTIL_IT_IS_BACK = (*PAUSES, *[PAUSES[-1]] * 15)
"""A busy machine takes long to start a registry again."""


class Mortal(Protocol):
    @property
    def host(self) -> str: ...

    def start(self) -> object: ...

    def kill(self) -> None: ...


@pytest.fixture(params=["wharf", "docker-registry"])
def registry(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Mortal]:
    mortal = RegistryProcess(tmp_path / "data") if request.param == "wharf" else DockerRegistry(tmp_path)
    mortal.start()
    try:
        yield mortal
    finally:
        mortal.kill()


class Watched(io.BytesIO):
    """Once, when so many bytes were read, something happens."""

    def __init__(self, content: bytes, at: int, happens: Callable[[], None]) -> None:
        super().__init__(content)
        self._at = at
        self._happens = happens

    def readinto(self, buffer: object, /) -> int:
        assert isinstance(buffer, memoryview)
        if self.tell() >= self._at:
            self._happens()
        return super().readinto(buffer)


class Once:
    """Shoots the registry and has it started again a moment later."""

    def __init__(self, registry: Mortal) -> None:
        self._registry = registry
        self._start: threading.Timer | None = None

    def __call__(self) -> None:
        if self._start is None:
            self._registry.kill()
            self._start = threading.Timer(_ABSENCE, self._registry.start)
            self._start.start()

    def settle(self) -> None:
        assert self._start is not None
        self._start.join()


@contextmanager
def shot_once(registry: Mortal) -> Iterator[Once]:
    once = Once(registry)
    try:
        yield once
    finally:
        once.settle()


@pytest.mark.parametrize("at", [0, 1_000_000, SIZE // 2, SIZE], ids=["first", "early", "middle", "last"])
def test_an_upload_goes_on_after_the_registry_was_shot(registry: Mortal, at: int) -> None:
    content = secrets.token_bytes(SIZE)
    read_from: list[int] = []

    async def opened(offset: int) -> BlobReader:
        read_from.append(offset)
        reader = Watched(content, at, once)
        reader.seek(offset)
        return reader

    async def story(repository: RemoteRepository) -> bytes:
        assert Arrival.SENT is await repository.put_blob(Cargo(described(content), opened), unwatched)
        return await asyncio.to_thread(read, await repository.blob(described(content)))

    with shot_once(registry) as once:
        assert content == run_at(registry.host, story, NAME, pauses=_UNTIL_IT_IS_BACK)
    assert 0 == read_from[0]


def test_wharf_is_sent_only_what_it_did_not_have_when_it_was_shot(tmp_path: Path) -> None:
    content, sent = secrets.token_bytes(SIZE), list[int]()
    read_from: list[int] = []

    async def opened(offset: int) -> BlobReader:
        read_from.append(offset)
        reader = Watched(content, SIZE // 2, once)
        reader.seek(offset)
        return reader

    async def story(repository: RemoteRepository) -> None:
        await repository.put_blob(Cargo(described(content), opened), sent.append)

    with RegistryProcess(tmp_path / "data") as registry, shot_once(registry) as once:
        run_at(registry.host, story, NAME, pauses=_UNTIL_IT_IS_BACK)
    assert SIZE == sum(sent)
    assert max(read_from) > 0


@pytest.mark.parametrize("at", [0, SIZE // 2], ids=["first", "middle"])
def test_a_download_goes_on_after_the_registry_was_shot(registry: Mortal, at: int) -> None:
    content = secrets.token_bytes(SIZE)

    def read_while_shooting(reader: BlobReader) -> bytes:
        start, buffer = bytearray(), memoryview(bytearray(1_000_000))
        while len(start) < at:
            count = reader.readinto(buffer) or 0
            start += buffer[:count]
        once()
        return bytes(start) + read(reader)

    async def story(repository: RemoteRepository) -> bytes:
        await repository.put_blob(cargo_of(content), unwatched)
        reader = await repository.blob(described(content))
        found = await asyncio.to_thread(read_while_shooting, reader)
        assert len([request for request in requests_of(repository) if request.startswith("GET")]) >= 2
        return found

    with shot_once(registry) as once:
        assert content == run_at(registry.host, story, NAME, pauses=_UNTIL_IT_IS_BACK)
