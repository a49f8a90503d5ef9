"""Whatever the API changes is in the audit log: each operation that is no question, done by who may do it."""

import asyncio
from collections.abc import Iterator, Mapping
from typing import Final

import pytest

from tests.registry.http.api.matrix import Asked, Row, question, rows
from tests.registry.http.api.peopled import ADMINISTRATOR, PeopledRegistry
from wharf.metadata.records import AuditRecord
from wharf.registry.services.happening_words import HAPPENINGS
from wharf.testing.registry import Answer

pytestmark = pytest.mark.slow

QUESTIONS: Final = {"GET", "HEAD", "OPTIONS"}
# Short-lived tokens are signed and not kept; other rows of the table ask for a rehearsal, or for what is so already.
CHANGES_NOTHING: Final = (
    "graphql",
    "Token POST",
    "wharf/run-retention (all)",
    "wharf/packages/set-visibility (public)",
)
ROWS: Final = tuple(
    row
    for row in rows()
    if row.expected[ADMINISTRATOR] in {200, 201, 202, 204} and not row.of.startswith(("Blob", "Upload"))
)


class NotingRegistry(PeopledRegistry):
    """Remembers what the log gained by the last question."""

    gained: tuple[AuditRecord, ...] = ()

    def ask_with(
        self, secret: str, method: str, target: str, body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> Answer:
        last = asyncio.run(self._registry.metadata.read(lambda ledger: ledger.audit.last()))
        with self._registry.acting(f"Bearer {secret}" if secret else ""):
            answer = self._registry.request(method, target, body, headers)
        read = self._registry.metadata.read(lambda ledger: ledger.audit.page(None, last, 100))
        self.gained = tuple(asyncio.run(read))
        self._begin_anew()
        return answer


@pytest.fixture(scope="module")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NotingRegistry]:
    with NotingRegistry(tmp_path_factory.mktemp("noting")) as made:
        yield made


@pytest.mark.parametrize("row", ROWS, ids=[row.name for row in ROWS])
def test_what_changes_something_is_noted_and_what_asks_is_not(row: Row, registry: NotingRegistry) -> None:
    asked = Asked.by(row, registry.operations())
    put = question(registry, row, asked, ADMINISTRATOR)
    answer = registry.ask(ADMINISTRATOR, put.method, put.path, put.body, put.headers)
    assert answer.status < 300
    is_change = asked.method not in QUESTIONS and not row.name.startswith(CHANGES_NOTHING)
    assert is_change == bool(registry.gained)
    assert {record.entry.action for record in registry.gained} <= HAPPENINGS.keys()
    assert {record.entry.actor for record in registry.gained} <= {ADMINISTRATOR}
