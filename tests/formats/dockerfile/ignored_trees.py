"""Folders with an ignore file, made up at random, yet the same each time: names and patterns that are hard to tell."""

from dataclasses import dataclass
from random import Random
from typing import Final

_NAMES: Final = (
    *(
        "a",
        "b",
        "ab",
        ".env",
        "x.key",
        "k.pem",
        "src",
        "node_modules",
        "a b",
        "!x",
        "#c",
        "a]",
        "[z]",
        "é",
        "a+b",
        "a.c",
    ),
    *("a^b", "d1", "_", "(x)", "b$", "a-b", "{a,b}", "a|b", "aa", "1"),
)
_ODDITIES: Final = (
    *("*", "**", "?", "[a-c]", "[^a]", "[!x]", "[", "]", "\\", "/", "//", "./", "../", "{", "}", "(", ")", "|", "+"),
    *("^", "$", ".", "**/", "/**", "\\d", "[[:alpha:]]", "[a-]", "[*]", "[?x]", "[b-a]", "\\-", "[\\]]", "é", " ", "!"),
    *("#", "[]a]", "{2}", "{0,2}", "{1,}", "{a,b}"),
)
_WIDE: Final = ("*", "**", "*/*", "**/*", "*.key", "**/.env*", "a*", "*/", "/a", "/", "**/a", "*/src", "src/**")


@dataclass(frozen=True, slots=True)
class IgnoredTree:
    ignore: str
    paths: tuple[str, ...]


def ignored_trees(count: int, seed: int = 0) -> list[IgnoredTree]:
    random = Random(seed)
    return [_tree(random) for _ in range(count)]


def _tree(random: Random) -> IgnoredTree:
    paths = {_path(random) for _ in range(random.randint(3, 14))}
    files = tuple(sorted(path for path in paths if not any(other.startswith(f"{path}/") for other in paths)))
    lines = [_line(random, files) for _ in range(random.randint(1, 5))]
    return IgnoredTree("\n".join(lines) + random.choice(["", "\n"]), files)


def _path(random: Random) -> str:
    return "/".join(random.choice(_NAMES) for _ in range(random.choice([1, 1, 2, 2, 3, 4])))


def _line(random: Random, files: tuple[str, ...]) -> str:
    path = random.choice(files)
    choices = (
        path,
        path.rpartition("/")[0] or path,
        f"**/{path.rpartition('/')[2]}",
        random.choice(_WIDE),
        _changed(random, path),
    )
    mark = random.choice(["", "", "", "!", "! ", " ", "#"])
    return mark + random.choice(choices) + random.choice(["", "", "", " ", "/", "\r"])


def _changed(random: Random, path: str) -> str:
    for _ in range(random.randint(1, 2)):
        at = random.randint(0, len(path))
        path = path[:at] + random.choice(_ODDITIES) + path[at + random.randint(0, 1) :]
    return path
