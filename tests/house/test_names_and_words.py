"""Names that say something, and a first sentence in every file that says what the thing is."""

import ast
import re
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


def test_what_a_module_keeps_to_itself_it_uses() -> None:
    idle = [
        f"{module}: {name}"
        for module in modules()
        for name in kept_to_itself(module)
        if mentions(module.text, name) < 2
    ]
    assert [] == idle


def kept_to_itself(module: Module) -> list[str]:
    """Its own names that begin with one underscore."""
    named: list[str] = []
    for node in module.tree.body:
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                named.append(name)
            case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
                named.append(name)
    return [name for name in named if name.startswith("_") and not name.startswith("__")]


def mentions(text: str, name: str) -> int:
    return len(re.findall(rf"\b{name}\b", text))


def words(module: Module) -> list[str]:
    """The words of a path: `services/blob_base.py` holds `base`."""
    parts = str(module).removesuffix(".py").replace("\\", "/").split("/")
    return [word for part in parts for word in part.split("_")]
