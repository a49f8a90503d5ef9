"""The pages of rules: docs/rules/<id>.md, and docs/rules/ko/<id>.md beside it.

    # <id>
    What it says. (error)
    ## Why
    ## Bad        `path/of/a/file` on a line of its own, then the file as a block of code; as often as there are files
    ## Good       the same

On a Korean page the three parts stand in the same order, under headings of its own.
"""

import re
from dataclasses import dataclass
from pathlib import Path

PAGES = Path(__file__).resolve().parents[3] / "docs" / "rules"
LANGUAGES = ("en", "ko")
_BLOCK = re.compile(
    r"^`(?P<path>[^`\n]+)`\n+(?P<fence>`{3,})\w*\n(?P<content>.*?)^(?P=fence)$", re.DOTALL | re.MULTILINE
)


@dataclass(frozen=True)
class Page:
    title: str
    says: str
    headings: tuple[str, ...]
    parts: tuple[str, ...]

    @property
    def bad(self) -> dict[str, str]:
        return files_in(self.parts[1])

    @property
    def good(self) -> dict[str, str]:
        return files_in(self.parts[2])


def path_of(rule: str, language: str) -> Path:
    return (PAGES if language == "en" else PAGES / language) / f"{rule}.md"


def page_of(rule: str, language: str) -> Page:
    text = path_of(rule, language).read_bytes().decode()  # line ends of Windows may be what a page is about
    outside = re.sub(
        r"^(`{3,}).*?^\1$", lambda block: "\n" * block[0].count("\n"), text, flags=re.DOTALL | re.MULTILINE
    )
    lines, shown = text.split("\n"), outside.split("\n")
    starts = [at for at, line in enumerate(shown) if line.startswith("## ")]
    ends = [*starts[1:], len(lines)]
    head = lines[: starts[0]] if starts else lines
    return Page(
        title=head[0].removeprefix("# "),
        says="\n".join(head[1:]).strip(),
        headings=tuple(lines[at].removeprefix("## ").strip() for at in starts),
        parts=tuple("\n".join(lines[start + 1 : end]) + "\n" for start, end in zip(starts, ends, strict=True)),
    )


def files_in(part: str) -> dict[str, str]:
    return {found["path"]: found["content"] for found in _BLOCK.finditer(part)}
