"""A registry's folder as an inspector sees it: files beside rows, read with as little of its own code as may be.

What the registry promises of its store is asked of the store itself: nothing is half there.
"""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from wharf.oci.digest import Digest

_HELD = "SELECT 1 FROM repository_blobs WHERE repository = ? AND digest = ?"
_TAGS_IN_THE_AIR = (
    "SELECT tags.name FROM tags LEFT JOIN manifests"
    " ON manifests.repository = tags.repository AND manifests.digest = tags.digest WHERE manifests.digest IS NULL"
)
_HOLDS_IN_THE_AIR = (
    "SELECT held.digest FROM repository_blobs AS held LEFT JOIN blobs ON blobs.digest = held.digest"
    " WHERE blobs.digest IS NULL"
)


class StoreView:
    def __init__(self, data: Path) -> None:
        self._data = data

    def flaws(self) -> list[str]:
        """All that is half there; nothing, where the registry keeps its word."""
        return [*self._flaws_of_rows(), *self._flaws_of_blobs(), *self._flaws_of_manifests()]

    def known_files(self) -> set[str]:
        return {location for _, _, location in self._rows("SELECT digest, size, location FROM blobs")}

    def files(self) -> set[str]:
        blobs = self._data / "blobs"
        return {str(path.relative_to(blobs)) for path in blobs.rglob("*") if path.is_file()}

    def uploads(self) -> list[str]:
        return [path.name for path in (self._data / "uploads").iterdir()]

    def _flaws_of_rows(self) -> Iterator[str]:
        for (verdict,) in self._rows("PRAGMA integrity_check"):
            if verdict != "ok":
                yield f"database: {verdict}"
        for row in self._rows("PRAGMA foreign_key_check"):
            yield f"a row points nowhere: {row}"
        for (name,) in self._rows(_TAGS_IN_THE_AIR):
            yield f"tag {name} points to no manifest"
        for (digest,) in self._rows(_HOLDS_IN_THE_AIR):
            yield f"a repository holds {digest}, of which nothing is known"

    def _flaws_of_blobs(self) -> Iterator[str]:
        for digest, size, location in self._rows("SELECT digest, size, location FROM blobs"):
            path = self._data / "blobs" / location
            if not path.exists():
                yield f"blob {digest} has no file"
            elif path.stat().st_size != size or str(Digest.of(path.read_bytes())) != digest:
                yield f"blob {digest} has another blob's bytes, or a part of its own"

    def _flaws_of_manifests(self) -> Iterator[str]:
        for repository, digest, body in self._rows("SELECT repository, digest, body FROM manifests"):
            if str(Digest.of(body)) != digest:
                yield f"manifest {digest} is not what it says"
            document = json.loads(body)
            for part in [document["config"], *document["layers"]]:
                if not self._rows(_HELD, repository, part["digest"]):
                    yield f"manifest {digest} names {part['digest']}, which is not here"

    def _rows(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(self._data / "wharf.db", timeout=120)) as connection:
            return connection.execute(statement, values).fetchall()
