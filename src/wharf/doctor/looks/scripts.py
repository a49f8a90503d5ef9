"""The shell scripts of a repository, each with what it does when nobody passes anything to it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.formats.shell.follow import follow
from wharf.formats.shell.ran import Followed, Given
from wharf.formats.shell.start import Start
from wharf.formats.text import Text

_MOST: Final = 400
_ENDINGS: Final = (".sh", ".bash")
_OF_OTHERS: Final = frozenset({"gradlew", "mvnw", "configure", "wait-for-it.sh", "wait-for", "LICENSE", "Makefile"})
"""Scripts that are brought along from elsewhere, and files without an ending that are no scripts."""
_shebang: Final = re.compile(r"#![ \t]*(?:/usr/bin/env[ \t]+)?(?:\S*/)?(?:ba|da|z|k|a)?sh\b")


@dataclass(frozen=True)
class StandingScript:
    path: str
    text: Text
    followed: Followed


def scripts(checkout: Checkout) -> tuple[StandingScript, ...]:
    """In the order of their paths."""
    found = []
    for path, text in _texts(checkout):
        folder = path.rpartition("/")[0]
        name = Text.known(path.rpartition("/")[2], text[:1].span)
        start = Start(others=Given.UNSET, files=checkout.files, folder=folder, name=name)
        found.append(StandingScript(path, text, follow(text, start)))
        if len(found) == _MOST:
            break
    return tuple(found)


def _texts(checkout: Checkout) -> Iterator[tuple[str, Text]]:
    for path in sorted(checkout.files.paths()):
        name = path.rpartition("/")[2]
        if name in _OF_OTHERS or (not name.endswith(_ENDINGS) and "." in name):
            continue
        text = checkout.parsed(path, lambda text: text)
        if text is not None and (name.endswith(_ENDINGS) or _shebang.match(text.flat[:100])):
            yield path, text
