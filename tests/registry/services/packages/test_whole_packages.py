"""A package that goes, and comes back, as a whole: with all that it was, in a few statements however large it is."""

import asyncio
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from wharf.errors import CannotRestore, TagImmutable
from wharf.metadata.ledger import Ledger
from wharf.metadata.records import Moment, RepositoryId, RuleKind
from wharf.metadata.session import Row, Value
from wharf.metadata.sqlite import SqliteMetadata, SqliteSession
from wharf.oci.digest import Digest
from wharf.oci.media_types import OCI_INDEX
from wharf.oci.reference import RepositoryName, Tag
from wharf.registry.services.fallback import fallback_tag
from wharf.registry.services.packages.trash import bring_back_all, put, put_all
from wharf.registry.services.rules.quota import Deletion, count_return
from wharf.testing.contracts.metadata_store import digest, manifest, moment, push_blob
from wharf.testing.contracts.packages import publish
from wharf.testing.contracts.rules import give
from wharf.testing.registry import InProcessRegistry

NAME = RepositoryName("crew/app")
NOW = Moment(moment(0) + 1000)


class Counted(SqliteSession):
    """Remembers what is asked and done."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        super().__init__(connection)
        self.statements: list[str] = []

    def rows(self, statement: str, *values: Value) -> list[Row]:
        self.statements.append(statement)
        return super().rows(statement, *values)

    def run(self, statement: str, *values: Value) -> int:
        self.statements.append(statement)
        return super().run(statement, *values)


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Counted]:
    SqliteMetadata(tmp_path, forced=False).close()
    connection = sqlite3.connect(tmp_path / "wharf.db", isolation_level=None)
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("BEGIN")
    yield Counted(connection)
    connection.close()


def filled(ledger: Ledger, versions: int) -> RepositoryId:
    for number in range(versions):
        push_blob(ledger, NAME, f"layer {number}")
        repository = publish(ledger, NAME, f"v{number}", f"v{number}")
    return repository


def push_list(registry: InProcessRegistry, tag: str, listed: Digest) -> None:
    entry = {"mediaType": "application/vnd.oci.image.manifest.v1+json", "digest": str(listed), "size": 100}
    registry.push_manifest(str(NAME), tag, {"schemaVersion": 2, "mediaType": OCI_INDEX, "manifests": [entry]})


def delete(ledger: Ledger, repository: RepositoryId) -> None:
    put_all(ledger, repository, "ada", NOW, "a reason", "all")


def restore(ledger: Ledger, repository: RepositoryId) -> None:
    deletion = Deletion(NAME, repository, "all")
    bring_back_all(ledger, deletion, count_return(deletion, ledger), "ada", Moment(NOW + 1))


def test_what_went_twice_in_the_same_millisecond_comes_back_with_each_tag_once(session: Counted) -> None:
    ledger = Ledger(session)
    for text in ("first", "second"):
        repository = publish(ledger, NAME, text, "v1")
        delete(ledger, repository)
    restore(ledger, repository)
    tag = ledger.tags.find(repository, Tag("v1"))
    assert (2, True) == (ledger.packages.count(repository), tag in {digest("first"), digest("second")})


@pytest.mark.parametrize("versions", [2, 40])
def test_however_many_versions_there_are_the_statements_are_few(session: Counted, versions: int) -> None:
    ledger = Ledger(session)
    repository = filled(ledger, versions)
    session.statements.clear()
    delete(ledger, repository)
    assert ledger.packages.count(repository) == 0
    restore(ledger, repository)
    assert ledger.packages.count(repository) == versions
    assert len(session.statements) < 36


def test_under_a_quota_nothing_is_summed_up_while_nobody_else_can_write(session: Counted) -> None:
    ledger = Ledger(session)
    repository = filled(ledger, 3)
    give(ledger, "crew", 10**6, ledger.stock.bytes_used("crew"))
    delete(ledger, repository)
    counted = count_return(Deletion(NAME, repository, "all"), ledger)
    session.statements.clear()
    bring_back_all(ledger, counted.of, counted, "ada", Moment(NOW + 1))
    assert [] == [statement for statement in session.statements if "SUM(" in statement]


def test_tags_and_their_history_are_as_if_each_had_gone_alone(session: Counted) -> None:
    ledger = Ledger(session)
    repository = filled(ledger, 2)
    ledger.tags.move(repository, Tag("latest"), digest("v1"), "ada", moment(1))
    delete(ledger, repository)
    assert ledger.tags.page(repository, "", 10) == []
    gone = ledger.trash.find(repository, digest("v1"))
    assert gone is not None
    assert (Tag("latest"), Tag("v1")) == gone.tags
    restore(ledger, repository)
    told = [(event.digest, event.previous) for event in ledger.tags.history(repository, Tag("latest"), 10)]
    assert [(digest("v1"), None), (None, digest("v1")), (digest("v1"), None)] == told


def test_an_immutable_tag_among_many_keeps_all(session: Counted) -> None:
    ledger = Ledger(session)
    repository = filled(ledger, 3)
    ledger.rules.add("crew", RuleKind.IMMUTABLE, '{"tags": ["v2"]}', "ada", moment(0))
    with pytest.raises(TagImmutable):
        delete(ledger, repository)
    assert ledger.packages.count(repository) == 3


def test_what_is_alive_again_stays_and_leaves_the_trash(session: Counted) -> None:
    ledger = Ledger(session)
    repository = filled(ledger, 2)
    delete(ledger, repository)
    ledger.manifests.put(repository, manifest("v1"), moment(7))
    restore(ledger, repository)
    assert ledger.trash.find(repository, digest("v1")) is None
    assert ledger.packages.count(repository) == 2


def test_a_part_of_an_index_that_went_before_it_comes_back_with_the_package(registry: InProcessRegistry) -> None:
    child = registry.push_image(str(NAME), "child")
    push_list(registry, "v1", child)

    def change(ledger: Ledger) -> None:
        repository = ledger.repositories.find(NAME)
        assert repository is not None
        put(ledger, repository, child, "ada", moment(5), "by itself")
        delete(ledger, repository)
        restore(ledger, repository)

    asyncio.run(registry.metadata.write(change))
    assert 200 == registry.request("GET", f"/v2/{NAME}/manifests/child").status


def test_a_package_one_of_whose_layers_is_gone_does_not_come_back(registry: InProcessRegistry) -> None:
    registry.push_image(str(NAME), "v1", b"layer")

    def change(ledger: Ledger) -> None:
        repository = ledger.repositories.find(NAME)
        assert repository is not None
        delete(ledger, repository)
        ledger.blobs.release(repository, Digest.of(b"layer"))
        with pytest.raises(CannotRestore):
            restore(ledger, repository)

    asyncio.run(registry.metadata.write(change))


def test_a_list_of_referrers_does_not_name_what_was_purged(registry: InProcessRegistry) -> None:
    subject = registry.push_image(str(NAME), "v1")
    signature = {
        **registry.image(str(NAME), b"signature"),
        "subject": {"mediaType": "application/vnd.oci.image.manifest.v1+json", "digest": str(subject), "size": 100},
    }
    signed = registry.push_manifest(str(NAME), "signature", signature)
    push_list(registry, str(fallback_tag(subject)), signed)

    def change(ledger: Ledger) -> None:
        repository = ledger.repositories.find(NAME)
        assert repository is not None
        delete(ledger, repository)
        ledger.trash.forget(repository, signed)
        restore(ledger, repository)

    asyncio.run(registry.metadata.write(change))
    assert [] == registry.request("GET", f"/v2/{NAME}/manifests/{fallback_tag(subject)}").json()["manifests"]
