"""However many private repositories there are, whoever may not read them costs nothing more for them."""

from collections.abc import Callable

import pytest

from tests.metadata.explaining import Explaining
from wharf.metadata.catalogue import Catalogue
from wharf.oci.reference import RepositoryName

NAME = RepositoryName("crew/app")
PUBLIC = "SEARCH repositories USING INDEX repositories_public (name>? AND name<?)"
OWN = "SEARCH repositories USING INDEX sqlite_autoindex_repositories_1 (name>? AND name<?)"
Question = Callable[[Catalogue, list[str]], object]

questions = pytest.mark.parametrize(
    ("question", "statements"),
    [
        pytest.param(lambda catalogue, owners: catalogue.page(owners, "", 100), 1, id="a page"),
        pytest.param(lambda catalogue, owners: catalogue.page(owners, "", 100, ["app"]), 1, id="a search"),
        pytest.param(lambda catalogue, owners: catalogue.resembling(owners, NAME, 100), 2, id="a miss"),
    ],
)


def looked_through(session: Explaining) -> list[str]:
    """The steps that go through names; for each name that is found, its manifests are looked up."""
    return [step for step in session.steps if "repositories" in step]


@questions
def test_a_stranger_is_shown_what_is_public_by_an_index_of_that_alone(
    session: Explaining, question: Question, statements: int
) -> None:
    question(Catalogue(session), [])
    assert [PUBLIC] * statements == looked_through(session)
    assert not [step for step in session.steps if step.startswith("SCAN") or "TEMP B-TREE" in step]


@questions
def test_of_an_owner_its_names_alone_are_gone_through(session: Explaining, question: Question, statements: int) -> None:
    question(Catalogue(session), ["crew"])
    assert [PUBLIC, OWN] * statements == looked_through(session)


def test_an_owner_whose_names_lie_elsewhere_is_not_asked_about(session: Explaining) -> None:
    Catalogue(session).page(["crew", "band"], "crew/app", 100)
    Catalogue(session).page(["crew", "band"], "harbour", 100)
    assert [PUBLIC, OWN, PUBLIC] == looked_through(session)
