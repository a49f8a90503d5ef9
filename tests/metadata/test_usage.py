"""Sums over all that a registry holds go by indexes, and what was deleted is looked at from its own side."""

import pytest

from tests.metadata.explaining import Explaining
from wharf.metadata.ledger import Ledger
from wharf.metadata.pulls import Selection
from wharf.metadata.records import RepositoryId


@pytest.mark.parametrize(
    "selection",
    [
        pytest.param(Selection(1), id="of all"),
        pytest.param(Selection(1, owner="crew"), id="of an owner"),
        pytest.param(Selection(1, repository=RepositoryId(1)), id="of a repository"),
    ],
)
def test_who_pulled_how_often_is_summed_from_an_index_alone(session: Explaining, selection: Selection) -> None:
    ledger = Ledger(session)
    ledger.pulls.by_account(selection, 9)
    ledger.pulls.by_day(selection)
    assert not [step for step in session.steps if " pulls USING INDEX" in step or step == "SCAN pulls"]


@pytest.mark.parametrize("owner", [None, "crew"])
def test_what_could_be_restored_is_looked_for_among_what_was_deleted(session: Explaining, owner: str | None) -> None:
    usage = Ledger(session).usage
    if owner is None:
        usage.of_all()
    else:
        usage.of_owner(owner)
    assert [step for step in session.steps if step.startswith("SEARCH kept")]
    assert not [step for step in session.steps if step.startswith("SCAN kept")]
