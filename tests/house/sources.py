"""The project as files: what is looked at when the house rules are checked."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "wharf"
CODE = (PACKAGE, ROOT / "tests", ROOT / "bench", ROOT / "examples")
# Made by tools, or kept by whoever runs the registry here: not part of the project.
_NOT_OURS = {"__pycache__", "data", "dist", "build", "node_modules"}
_OURS_HIDDEN = {".ci", ".gitignore"}


@dataclass(frozen=True, slots=True)
class Module:
    """One Python file, read and parsed."""

    path: Path

    @property
    def text(self) -> str:
        return self.path.read_text(encoding="utf-8")

    @property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    def __str__(self) -> str:
        return str(self.path.relative_to(ROOT))


def modules(*folders: Path) -> list[Module]:
    return [Module(path) for folder in folders or CODE for path in sorted(folder.rglob("*.py"))]


def files() -> Iterator[Path]:
    """Every file of the project, whether git knows it yet or not."""
    yield from _below(ROOT)


def _below(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        if path.name in _NOT_OURS or (path.name.startswith(".") and path.name not in _OURS_HIDDEN):
            continue
        if path.is_dir():
            yield from _below(path)
        elif path.is_file():
            yield path
