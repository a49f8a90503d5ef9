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
from wharf.oci.reference import RepositoryName, Tag
from wharf.registry.services.access import ANYBODY, Gate, OpenToAll
from wharf.registry.services.clock import system_clock
from wharf.registry.services.deletion import Deletion
from wharf.registry.services.more_room import RoomyStore
from wharf.registry.services.packages.packages import Packages
from wharf.registry.services.packages.versions import PackageVersions
from wharf.testing.contracts.packages import publish

T = TypeVar("T")

NAME = RepositoryName("team/app")


class FullDisk(SqliteMetadata):
    """A store that has no room to write until some is made; the room is taken back afterwards."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, forced=False)
        self.has_room = False

    async def write(self, change: Callable[[Ledger], T]) -> T:
        if not self.has_room:
            raise StoreFull("here")
        return await super().write(change)

    @contextmanager
    def more_room(self) -> Iterator[None]:
        self.has_room = True
        try:
            yield
        finally:
            self.has_room = False


def test_a_deletion_on_a_full_disk_makes_room_for_itself(tmp_path: Path) -> None:
    disk = FullDisk(tmp_path)
    deletion = Deletion(RoomyStore(disk, disk.more_room), Gate(OpenToAll()), system_clock)
    with pytest.raises(ManifestUnknown):  # it was looked for, so it was asked of the store
        asyncio.run(deletion.manifest(ANYBODY, NAME, Tag("v1")))
    disk.close()


def test_so_does_that_of_a_package_or_a_version(tmp_path: Path) -> None:
    disk = FullDisk(tmp_path)
    parts = (RoomyStore(disk, disk.more_room), Gate(OpenToAll()), system_clock, 0.0)
    with pytest.raises(RepositoryUnknown):
        asyncio.run(Packages(*parts).delete(ANYBODY, NAME))
    with pytest.raises(RepositoryUnknown):
        asyncio.run(PackageVersions(*parts).delete(ANYBODY, NAME, VersionId(1)))
    disk.close()


def test_a_package_is_hidden_on_a_full_disk_too(tmp_path: Path) -> None:
    disk = FullDisk(tmp_path)
    packages = Packages(RoomyStore(disk, disk.more_room), Gate(OpenToAll()), system_clock, 0.0)
    with pytest.raises(RepositoryUnknown):
        asyncio.run(packages.set_public(ANYBODY, NAME, is_public=False))
    disk.close()


def test_what_comes_back_waits_for_room(tmp_path: Path) -> None:
    disk = FullDisk(tmp_path)
    parts = (RoomyStore(disk, disk.more_room), Gate(OpenToAll()), system_clock, 3600.0)
    with disk.more_room():
        asyncio.run(disk.write(lambda ledger: publish(ledger, NAME, "an image", "v1")))
    asyncio.run(Packages(*parts).delete(ANYBODY, NAME))
    with pytest.raises(StoreFull):
        asyncio.run(Packages(*parts).restore(ANYBODY, NAME))
    with pytest.raises(StoreFull):
        asyncio.run(PackageVersions(*parts).restore(ANYBODY, NAME, VersionId(1)))
    disk.close()
