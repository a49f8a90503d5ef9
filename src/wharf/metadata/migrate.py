"""The schema's history: numbered files, applied once each and in order."""

import functools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from string import Template

from wharf.errors import StoreTooNew
from wharf.metadata.session import Session

_FILE = re.compile(r"(\d{4})_\w+\.sql")
_COMMENT = re.compile(r"--.*")
_CREATE_VERSIONS = "CREATE TABLE IF NOT EXISTS schema_versions (version BIGINT NOT NULL PRIMARY KEY)"
_CURRENT = "SELECT COALESCE(MAX(version), 0) FROM schema_versions"
_RECORD = "INSERT INTO schema_versions (version) VALUES (?)"


@dataclass(frozen=True, slots=True)
class Migration:
    version: int
    script: str

    def statements(self, words: Mapping[str, str]) -> list[str]:
        """The script in one database's words, statement by statement. A word may hold semicolons of its own."""
        statements = (statement.strip() for statement in _COMMENT.sub("", self.script).split(";"))
        return [Template(statement).substitute(words) for statement in statements if statement]


@functools.cache
def migrations() -> tuple[Migration, ...]:
    return tuple(sorted(_found(), key=lambda migration: migration.version))


def _found() -> Iterator[Migration]:
    for entry in files("wharf.metadata").joinpath("migrations").iterdir():
        match = _FILE.fullmatch(entry.name)
        if match:
            yield Migration(int(match[1]), entry.read_text(encoding="utf-8"))


def migrate(session: Session, words: Mapping[str, str]) -> None:
    """Bring a database up to date. The caller holds a transaction; a store from the future is left untouched."""
    session.run(_CREATE_VERSIONS)
    current = int(session.rows(_CURRENT)[0][0])
    known = migrations()
    if current > known[-1].version:
        raise StoreTooNew(current, known[-1].version)
    for migration in known:
        if migration.version > current:
            for statement in migration.statements(words):
                session.run(statement)
            session.run(_RECORD, migration.version)
