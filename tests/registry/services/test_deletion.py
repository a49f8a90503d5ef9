"""What taking away does on a disk that has no room even for that."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import pytest

from wharf.errors import ManifestUnknown, RepositoryUnknown, StoreFull
from wharf.metadata.ledger import Ledger
from wharf.metadata.records import VersionId
from wharf.metadata.sqlite import SqliteMetadata
from wharf.metadata.store import MetadataStore
from wharf.oci.reference import RepositoryName, Tag
from wharf.registry.services.access import ANYBODY, Gate, OpenToAll
from wharf.registry.services.clock import system_clock
from wharf.registry.services.deletion import Deletion
from wharf.registry.services.more_room import RoomyStore
from wharf.registry.services.packages.packages import Packages
from wharf.registry.services.packages.versions import PackageVersions

T = TypeVar("T")

NAME = RepositoryName("team/app")


class FullDisk:
    """A store that has no room to write until some is made; the room is taken back afterwards."""

    def __init__(self, store: MetadataStore) -> None:
        self._store = store
        self.has_room = False

    async def read(self, question: Callable[[Ledger], T]) -> T:
        return await self._store.read(question)

    async def survey(self, question: Callable[[Ledger], T]) -> T:
        return await self._store.survey(question)

    async def access(self) -> int:
        return await self._store.access()

    async def write(self, change: Callable[[Ledger], T]) -> T:
        if not self.has_room:
            raise StoreFull("here")
        return await self._store.write(change)

    def close(self) -> None:
        self._store.close()

    @contextmanager
    def more_room(self) -> Iterator[None]:
        self.has_room = True
        yield
        self.has_room = False


def test_a_deletion_on_a_full_disk_makes_room_for_itself(tmp_path: Path) -> None:
    disk = FullDisk(SqliteMetadata(tmp_path, forced=False))
    deletion = Deletion(RoomyStore(disk, disk.more_room), Gate(OpenToAll()), system_clock)
    with pytest.raises(ManifestUnknown):  # it was looked for, so it was asked of the store
        asyncio.run(deletion.manifest(ANYBODY, NAME, Tag("v1")))
    disk.close()


def test_so_does_that_of_a_package_or_a_version(tmp_path: Path) -> None:
    disk = FullDisk(SqliteMetadata(tmp_path, forced=False))
    parts = (RoomyStore(disk, disk.more_room), Gate(OpenToAll()), system_clock, 0.0)
    with pytest.raises(RepositoryUnknown):
        asyncio.run(Packages(*parts).delete(ANYBODY, NAME))
    with pytest.raises(RepositoryUnknown):
        asyncio.run(PackageVersions(*parts).delete(ANYBODY, NAME, VersionId(1)))
    disk.close()


def test_a_package_is_hidden_on_a_full_disk_too(tmp_path: Path) -> None:
    disk = FullDisk(SqliteMetadata(tmp_path, forced=False))
    packages = Packages(RoomyStore(disk, disk.more_room), Gate(OpenToAll()), system_clock, 0.0)
    with pytest.raises(RepositoryUnknown):
        asyncio.run(packages.set_public(ANYBODY, NAME, is_public=False))
    disk.close()


def test_what_comes_back_waits_for_room(tmp_path: Path) -> None:
    disk = FullDisk(SqliteMetadata(tmp_path, forced=False))
    parts = (RoomyStore(disk, disk.more_room), Gate(OpenToAll()), system_clock, 0.0)
    with pytest.raises(StoreFull):
        asyncio.run(Packages(*parts).restore(ANYBODY, NAME))
    with pytest.raises(StoreFull):
        asyncio.run(PackageVersions(*parts).restore(ANYBODY, NAME, VersionId(1)))
    disk.close()
