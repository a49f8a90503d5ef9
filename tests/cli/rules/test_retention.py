"""Retention from the command line: beside a registry, and at one."""

import asyncio
import json
from pathlib import Path

import pytest

from tests.cli.office import Office
from tests.cli.stage import run
from wharf.cli.rules.retention import DecisionRow, Run
from wharf.content.filesystem import FilesystemContent
from wharf.metadata.ledger import Ledger
from wharf.metadata.records import Moment
from wharf.metadata.sqlite import SqliteMetadata
from wharf.oci.digest import Digest
from wharf.oci.reference import RepositoryName
from wharf.registry.services.access import ANYBODY, Gate, OpenToAll
from wharf.registry.services.clock import system_clock
from wharf.registry.services.rules.rulebook import Rulebook
from wharf.registry.services.rules.terms import Retention
from wharf.testing.contracts.metadata_store import manifest

DIGEST = str(Digest.of(b"any"))


@pytest.mark.slow
def test_a_dry_run_at_a_registry_that_holds_nothing(office: Office) -> None:
    assert "0 would go; 0 would stay\n" == office.done("admin", "retention", "run", office.org, "--dry-run")


@pytest.mark.slow
def test_nothing_goes_unless_somebody_says_yes(office: Office) -> None:
    assert 2 == office.wharf("admin", "retention", "run", office.org).code
    told = office.done("admin", "retention", "run", office.org, "--yes")
    assert "0 went, and can be restored for a while; 0 stayed\n" == told


def test_each_decision_is_explained_within_80_columns() -> None:
    row = DecisionRow("crew/app", DIGEST, ("1.0", "latest", "a-tag-that-is-long"), stays=False, why="word " * 20)
    first, *others = row.lines()
    assert "  goes   1.0, latest, a-tag-t…  word" in first
    assert all(line.startswith(32 * " ") for line in others)
    assert 80 >= max(map(len, row.lines()))


def test_what_has_no_tag_is_called_by_its_digest() -> None:
    assert DecisionRow("crew/app", DIGEST, (), stays=True, why="so").lines()[0].startswith(f"  stays  {DIGEST[:19]}")


def test_a_run_says_what_it_did_and_a_dry_one_what_it_would() -> None:
    wet = Run(is_dry=False, staying=2, going=1, decisions=(), is_complete=True, told={})
    dry = Run(is_dry=True, staying=2, going=1, decisions=(), is_complete=True, told={})
    assert "1 went, and can be restored for a while; 2 stayed" == wet.summary()
    assert "1 would go; 2 would stay" == dry.summary()


def test_all_rules_are_followed_beside_the_registry(tmp_path: Path) -> None:
    asyncio.run(_filled(tmp_path))
    outcome = run(tmp_path, ["admin", "retention", "daily", "--data", str(tmp_path), "--json"])
    assert {"versions": 1, "deleted": 1, "merged_pulls": 0} == json.loads(outcome.out)
    outcome = run(tmp_path, ["admin", "retention", "daily", "--data", str(tmp_path)])
    assert f"{tmp_path}: 0 of 0 versions went, and can be restored for a while\n" == outcome.out


async def _filled(folder: Path) -> None:
    def old(ledger: Ledger) -> None:
        repository = ledger.repositories.ensure(RepositoryName("crew/app"), Moment(1))
        ledger.manifests.put(repository, manifest("old"), Moment(1))
        ledger.versions.pushed(repository, manifest("old").digest, Moment(1))

    FilesystemContent(folder).close()
    store = SqliteMetadata(folder, forced=False)
    await store.write(old)
    await Rulebook(store, Gate(OpenToAll()), system_clock).add(ANYBODY, None, Retention(keep_younger_than=86_400))
    store.close()
