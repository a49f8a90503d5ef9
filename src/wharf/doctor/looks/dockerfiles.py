"""The Dockerfiles of a repository: files with such a name that can be read as one."""

import posixpath
import re
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.errors import FileNotThere, MalformedFile, UnreadableFile
from wharf.formats.dockerfile.parse import parse_dockerfile
from wharf.formats.dockerfile.tree import Dockerfile

_PLAIN_NAMES: Final = frozenset({"dockerfile", "containerfile"})
_is_name = re.compile(
    r"(?:dockerfile|containerfile)(?:[._-][\w.-]+)?|[\w.-]+\.(?:dockerfile|containerfile)", re.IGNORECASE
)
_is_made_from = re.compile(
    r"\.(?:dockerignore|j2|jinja2?|tmpl|tpl|template|in|erb|m4|md|bak|orig|sh|ya?ml|json|py|js|ts|go)$"
)
_has_gaps = re.compile(r"\{\{|\{%|<%|@@|%%")
_is_foreign = re.compile(r"(?:.*/)?(?:testdata|fixtures|vendor|third_party|node_modules|site-packages)/").match


def dockerfiles(checkout: Checkout) -> tuple[Dockerfile, ...]:
    """By their paths. One that is filled in by something else before it is used is none yet."""
    paths = sorted(path for path in checkout.files.paths() if is_dockerfile_name(path))
    found = (_read(checkout, path, is_one=posixpath.basename(path).lower() in _PLAIN_NAMES) for path in paths)
    return tuple(each for each in found if each is not None)


def is_dockerfile_name(path: str) -> bool:
    name = posixpath.basename(path)
    return bool(_is_name.fullmatch(name)) and not _is_made_from.search(name) and not _is_foreign(path)


def dockerfile_at(checkout: Checkout, path: str) -> Dockerfile | None:
    """Whatever it is called."""
    known = checkout.once(_by_path)
    if path not in known:
        known[path] = _read(checkout, path, is_one=True)
    return known[path]


def _by_path(checkout: Checkout) -> dict[str, Dockerfile | None]:
    return {each.file: each for each in checkout.once(dockerfiles)}


def _read(checkout: Checkout, path: str, *, is_one: bool) -> Dockerfile | None:
    """`Dockerfile.common` may be a part of one: that it cannot be read is said only of what clearly is one."""
    try:
        text = checkout.files.read(path)
        return parse_dockerfile(text)
    except MalformedFile as problem:
        if is_one and not _has_gaps.search(text.flat) and text.flat.strip():
            checkout.note(problem)
    except UnreadableFile as problem:
        checkout.note(problem)
    except FileNotThere:
        pass
    return None
