"""Names that say something, and a first sentence in every file that says what the thing is."""

import ast
from pathlib import Path

import pytest

from tests.house.sources import PACKAGE, ROOT, Module, modules

NAMES_THAT_SAY_NOTHING = {"utils", "util", "common", "helpers", "helper", "base", "manager", "misc"}
SHOWN = (ROOT / "bench", ROOT / "examples")


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


def words(module: Module) -> list[str]:
    """The words of a path: `services/blob_base.py` holds `base`."""
    parts = str(module).removesuffix(".py").replace("\\", "/").split("/")
    return [word for part in parts for word in part.split("_")]
