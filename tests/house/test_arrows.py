"""Arrows run down only: which room may import which is written in pyproject.toml and held here."""

import subprocess
import sys
import tomllib

from tests.house.sources import PACKAGE, ROOT


def test_the_rooms_keep_to_their_floors() -> None:
    done = subprocess.run(
        [f"{sys.prefix}/bin/lint-imports", "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert 0 == done.returncode, done.stdout + done.stderr


def test_every_room_has_a_floor() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    floors = next(contract["layers"] for contract in contracts if contract["containers"] == ["wharf"])
    known = {room.strip(" ()") for floor in floors for room in floor.replace(":", "|").split("|")}
    rooms = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    assert set() == rooms - known
