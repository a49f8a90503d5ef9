"""Files that are not in a repository and are meant not to be: `.gitignore` names them, or they are made on the way."""

import posixpath
from fnmatch import fnmatchcase

from wharf.doctor.checkout import Checkout
from wharf.errors import FileNotThere, UnreadableFile


def ignored_patterns(checkout: Checkout) -> frozenset[str]:
    """Of all `.gitignore` files, without their folders."""
    found: set[str] = set()
    for path in checkout.files.paths():
        if posixpath.basename(path) == ".gitignore":
            lines = (line.strip() for line in _content(checkout, path).splitlines())
            found |= {line.strip("/").rpartition("/")[2] for line in lines if line and line[0] not in "#!"}
    return frozenset(found - {""})


def submodules(checkout: Checkout) -> tuple[str, ...]:
    """Folders that other repositories are put into."""
    lines = (line.strip() for line in _content(checkout, ".gitmodules").splitlines())
    pairs = (line.partition("=") for line in lines if line.startswith("path"))
    return tuple(path.strip().strip("/") for _, _, path in pairs if path.strip())


def is_meant_to_be_missing(checkout: Checkout, path: str) -> bool:
    """By its own name, by that of a folder above it, or because another repository lies there."""
    if any(path == folder or path.startswith(f"{folder}/") for folder in checkout.once(submodules)):
        return True
    patterns = checkout.once(ignored_patterns)
    return any(fnmatchcase(part, pattern) for part in path.split("/") for pattern in patterns)


def _content(checkout: Checkout, path: str) -> str:
    try:
        return checkout.files.read(path).flat
    except (FileNotThere, UnreadableFile):
        return ""
