"""A variable that `.env` has under a name that differs by a slip of the hand."""

import posixpath
from collections.abc import Iterator
from itertools import groupby
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.doctor.finding import Edit, Evidence, Finding, Fix, Severity
from wharf.doctor.language import Words
from wharf.doctor.looks.compose import compose_projects
from wharf.doctor.rule import Rule
from wharf.formats.compose.env_file import read_env_file
from wharf.formats.compose.load import ENV_FILE
from wharf.formats.compose.project import Project, Surroundings, Use
from wharf.formats.shell.ran import Given
from wharf.formats.text import Text

_SHORTEST: Final = 5
_SWAPPED: Final = 2


def check(checkout: Checkout) -> Iterator[Finding]:
    for project in checkout.once(compose_projects):
        path = posixpath.join(project.folder, ENV_FILE)
        known = checkout.parsed(path, lambda text: read_env_file(text, Surroundings()))
        yield from _misspelled(project, known or {})


def _misspelled(project: Project, known: dict[str, Text]) -> Iterator[Finding]:
    used = {use.name for use in project.uses}
    spare = [name for name in known if name not in used]
    for use in project.uses:
        if use.given is Given.UNKNOWN and use.name not in known:
            meant = [name for name in spare if _is_slip(use.name, name)]
            yield from (_finding(use, name, known[name]) for name in meant[:1])


def _is_slip(name: str, other: str) -> bool:
    """Letters in another order, a letter twice, another case, a line between words: never another letter."""
    left, right = (each.replace("_", "").lower() for each in (name, other))
    same_letters = sorted(left) == sorted(right) and sum(a != b for a, b in zip(left, right, strict=True)) <= _SWAPPED
    return len(name) >= _SHORTEST and (same_letters or _once(left) == _once(right))


def _once(letters: str) -> str:
    return "".join(letter for letter, _ in groupby(letters))


def _finding(use: Use, name: str, value: Text) -> Finding:
    return Finding(
        use.span,
        Words(
            f"`{use.name}` is not set; `.env` has `{name}`, which nothing uses",
            f"`{use.name}`은(는) 설정되어 있지 않습니다. `.env`에는 아무도 쓰지 않는 `{name}`이(가) 있습니다",
        ),
        (Evidence(Words(f"`{name}` is set here", f"`{name}`은(는) 여기에서 설정됩니다"), value.span),),
        Words(
            "A variable that is not set is put in as nothing, with no more than a warning",
            "설정되지 않은 변수는 경고만 남기고 빈 값이 됩니다",
        ),
        tuple(_fixes(use, name)),
    )


def _fixes(use: Use, name: str) -> Iterator[Fix]:
    """Behind `${`, or behind `$` where it has no braces."""
    width = use.span.width or 0
    start = 1 if width == len(use.name) + 1 else 2
    if width >= len(use.name) + start:
        edit = Edit(use.span.part(start, start + len(use.name)), name)
        yield Fix(Words(f"Write `{name}`", f"`{name}`(으)로 쓰세요"), (edit,))


RULE: Final = Rule(
    "compose-variable-misspelled",
    Severity.WARNING,
    Words("A variable with another name in .env", ".env와 이름이 다른 변수"),
    check,
)
