"""Repositories that are looked at in tests: folders below tests/repositories, and the examples on the pages of rules.

A folder may have an `expected.toml`, which is no part of the repository: what is to be found in it, and what is said
to have happened there.

    [[finding]]     rule, file, line
    [event]         name, ref, sha, default_branch, repository and so on, as `wharf doctor` is told them
    [history]       what git knows: sha, branch, tags and so on
    files           where the files lie, if not beside it; from the root of the project
"""

import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from wharf.doctor.checkout import Checkout
from wharf.doctor.examine import Examined, Found, examine, known_rules
from wharf.doctor.finding import Severity
from wharf.doctor.folder.folder import Folder
from wharf.doctor.history import History
from wharf.errors import FileNotThere
from wharf.formats.event import Event
from wharf.formats.files import Files
from wharf.formats.text import Text

PROJECT = Path(__file__).resolve().parents[2]
ROOT = PROJECT / "tests" / "repositories"
EXPECTED = "expected.toml"
SHA = "453a6545b97fe240727c378291230abeb793d851"
NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
HISTORY = History(sha=SHA, branch="main", repository="acme/app", host="github.com", commit_date=NOW)
GRAVE = (Severity.ERROR, Severity.WARNING)


@dataclass(frozen=True)
class Place:
    """Where a finding is to stand."""

    rule: str
    file: str
    line: int

    @classmethod
    def of(cls, found: Found) -> "Place":
        return cls(found.rule.id, found.finding.span.file, found.finding.span.line)

    def __str__(self) -> str:
        return f"{self.rule} at {self.file}:{self.line}"


@dataclass(frozen=True)
class Expectations:
    places: frozenset[Place] = frozenset()
    event: Mapping[str, Any] = field(default_factory=dict)
    history: Mapping[str, Any] = field(default_factory=dict)
    files: str = ""


class Without:
    """The files of a repository, and not the one that stands beside them for us."""

    def __init__(self, files: Files, name: str) -> None:
        self._files = files
        self._name = name

    def paths(self) -> Collection[str]:
        return [path for path in self._files.paths() if path != self._name]

    def read(self, path: str) -> Text:
        if path == self._name:
            raise FileNotThere(path)
        return self._files.read(path)


def repositories(kind: str) -> list[Path]:
    return sorted(path for path in (ROOT / kind).iterdir() if path.is_dir())


def expectations(folder: Path) -> Expectations:
    if not (folder / EXPECTED).exists():
        return Expectations()
    table = tomllib.loads((folder / EXPECTED).read_text(encoding="utf-8"))
    places = (Place(each["rule"], each["file"], each["line"]) for each in table.get("finding", ()))
    return Expectations(frozenset(places), table.get("event", {}), table.get("history", {}), table.get("files", ""))


def checkout_of(files: Files, expected: Expectations = Expectations()) -> Checkout:
    told: dict[str, Any] = dict(expected.event)
    lasting: dict[str, Any] = {name: told.pop(name) for name in ("sha", "default_branch", "repository") if name in told}
    known: dict[str, Any] = {name: _as_tuple(value) for name, value in expected.history.items()}
    history = replace(replace(HISTORY, **known), **lasting)
    event: Event | None = None
    if told:
        ref = told.pop("ref", f"refs/heads/{history.default_branch}")
        name = told.pop("name", "push")
        event = Event(name, ref, history.sha, history.repository, history.default_branch, NOW, commit_date=NOW)
        event = replace(event, **told)
    return Checkout(files, history, event=event)


def _as_tuple(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value


def checkout_in(folder: Path) -> Checkout:
    expected = expectations(folder)
    files = PROJECT / expected.files if expected.files else folder
    return checkout_of(Without(Folder(files), EXPECTED), expected)


def examined(checkout: Checkout) -> Examined:
    """By all rules. One that breaks fails the test that asked."""
    result = examine(checkout, known_rules())
    for broken in result.broken:
        raise broken.problem
    return result


def told(found: Collection[Found]) -> str:
    """For whoever reads why a test failed."""
    return "\n".join(f"{Place.of(each)}: {each.finding.message.english}" for each in found) or "nothing"
