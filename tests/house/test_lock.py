"""What is installed is written down: every package in one exact version, known by its hashes, with no address."""

import re
import tomllib

import pytest

from tests.house.sources import ROOT

LOCK = (ROOT / "requirements" / "lock.txt").read_text()
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
_ENTRY = re.compile(r"^([a-z0-9-]+)==([^\s;]+)(?: ; [^\\]+)? \\$")
_NAME = re.compile(r"[A-Za-z0-9._-]+")


def entries() -> dict[str, int]:
    """Package names, and how many hashes stand below each."""
    counted: dict[str, int] = {}
    name = ""
    for line in LOCK.splitlines():
        if entry := _ENTRY.match(line):
            name = entry[1]
            counted[name] = 0
        elif "--hash=sha256:" in line:
            counted[name] += 1
    return counted


def test_every_line_is_an_exact_version_a_hash_or_a_remark() -> None:
    strange = [
        line for line in LOCK.splitlines() if not (_ENTRY.match(line) or line.startswith(("    --hash=", "    #")))
    ]
    assert [] == strange


def test_every_package_has_a_hash() -> None:
    assert [] == [name for name, hashes in entries().items() if hashes == 0]


@pytest.mark.parametrize("asked", [*PROJECT["project"]["dependencies"], *PROJECT["dependency-groups"]["dev"]])
def test_what_the_project_asks_for_is_locked(asked: str) -> None:
    name = _NAME.match(asked)
    assert name
    assert name[0].lower() in entries()


def test_what_builds_the_project_is_locked_too() -> None:
    assert {"hatchling", "editables"} <= entries().keys()
