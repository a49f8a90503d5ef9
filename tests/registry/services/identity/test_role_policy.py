"""Who may pull what is public: it is remembered for as long as nobody's access has changed, and no longer."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from wharf.metadata.ledger import Ledger
from wharf.metadata.records import Moment
from wharf.metadata.sqlite import SqliteMetadata
from wharf.oci.reference import RepositoryName
from wharf.registry.services.identity.role_policy import Visibility

T = TypeVar("T")
NAME = RepositoryName("crew/app")


class LateAnswer(SqliteMetadata):
    """A store whose first answer is on its way for as long as it is held."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, forced=False)
        self.is_found, self.may_arrive = asyncio.Event(), asyncio.Event()

    async def read(self, question: Callable[[Ledger], T]) -> T:
        answer = await super().read(question)
        if not self.is_found.is_set():
            self.is_found.set()
            await self.may_arrive.wait()
        return answer


def showing(*, is_public: bool) -> Callable[[Ledger], None]:
    def change(ledger: Ledger) -> None:
        ledger.repositories.set_public(ledger.repositories.ensure(NAME, Moment(1)), is_public=is_public)
        ledger.counters.access_changed()

    return change


def test_an_answer_that_was_under_way_when_access_changed_is_not_remembered(tmp_path: Path) -> None:
    async def asked_in_between() -> bool:
        store = LateAnswer(tmp_path)
        try:
            visibility = Visibility(store)
            await store.write(showing(is_public=True))
            late = asyncio.create_task(visibility.is_public(NAME))
            await store.is_found.wait()
            await store.write(showing(is_public=False))
            await visibility.is_public(RepositoryName("crew/other"))
            store.may_arrive.set()
            await late
            return await visibility.is_public(NAME)
        finally:
            store.close()

    assert False is asyncio.run(asked_in_between())
