"""The folder as a build's context: whether its Dockerfile is there, and where the file is that a COPY names.

What the ignore file keeps out of a build is there for people, and not for the builder.
"""

import asyncio
import os
import re
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from wharf.doctor.ground.small_file import beginning_of
from wharf.doctor.probes.checkout import is_repository
from wharf.doctor.scene import Scene
from wharf.doctor.seen import Seen, Sighting
from wharf.doctor.squeezed import without_colours
from wharf.formats.dockerfile.ignore import parse_ignore
from wharf.formats.dockerfile.ignore_walk import IgnoreWalk
from wharf.formats.text import Text

_MOST_FILES: Final = 50_000
_LONGEST_LOG: Final = 60_000
_DEEP: Final = 3
_NOT_LOOKED_INTO: Final = frozenset({".git"})
_NAMES: Final = ("Dockerfile", "Containerfile")
_asked: Final = tuple(
    re.compile(form)
    for form in (
        r"excluded by \.dockerignore: stat ([^\s:]{1,300}): file does not exist",
        r"docker-builder\d+[/\\]([^\s:]{1,300}): no such file",
        r"buildkit-mount\d+[/\\]([^\s:]{1,300}): no such file",
        r"fileinfo for (?:/workspace/)?([^\s:]{1,300}): lstat",
        r"stat: [\"']?/?([^\s:\"']{1,300})[\"']?: no such file",
        r"[\"']/?([^\s\"']{1,300})[\"']:? not found",
        r"env file:? (\S{1,300}?)(?: not found|$|\s)",
        r"open (\S{1,300}\.?env\S{0,50}): no such file",
    )
)
_dockerfile_asked = re.compile(
    r"(?:open|lstat|Dockerfile:) (\S{0,200}?(?:Docker|Container|docker)file\S{0,60}?)(?::|\s|$)"
)
_takes = re.compile(r"\b(?:COPY|ADD)\s+(?P<words>[^\n]{1,400})")


@dataclass(frozen=True, slots=True)
class _Ground:
    """The folder, and what is in it as far as it was looked through."""

    folder: Path
    paths: tuple[str, ...]
    is_whole: bool
    all_readable: bool


async def look(scene: Scene) -> Seen:
    return await asyncio.to_thread(_looked, scene)


def _looked(scene: Scene) -> Seen:
    sighting, log = Sighting("context"), without_colours(scene.aim.log[:_LONGEST_LOG])
    if is_repository(scene):
        ground = _ground(scene)
        _see_dockerfile(ground, log, sighting)
        _see_source(ground, scene.aim.path or _named_in(log), sighting)
        if ground.is_whole or not ground.all_readable:
            sighting.saw("readable", ground.all_readable)
    _see_origin(scene, log, sighting)
    return sighting.done()


def _ground(scene: Scene) -> _Ground:
    until, paths, readable = time.monotonic() + scene.patience, list[str](), True
    for path, is_readable in _walked(scene.folder):
        readable = readable and is_readable
        paths.append(path)
        if len(paths) >= _MOST_FILES or time.monotonic() > until:
            return _Ground(scene.folder, tuple(paths), is_whole=False, all_readable=readable)
    return _Ground(scene.folder, tuple(paths), is_whole=True, all_readable=readable)


def _walked(root: Path) -> Iterator[tuple[str, bool]]:
    """Files and folders by their path from the root, and whether this account can read them."""
    for folder, folders, files in os.walk(root):
        folders[:] = sorted(set(folders) - _NOT_LOOKED_INTO)
        for name in (*folders, *sorted(files)):
            place = Path(folder, name)
            yield place.relative_to(root).as_posix(), place.is_symlink() or os.access(place, os.R_OK)


def _see_dockerfile(ground: _Ground, log: str, sighting: Sighting) -> None:
    found = _dockerfile_asked.search(log)
    wanted = [_relative(found[1].strip("\"'`"), ground)] if found else list(_NAMES)
    there = next((name for name in wanted if name in ground.paths), None)
    if there:
        sighting.saw("dockerfile", "present", f"{there} is in this folder.", f"이 폴더에 {there}이(가) 있습니다.")
        _see_form(ground.folder / there, sighting)
        return
    where, path = _instead(ground, wanted)
    if where != "absent":
        sighting.saw("dockerfile", where, f"This folder has {path}.", f"이 폴더에 {path}이(가) 있습니다.")
    elif ground.is_whole:
        sighting.saw("dockerfile", where)


