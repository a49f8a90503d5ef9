import asyncio
import os
import sqlite3
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest

from wharf.errors import StoreProblem, StoreTooNew
from wharf.metadata.sqlite import SqliteMetadata
from wharf.metadata.store import MetadataStore
from wharf.oci.reference import Tag
from wharf.testing.contracts.metadata_store import APP, LATEST, MetadataStoreContract, digest, manifest, moment, push


class TestSqliteMetadata(MetadataStoreContract):
    def make(self, folder: Path) -> MetadataStore:
        return SqliteMetadata(folder)


def test_two_processes_see_each_others_changes_at_once(tmp_path: Path) -> None:
    async def story() -> None:
        here, there = SqliteMetadata(tmp_path), SqliteMetadata(tmp_path)
        repository = await here.write(lambda ledger: push(ledger, APP, manifest("one"), "latest"))
        assert await there.read(lambda ledger: ledger.manifests.by_tag(APP, LATEST)) is not None
        await there.write(lambda ledger: ledger.tags.remove(repository, LATEST, "ci", moment(1)))
        assert await here.read(lambda ledger: ledger.manifests.by_tag(APP, LATEST)) is None
        here.close()
        there.close()

    asyncio.run(story())


@pytest.mark.skipif(sys.platform != "linux", reason="threads have no priority of their own here")
def test_what_looks_at_much_stands_back_where_the_processors_are_busy(tmp_path: Path) -> None:
    async def story() -> None:
        store = SqliteMetadata(tmp_path, forced=False)
        behind = await store.survey(lambda _: os.getpriority(os.PRIO_PROCESS, 0))
        store.close()
        here = os.getpriority(os.PRIO_PROCESS, 0)
        assert min(19, here + 5) == behind

    asyncio.run(story())


def test_many_open_a_new_store_at_the_same_moment(tmp_path: Path) -> None:
    everybody = threading.Barrier(8)

    def opened(_: int) -> None:
        everybody.wait()
        SqliteMetadata(tmp_path, forced=False).close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(opened, range(8)))


def test_two_processes_write_side_by_side(tmp_path: Path) -> None:
    async def story() -> None:
        stores = SqliteMetadata(tmp_path), SqliteMetadata(tmp_path)
        await asyncio.gather(
            *(
                stores[number % 2].write(lambda ledger, n=number: push(ledger, APP, manifest(str(n)), f"t{n}"))  # type: ignore[misc]
                for number in range(200)
            )
        )
        tags = await stores[0].read(lambda ledger: ledger.tags.page(ledger.repositories.find(APP), "", 1000))  # type: ignore[arg-type]
        assert len(tags) == 200
        for store in stores:
            store.close()

    asyncio.run(story())


def test_a_copy_is_tried_on_without_touching_the_store(tmp_path: Path) -> None:
    async def story() -> None:
        (tmp_path / "copy").mkdir()
        store = SqliteMetadata(tmp_path)
        repository = await store.write(lambda ledger: push(ledger, APP, manifest("one"), "latest"))
        copy = store.copied_to(tmp_path / "copy")
        assert await copy.write(lambda ledger: ledger.tags.remove(repository, LATEST, "ci", moment(1)))
        assert await store.read(lambda ledger: ledger.tags.find(repository, LATEST)) == digest("one")
        copy.close()
        store.close()

    asyncio.run(story())


def test_a_store_from_the_future_is_left_alone(tmp_path: Path) -> None:
    SqliteMetadata(tmp_path).close()
    with sqlite3.connect(tmp_path / "wharf.db") as connection:
        connection.execute("INSERT INTO schema_versions (version) VALUES (9999)")
    connection.close()
    with pytest.raises(StoreTooNew) as refusal:
        SqliteMetadata(tmp_path)
    assert refusal.value.found == 9999


def test_what_could_not_be_opened_leaves_no_file_open(tmp_path: Path) -> None:
    SqliteMetadata(tmp_path).close()
    with sqlite3.connect(tmp_path / "wharf.db") as connection:
        connection.execute("INSERT INTO schema_versions (version) VALUES (9999)")
    connection.close()
    with pytest.raises(StoreTooNew) as refusal:
        SqliteMetadata(tmp_path)
    assert [] == open_below(tmp_path), refusal


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    (tmp_path / "wharf.db").write_bytes(b"no database at all" * 100)
    with pytest.raises(StoreProblem) as refusal:
        SqliteMetadata(tmp_path)
    assert str(tmp_path / "wharf.db") in refusal.value.diagnostics().evidence[0]


def test_a_change_that_breaks_a_rule_of_the_schema_fails_alone(tmp_path: Path) -> None:
    async def story() -> None:
        store = SqliteMetadata(tmp_path)
        repository = await store.write(lambda ledger: push(ledger, APP, manifest("one"), "latest"))
        outcomes = await asyncio.gather(
            store.write(lambda ledger: ledger.tags.move(repository, Tag("broken"), digest("none"), "ci", moment(1))),
            store.write(lambda ledger: push(ledger, APP, manifest("two"), "two")),
            return_exceptions=True,
        )
        assert isinstance(outcomes[0], StoreProblem)
        assert outcomes[1] == repository
        store.close()

    asyncio.run(story())


def test_changes_of_several_loops_are_told_to_each(tmp_path: Path) -> None:
    store = SqliteMetadata(tmp_path)
    told: list[int] = []

    async def story(start: int) -> None:
        changes = [store.write(lambda _, number=n: number) for n in range(start, start + 50)]  # type: ignore[misc]
        told.extend(await asyncio.gather(*changes))

    crowd = [threading.Thread(target=lambda start=start: asyncio.run(story(start))) for start in range(0, 200, 50)]
    for one in crowd:
        one.start()
    for one in crowd:
        one.join()
    store.close()
    assert list(range(200)) == sorted(told)


def test_a_change_whose_loop_ended_is_made_and_the_next_one_too(tmp_path: Path) -> None:
    store = SqliteMetadata(tmp_path)

    async def leave() -> None:
        waiting = asyncio.ensure_future(store.write(lambda ledger: push(ledger, APP, manifest("one"), "latest")))
        await asyncio.sleep(0)
        waiting.cancel()

    async def come() -> bool:
        await store.write(lambda ledger: push(ledger, APP, manifest("two"), "second"))
        return await store.read(lambda ledger: ledger.manifests.by_tag(APP, LATEST)) is not None

    asyncio.run(leave())
    assert asyncio.run(come())
    store.close()


def test_nobody_else_on_this_machine_reads_the_store(tmp_path: Path) -> None:
    (tmp_path / "wharf.db").touch(mode=0o644)
    SqliteMetadata(tmp_path).close()
    assert {0o600} == {path.stat().st_mode & 0o777 for path in tmp_path.glob("wharf.db*")}


def open_below(folder: Path) -> list[str]:
    """Those of this process's open files that lie in the folder."""
    names = []
    for descriptor in Path("/proc/self/fd").iterdir():
        with suppress(OSError):  # the one that reads this list
            names.append(str(descriptor.readlink()))
    return [name for name in names if name.startswith(str(folder))]
