"""Names that say something, and a first sentence in every file that says what the thing is."""

import ast
import re
from collections import Counter
from pathlib import Path

import pytest

from tests.house.sources import PACKAGE, ROOT, Module, modules

NAMES_THAT_SAY_NOTHING = {"utils", "util", "common", "helpers", "helper", "base", "manager", "misc"}
SHOWN = (ROOT / "bench", ROOT / "examples")
_OWN_NAME = re.compile(r"^(?:(?:async )?def |class )?(_[A-Za-z]\w*)\b(?= ?[:=(\[])", re.MULTILINE)
_WORD = re.compile(r"\w+")


def test_no_module_has_a_name_that_says_nothing() -> None:
    empty = [str(module) for module in modules() if NAMES_THAT_SAY_NOTHING & set(words(module))]
    assert [] == empty


@pytest.mark.parametrize("room", sorted(PACKAGE.rglob("__init__.py")), ids=lambda path: path.parent.name)
def test_every_room_says_what_it_is(room: Path) -> None:
    told = ast.get_docstring(Module(room).tree) or ""
    assert len(told) > len(room.parent.name)


def test_every_module_says_what_it_is() -> None:
    silent = [str(module) for module in modules(PACKAGE, *SHOWN) if not ast.get_docstring(module.tree)]
    assert [] == silent


def test_no_handler_catches_everything_without_saying_so() -> None:
    bare = [
        f"{module}:{node.lineno}"
        for module in modules()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ExceptHandler) and node.type is None
    ]
    assert [] == bare


def test_what_a_module_keeps_to_itself_it_uses() -> None:
    """Looked for in the text alone: to parse all there is takes seconds."""
    idle = [f"{module}: {name}" for module in modules() for name in named_and_not_used(module.text)]
    assert [] == idle


def named_and_not_used(text: str) -> list[str]:
    """Names of the module's own, with one underscore before them, that stand in it once."""
    own = _OWN_NAME.findall(text)
    mentions = Counter(_WORD.findall(text)) if own else Counter()
    return [name for name in own if mentions[name] == 1]


def words(module: Module) -> list[str]:
    """The words of a path: `services/blob_base.py` holds `base`."""
    parts = str(module).removesuffix(".py").replace("\\", "/").split("/")
    return [word for part in parts for word in part.split("_")]
