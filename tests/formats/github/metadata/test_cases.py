import tomllib
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from tests.cases import each
from tests.formats.github.metadata.described import PUSH
from wharf.formats.github.metadata.action import describe
from wharf.formats.text import Text

_TABLE: dict[str, list[dict[str, Any]]] = tomllib.loads(Path(__file__).with_name("cases.toml").read_text())


def test_the_table_is_as_long_as_it_was_made() -> None:
    assert len(_TABLE["case"]) >= 300


@each("case", _TABLE["case"], ids=lambda case: f"{case['release']}:{case.get('tags', '')}"[:60])
def test_the_action_gives_the_same(case: dict[str, Any]) -> None:
    given = case.get("event", {})
    event = replace(PUSH, **(given | {name: _moment(given[name]) for name in ("now", "commit_date") if name in given}))
    inputs: dict[str, Text] = {name: Text.known(case[name]) for name in ("images", "tags", "flavor") if name in case}
    environment = {name: Text.known(value) for name, value in case.get("environment", {}).items()}
    found = describe(inputs, event, case["release"], environment)
    assert case.get("fails", False) == (found.failure is not None)
    assert case.get("expected", []) == [tag.value for tag in found.tags]


def _moment(written: str) -> datetime:
    return datetime.fromisoformat(written)
