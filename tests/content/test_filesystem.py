import asyncio
import os
from pathlib import Path

import pytest

from wharf.content.filesystem import FilesystemContent
from wharf.content.store import ContentStore, Durability
from wharf.errors import StoreFull
from wharf.oci.digest import Algorithm, Digest
from wharf.testing.contracts.content_store import DATA, NAME, ContentStoreContract, put


class TestFilesystemContent(ContentStoreContract):
    def make(self, folder: Path) -> ContentStore:
        return FilesystemContent(folder)

    def reopened(self, store: ContentStore, folder: Path) -> ContentStore:
        return FilesystemContent(folder)


class TestRelaxedFilesystemContent(ContentStoreContract):
    def make(self, folder: Path) -> ContentStore:
        return FilesystemContent(folder, Durability.RELAXED)


def test_a_copy_lies_under_its_digest(tmp_path: Path) -> None:
    store = FilesystemContent(tmp_path)
    location = asyncio.run(put(store, DATA))
    digest = Digest.of(DATA)
    file = store.file(location)
    assert file is not None
    assert file.parent == tmp_path / "blobs" / "sha256" / digest.hex[:2]
    assert file.name.startswith(digest.hex + ".")
    assert file.read_bytes() == DATA


def test_an_upload_that_grew_elsewhere_is_counted_from_its_file(tmp_path: Path) -> None:
    """A digest in the making is a short cut: bytes that another process took are read from the file."""

    async def story() -> None:
        here, there = FilesystemContent(tmp_path), FilesystemContent(tmp_path)
        begun = await here.begin(NAME, Algorithm.SHA256)
        for turn, store in enumerate((here, there, here, there, here)):
            upload = await store.open(begun, NAME)
            await upload.write(DATA[turn * 300_000 : (turn + 1) * 300_000])
            await upload.pause()
        upload = await there.open(begun, NAME)
        await upload.commit(Digest.of(DATA[:1_500_000]))

    asyncio.run(story())


def test_an_upload_that_shrank_behind_our_back_is_counted_anew(tmp_path: Path) -> None:
    """After power loss a file may be shorter than what this process remembers; the file is the truth."""

    async def story() -> None:
        store = FilesystemContent(tmp_path)
        begun = await store.begin(NAME, Algorithm.SHA256)
        upload = await store.open(begun, NAME)
        await upload.write(DATA)
        await upload.pause()
        (file,) = (tmp_path / "uploads").iterdir()
        os.truncate(file, 100)
        upload = await store.open(begun, NAME)
        assert upload.received == 100
        await upload.commit(Digest.of(DATA[:100]))

    asyncio.run(story())


def test_a_full_disk_is_said_and_the_upload_let_go(tmp_path: Path) -> None:
    """/dev/full refuses every byte, as a full disk does."""

    async def story() -> None:
        store = FilesystemContent(tmp_path)
        begun = await store.begin(NAME, Algorithm.SHA256)
        (file,) = (tmp_path / "uploads").iterdir()
        file.unlink()
        file.symlink_to("/dev/full")
        upload = await store.open(begun, NAME)
        await upload.write(b"one more")
        with pytest.raises(StoreFull):
            await upload.commit(Digest.of(b"one more"))
        assert not file.is_symlink()

    asyncio.run(story())


def test_a_full_disk_in_the_middle_of_a_large_blob_is_said(tmp_path: Path) -> None:
    async def story() -> None:
        store = FilesystemContent(tmp_path)
        begun = await store.begin(NAME, Algorithm.SHA256)
        (file,) = (tmp_path / "uploads").iterdir()
        file.unlink()
        file.symlink_to("/dev/full")
        upload = await store.open(begun, NAME)
        await upload.write(b"x" * (1 << 20))
        with pytest.raises(StoreFull):
            await upload.write(b"y" * (1 << 20))
        await upload.cancel()
        assert list((tmp_path / "uploads").iterdir()) == []

    asyncio.run(story())


def test_every_folder_of_blobs_is_there_from_the_start(tmp_path: Path) -> None:
    """No push makes a folder: its name would have to be forced to disk too, also by those who find it made."""
    FilesystemContent(tmp_path).close()
    shards = [folder for algorithm in Algorithm for folder in (tmp_path / "blobs" / algorithm).iterdir()]
    assert {f"{start:02x}" for start in range(256)} == {folder.name for folder in shards}
    assert 512 == len(shards)
