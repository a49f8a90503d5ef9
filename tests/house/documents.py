"""The pages of the project, and the console blocks on them that say of themselves that they run.

    <!-- runs with skopeo -->
    ```console
    $ a command, and what it prints below it
    > its next line, if it has one
    …
    ```

In what is printed, `…` stands for anything. The blocks of a page run in order, in one folder, against one registry;
`examples` lies in the folder, which is the home of whoever types. They speak English, and nobody's job runs them. The
registry's administrator has the password in WHARF_ADMIN_PASSWORD.
"""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from tests.house.sources import ROOT, files

WRITTEN_ADDRESS = "127.0.0.1:5000"
WRITTEN_PROGRAM = ".venv/bin/"
WRITTEN_PASSWORD = "correct horse battery staple"
PATIENCE_SECONDS = 240
_BLOCK = re.compile(
    r"<!-- runs(?: with (?P<programs>[\w, -]+?))? -->\n```console\n(?P<text>.*?)^```$", re.DOTALL | re.MULTILINE
)
_END_OF_STEP = "--- end of step ---"


@dataclass(frozen=True, slots=True)
class Step:
    """A command and what the page says that it prints."""

    command: str
    printed: str

    def agrees(self, output: str) -> bool:
        pattern = re.escape(self.printed.rstrip()).replace("…", ".*?")
        return re.fullmatch(pattern, output.rstrip(), re.DOTALL) is not None


@dataclass(frozen=True, slots=True)
class Block:
    programs: tuple[str, ...]
    steps: tuple[Step, ...]


def pages() -> list[Path]:
    """Those of known failures are made from the catalogue, which has tests of its own."""
    made = ROOT / "docs" / "failures"
    return [path for path in files() if path.suffix == ".md" and (path.name == "README.md" or made not in path.parents)]


def pages_about_this_project() -> list[Path]:
    """Pages of rules show files of other people's repositories, and repositories that are looked at have pages, too."""
    others = (ROOT / "docs" / "rules", ROOT / "tests" / "repositories")
    return [page for page in pages() if not any(page.is_relative_to(folder) for folder in others)]


def blocks(page: Path) -> list[Block]:
    found = _BLOCK.finditer(page.read_text(encoding="utf-8"))
    return [Block(_programs(match["programs"]), tuple(_steps(match["text"]))) for match in found]


def pages_that_run() -> list[Path]:
    """What a page in Korean shares with the English one runs there."""
    found = ((page, blocks(page)) for page in pages())
    return [page for page, own in found if own and not (is_twin(page) and own == blocks(english_of(page)))]


def is_twin(page: Path) -> bool:
    return page.parent == ROOT / "docs" / "ko"


def english_of(page: Path) -> Path:
    return page.parent.parent / page.name


def shape(page: Path) -> list[str]:
    """A page without its words: its chapters, its tables by their rows, and what lies between them."""
    marks = re.findall(r"^(#+ |\||    |- |<!-- runs)", page.read_text(encoding="utf-8"), re.MULTILINE)
    return [mark.strip() for mark in marks]


def played(block: Block, folder: Path, address: str) -> list[tuple[Step, str]]:
    """Run the steps in one shell, where all must succeed; each with what it printed, told as the page tells it."""
    script = "".join(f"{_local(step.command, address)}\necho '{_END_OF_STEP}'\n" for step in block.steps)
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", f"exec 2>&1\n{script}"],
        cwd=folder,
        env=_environment(folder),
        stdout=subprocess.PIPE,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    outputs = done.stdout.replace(address, WRITTEN_ADDRESS).split(f"{_END_OF_STEP}\n")
    return list(zip(block.steps, outputs[:-1], strict=True))


def _environment(home: Path) -> dict[str, str]:
    """A login is kept in the folder, and found there by every program."""
    of_elsewhere = {"GITHUB_ACTIONS", "DOCKER_CONFIG", "REGISTRY_AUTH_FILE"}
    kept = {name: value for name, value in os.environ.items() if name not in of_elsewhere}
    places = {"HOME": str(home), "XDG_RUNTIME_DIR": str(home)}
    return {**kept, **places, "LC_ALL": "C.UTF-8", "WHARF_ADMIN_PASSWORD": WRITTEN_PASSWORD}


def links(page: Path) -> list[str]:
    """Where the page leads within the project."""
    found = re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text(encoding="utf-8"))
    return [target for target in found if "://" not in target]


def named_files(page: Path) -> list[str]:
    """Files that the page speaks of by their paths."""
    return re.findall(r"`([\w.-]+(?:/[\w.-]+)+\.(?:py|sql|md|toml|txt))`", page.read_text(encoding="utf-8"))


def _programs(named: str | None) -> tuple[str, ...]:
    return ("bash", *(name.strip() for name in (named or "curl").split(",")))


def _steps(text: str) -> Iterator[Step]:
    lines = text.splitlines(keepends=True)
    starts = [number for number, line in enumerate(lines) if line.startswith("$ ")]
    for start, end in pairwise([*starts, len(lines)]):
        more = next((n for n in range(start + 1, end) if not lines[n].startswith("> ")), end)
        yield Step("".join(line[2:] for line in lines[start:more]), "".join(lines[more:end]))


def _local(command: str, address: str) -> str:
    return command.replace(WRITTEN_ADDRESS, address).replace(WRITTEN_PROGRAM, f"{sys.prefix}/bin/")


def shown(page: Path) -> str:
    return str(page.relative_to(ROOT))
