"""A variable that `.env` has under a name that differs by a slip of the hand."""

import posixpath
from collections.abc import Iterator
from difflib import get_close_matches
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

_ALIKE: Final = 0.84


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
            for name in get_close_matches(use.name, spare, 1, _ALIKE):
                yield _finding(use, name, known[name])


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
