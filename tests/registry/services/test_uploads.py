"""What becomes of a copy when it cannot be made known."""

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import TypeVar

import pytest

from wharf.content.memory import MemoryContent
from wharf.errors import StoreFull, StoreProblem
from wharf.metadata.ledger import Ledger
from wharf.metadata.sqlite import SqliteMetadata
from wharf.metadata.store import MetadataStore
from wharf.oci.digest import Digest
from wharf.oci.reference import RepositoryName
from wharf.registry.services.access import ANYBODY, Gate, OpenToAll
from wharf.registry.services.clock import system_clock
from wharf.registry.services.uploads import Chunk, Uploads

T = TypeVar("T")

NAME = RepositoryName("team/app")
DATA = b"pushed in one request"


class FailingStore:
    """Writes, and then says that it could not."""

    def __init__(self, store: MetadataStore, failure: StoreProblem) -> None:
        self._store = store
        self._failure = failure

    async def read(self, question: Callable[[Ledger], T]) -> T:
        return await self._store.read(question)

    async def survey(self, question: Callable[[Ledger], T]) -> T:
        return await self._store.survey(question)

    async def access(self) -> int:
        return await self._store.access()

    async def write(self, change: Callable[[Ledger], T]) -> T:
        await self._store.write(change)
        raise self._failure

    def close(self) -> None:
        self._store.close()


@pytest.mark.parametrize(
    ("failure", "copies"),
    [
        pytest.param(StoreFull("here"), 0, id="a full disk takes nothing back"),
        pytest.param(StoreProblem("the disk failed"), 1, id="after a failure the change may yet be found"),
    ],
)
def test_a_copy_stays_where_it_may_yet_become_known(tmp_path: Path, failure: StoreProblem, copies: int) -> None:
    content, metadata = MemoryContent(), FailingStore(SqliteMetadata(tmp_path, forced=False), failure)
    uploads = Uploads(content, metadata, Gate(OpenToAll()), system_clock)

    async def push() -> None:
        await uploads.push_whole(ANYBODY, NAME, Digest.of(DATA), Chunk(None, len(DATA), pieces()))

    with pytest.raises(StoreProblem) as raised:
        asyncio.run(push())
    metadata.close()
    assert failure is raised.value
    assert copies == len(list(content.copies()))
    assert [] == list(content.uploads())


async def pieces() -> AsyncIterator[bytes]:
    yield DATA
