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
from wharf.oci.digest import Digest
from wharf.oci.reference import RepositoryName
from wharf.registry.services.access import ANYBODY, Gate, OpenToAll
from wharf.registry.services.clock import system_clock
from wharf.registry.services.uploads import Chunk, Uploads

T = TypeVar("T")

NAME = RepositoryName("team/app")
DATA = b"pushed in one request"


class FailingStore(SqliteMetadata):
    """Writes, and then says that it could not."""

    def __init__(self, folder: Path, failure: StoreProblem) -> None:
        super().__init__(folder, forced=False)
        self._failure = failure

    async def write(self, change: Callable[[Ledger], T]) -> T:
        await super().write(change)
        raise self._failure


@pytest.mark.parametrize(
    ("failure", "copies"),
    [
        pytest.param(StoreFull("here"), 0, id="a full disk takes nothing back"),
        pytest.param(StoreProblem("the disk failed"), 1, id="after a failure the change may yet be found"),
    ],
)
def test_a_copy_stays_where_it_may_yet_become_known(tmp_path: Path, failure: StoreProblem, copies: int) -> None:
    content, metadata = MemoryContent(), FailingStore(tmp_path, failure)
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
