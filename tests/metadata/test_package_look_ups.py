"""A package of ten thousand versions is asked about one of them without a look at the others."""

from collections.abc import Callable

import pytest

from tests.metadata.explaining import Explaining
from wharf.metadata.ledger import Ledger
from wharf.metadata.packages import Shelf
from wharf.metadata.records import RepositoryId, VersionId
from wharf.oci.reference import RepositoryName
from wharf.testing.contracts.metadata_store import digest, moment

REPOSITORY, VERSION = RepositoryId(1), VersionId(1)


@pytest.mark.parametrize(
    ("question", "key"),
    [
        pytest.param(
            lambda ledger: ledger.tags.of_digest(REPOSITORY, digest("v1")),
            "(repository=? AND digest=?)",
            id="the tags of a version",
        ),
        pytest.param(
            lambda ledger: ledger.trash.speaking_of(REPOSITORY, digest("v1"), "1"),
            "(repository=? AND subject=?)",
            id="what spoke about a deleted version",
        ),
        pytest.param(
            lambda ledger: ledger.trash.parts_of(REPOSITORY, digest("v1")),
            "(repository=? AND manifest=?)",
            id="what a deleted version names",
        ),
        pytest.param(
            lambda ledger: ledger.trash.find(REPOSITORY, digest("v1")),
            "(repository=? AND digest=?)",
            id="a deleted version",
        ),
        pytest.param(lambda ledger: ledger.trash.older(moment(0), 10), "(deleted_at<?)", id="what is too old"),
        pytest.param(lambda ledger: ledger.packages.versions(REPOSITORY, 0, 10), "versions_by_age", id="a page"),
        pytest.param(lambda ledger: ledger.packages.version(REPOSITORY, VERSION), "(rowid=?)", id="one version"),
        pytest.param(
            lambda ledger: ledger.packages.listed(Shelf("crew")), "(name>? AND name<?)", id="the packages of an owner"
        ),
        pytest.param(
            lambda ledger: ledger.packages.listed(Shelf("crew", only_public=True), 0, 10),
            "USING INDEX repositories_public (name>? AND name<?)",
            id="a page of the packages of an owner for a stranger",
        ),
        pytest.param(
            lambda ledger: ledger.packages.count_listed(Shelf("crew", only_public=True)),
            "INDEX repositories_public (name>? AND name<?)",
            id="the number of packages of an owner for a stranger",
        ),
        pytest.param(lambda ledger: ledger.packages.alive(RepositoryName("crew/app")), "(name=?)", id="a package"),
    ],
)
def test_it_is_looked_up(session: Explaining, question: Callable[[Ledger], object], key: str) -> None:
    question(Ledger(session))
    assert any(key in step for step in session.steps), session.steps
    assert not any(step.startswith("SCAN") or "TEMP B-TREE" in step for step in session.steps), session.steps
