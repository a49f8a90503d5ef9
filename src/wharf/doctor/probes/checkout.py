"""This folder as a repository: the rules of `wharf doctor` that find something in it. Nobody is asked about it."""

import asyncio
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from itertools import islice
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.doctor.examine import Found, examine, known_rules
from wharf.doctor.folder.folder import Folder
from wharf.doctor.folder.git_history import history_in
from wharf.doctor.language import Words
from wharf.doctor.rule import Rule
from wharf.doctor.scene import Scene
from wharf.doctor.seen import Seen, Sighting

_MOST_TOLD: Final = 2
_MARKS: Final = (
    ".git",
    ".github/workflows",
    ".gitlab-ci.yml",
    "Dockerfile",
    "Containerfile",
    "compose.yaml",
    "compose.yml",
    "docker-compose.yml",
    "docker-compose.yaml",
)
_NO_REPOSITORY: Final = (
    "This folder is no repository, so nothing in its files speaks for a cause.",
    "이 폴더는 저장소가 아니므로 파일에서 확인된 원인이 없습니다.",
)


async def look(scene: Scene) -> Seen:
    return await asyncio.to_thread(_looked, scene)


def is_repository(scene: Scene) -> bool:
    """A folder without any mark of one may be a whole disk, and is not walked."""
    with suppress(OSError, ValueError):
        return any((scene.folder / mark).exists() for mark in _MARKS)
    return False


def _looked(scene: Scene) -> Seen:
    sighting = Sighting("checkout")
    sighting.saw("present", is_repository(scene))
    if is_repository(scene):
        until = time.monotonic() + scene.patience
        checkout = Checkout(Folder(scene.folder), history_in(scene.folder))
        with suppress(TimeoutError):
            found = _found_in(checkout, until)
            rules = frozenset(str(each.rule.id) for each in found)
            sighting.saw("rules", rules, *_said(rules))
            for rule in rules:
                sighting.told("rules", rule, *_places(each for each in found if each.rule.id == rule))
    else:
        sighting.saw("rules", frozenset[str](), *_NO_REPOSITORY)
    return sighting.done()


def _found_in(checkout: Checkout, until: float) -> tuple[Found, ...]:
    """Either all rules were asked, or nothing is said."""

    def in_time(_rule: Rule, _asked: int, _of: int) -> None:
        if time.monotonic() > until:
            raise TimeoutError

    return examine(checkout, known_rules(), in_time).found


def _places(found: Iterable[Found]) -> Iterator[Words]:
    """The first ones, as `wharf doctor` tells them, each with its place."""
    for each in islice(found, _MOST_TOLD):
        span, message = each.finding.span, each.finding.message
        place = f"{span.file}:{span.line}: "
        yield Words(place + message.english, place + message.korean)


def _said(rules: frozenset[str]) -> tuple[str, str]:
    names = ", ".join(sorted(rules)) or "-"
    return f"Rules that find something in this folder: {names}.", f"현재 폴더에서 문제를 찾은 규칙: {names}."
