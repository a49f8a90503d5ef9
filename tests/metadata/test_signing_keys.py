import asyncio
from pathlib import Path

from wharf.metadata.ledger import Ledger
from wharf.metadata.records import Moment, SigningKeyRecord
from wharf.metadata.sqlite import SqliteMetadata


def known(folder: Path, *, drop_before: int = 0) -> list[SigningKeyRecord]:
    """Of three keys that follow each other."""

    def change(ledger: Ledger) -> list[SigningKeyRecord]:
        for number in (1, 2, 3):
            ledger.signing_keys.succeed(f"key {number}", bytes([number]) * 32, Moment(number * 1000))
        ledger.signing_keys.drop_retired(Moment(drop_before))
        return ledger.signing_keys.all()

    store = SqliteMetadata(folder, forced=False)
    try:
        return asyncio.run(store.write(change))
    finally:
        store.close()


def test_the_newest_stands_first_and_the_others_are_retired(tmp_path: Path) -> None:
    assert [("key 3", None), ("key 2", 3000), ("key 1", 2000)] == [(key.id, key.retired_at) for key in known(tmp_path)]


def test_those_that_retired_long_ago_are_dropped(tmp_path: Path) -> None:
    assert ["key 3", "key 2"] == [key.id for key in known(tmp_path, drop_before=3000)]


def test_a_key_does_not_show_itself(tmp_path: Path) -> None:
    assert "secret" not in repr(known(tmp_path)[0])
