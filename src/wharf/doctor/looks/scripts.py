"""The shell scripts of a repository, each with what it does when nobody passes anything to it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.errors import NotThere, UnreadableFile
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
        found.append(StandingScript(path, text, _followed(checkout, path, text, Given.UNSET)))
        if len(found) == _MOST:
            break
    return tuple(found)


def whatever_is_passed(checkout: Checkout, script: StandingScript) -> Followed:
    """What a script does where nothing is known of its environment."""
    return _followed(checkout, script.path, script.text, Given.UNKNOWN)


def _followed(checkout: Checkout, path: str, text: Text, others: Given) -> Followed:
    name = Text.known(path, text[:1].span)
    return follow(text, Start(others=others, files=checkout.files, name=name))


def _texts(checkout: Checkout) -> Iterator[tuple[str, Text]]:
    for path in sorted(checkout.files.paths()):
        name = path.rpartition("/")[2]
        if name in _OF_OTHERS or (not name.endswith(_ENDINGS) and "." in name):
            continue
        text = checkout.parsed(path, lambda text: text) if name.endswith(_ENDINGS) else _if_shell(checkout, path)
        if text is not None:
            yield path, text


def _if_shell(checkout: Checkout, path: str) -> Text | None:
    """A program is no problem: nobody said that it is a script."""
    try:
        text = checkout.files.read(path)
    except (UnreadableFile, NotThere):
        return None
    return text if _shebang.match(text.flat[:100]) else None