def _instead(ground: _Ground, wanted: Sequence[str]) -> tuple[str, str]:
    small = {name.lower() for name in wanted} | {f"{name}.txt".lower() for name in wanted}
    for path in ground.paths:
        if path.lower() in small:
            return "other-case", path
    names = {name.rpartition("/")[2] for name in wanted}
    return next((("elsewhere", path) for path in ground.paths if path.rpartition("/")[2] in names), ("absent", ""))


def _see_form(place: Path, sighting: Sighting) -> None:
    with suppress(OSError):
        with place.open("rb") as file:
            head = file.read(4096)
        sighting.saw("dockerfile_form", _form(head))


def _form(head: bytes) -> str:
    if not head.strip():
        return "empty"
    if head.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in head:
        return "utf-16"
    return "utf-8-bom" if head.startswith(b"\xef\xbb\xbf") else "fine"


def _named_in(log: str) -> str | None:
    return next((found[1] for form in _asked if (found := form.search(log))), None)


def _relative(path: str, ground: _Ground) -> str:
    """A path of the message as one from this folder; of an absolute one, the longest end that is there."""
    parts = [part for part in path.replace("\\", "/").split("/") if part not in {"", "."}]
    ends = ["/".join(parts[start:]) for start in range(len(parts))] or [path]
    if not path.startswith(("/", "~")):
        return ends[0]
    return next((end for end in ends if end in ground.paths), ends[0] if len(parts) < _DEEP else ends[-1])


def _see_source(ground: _Ground, path: str | None, sighting: Sighting) -> None:
    if not path:
        return
    relative = _relative(path.rstrip("/").strip("\"'`"), ground)
    where, found = _place_of(relative, ground)
    english = f"{relative}: {found} is in this folder." if found else f"Nothing in this folder is named {relative}."
    korean = f"{relative}: 이 폴더에 {found}이(가) 있습니다." if found else f"이 폴더에 {relative}이(가) 없습니다."
    if where != "absent" or ground.is_whole:
        sighting.saw("source", where, english, korean)


def _place_of(relative: str, ground: _Ground) -> tuple[str, str]:
    if relative in ground.paths:
        return ("ignored" if _is_ignored(relative, ground) else "present"), relative
    for path in ground.paths:
        if path.lower() == relative.lower():
            return "other-case", path
    below = (path for path in ground.paths if path.endswith(f"/{relative}"))
    return next((("elsewhere", path) for path in below), ("absent", ""))


def _is_ignored(relative: str, ground: _Ground) -> bool:
    """A folder is kept out if nothing in it is sent."""
    names = [f"{name}.dockerignore" for name in _NAMES] + [".dockerignore", ".containerignore"]
    content = next((text for name in names if (text := beginning_of(ground.folder / name)) is not None), None)
    if content is None:
        return False
    walk = IgnoreWalk(parse_ignore(Text.of_file(".dockerignore", content)))
    inside = [path for path in ground.paths if path.startswith(f"{relative}/")] or [relative]
    return not any(walk.decision(path).is_sent for path in inside)


def _see_origin(scene: Scene, log: str, sighting: Sighting) -> None:
    """From the step that the log shows; else from the lines of the Dockerfile that take the file."""
    path = scene.aim.path or _named_in(log) or ""
    name = path.rstrip("/").rpartition("/")[2]
    dockerfile = next((text for each in _NAMES if (text := beginning_of(scene.folder / each)) is not None), "")
    for text in (log, dockerfile):
        steps = [step["words"] for step in _takes.finditer(text) if name and name in step["words"]]
        kinds = {"stage" if "--from=" in step else "context" for step in steps}
        if len(kinds) == 1:
            sighting.saw("copies_from", kinds.pop())
            return
