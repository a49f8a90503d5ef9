"""The `.dockerignore` files that lie beside a Dockerfile, or in a folder that something is built from."""

import posixpath
from dataclasses import dataclass

from wharf.doctor.checkout import Checkout
from wharf.doctor.looks.contexts import contexts
from wharf.doctor.looks.dockerfiles import dockerfiles
from wharf.doctor.looks.image_builds import image_builds
from wharf.formats.dockerfile.ignore import IgnoreFile, parse_ignore
from wharf.formats.dockerfile.sources import FileTree


@dataclass(frozen=True)
class FoundIgnore:
    path: str
    file: IgnoreFile
    trees: tuple[FileTree, ...] = ()
    """The folders that it is about; none, where nobody knows what is built with it."""


def ignore_files(checkout: Checkout) -> tuple[FoundIgnore, ...]:
    found: dict[str, FoundIgnore] = {}
    for build in checkout.once(image_builds):
        context = checkout.once(contexts).of(build)
        if context.ignore_path:
            known = found.get(context.ignore_path, FoundIgnore(context.ignore_path, context.ignore))
            trees = (*known.trees, *([context.tree] if context.tree not in known.trees else []))
            found[context.ignore_path] = FoundIgnore(context.ignore_path, context.ignore, trees)
    folders = {posixpath.dirname(dockerfile.file) for dockerfile in checkout.once(dockerfiles)}
    for path in sorted(checkout.files.paths()):
        if path not in found and posixpath.basename(path) == ".dockerignore" and posixpath.dirname(path) in folders:
            read = checkout.parsed(path, parse_ignore)
            found |= {path: FoundIgnore(path, read)} if read else {}
    return tuple(found[path] for path in sorted(found))
