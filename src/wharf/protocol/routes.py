"""The paths of the distribution API, read from their end.

    /v2/                                ApiBase
    /v2/_catalog                        Catalog
    /v2/<name>/tags/list                TagList
    /v2/<name>/manifests/<reference>    ManifestAt
    /v2/<name>/blobs/<digest>           BlobAt
    /v2/<name>/blobs/uploads/           UploadStart
    /v2/<name>/blobs/uploads/<upload>   UploadAt
    /v2/<name>/referrers/<digest>       ReferrersOf

Names contain slashes and may contain any of these words, so that `a/blobs/b` is a repository like any other. The
last word decides what a path is, and all before it is the name. Fields are as they were sent; the door parses them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from wharf.protocol import paths


@dataclass(frozen=True, slots=True)
class ApiBase:
    """Whether there is a registry here, and whether it knows me."""


@dataclass(frozen=True, slots=True)
class Catalog:
    """The repositories of the registry."""


@dataclass(frozen=True, slots=True)
class TagList:
    name: str


@dataclass(frozen=True, slots=True)
class ManifestAt:
    name: str
    reference: str


@dataclass(frozen=True, slots=True)
class BlobAt:
    name: str
    digest: str


@dataclass(frozen=True, slots=True)
class UploadStart:
    name: str


@dataclass(frozen=True, slots=True)
class UploadAt:
    name: str
    upload: str


@dataclass(frozen=True, slots=True)
class ReferrersOf:
    name: str
    digest: str


Route: TypeAlias = ApiBase | Catalog | TagList | ManifestAt | BlobAt | UploadStart | UploadAt | ReferrersOf

LONGEST_PATH = 8192
_FIXED: dict[str, Route] = {"/v2": ApiBase(), paths.BASE: ApiBase(), paths.CATALOG: Catalog()}


def match(path: str) -> Route | None:
    """What a path means, after its percent-encoding was taken off once; None if it is none of this API."""
    if len(path) > LONGEST_PATH:
        return None
    front, _, last = path.rpartition("/")
    front, _, word = front.rpartition("/")
    read = _BY_WORD.get(word)
    if read is None or len(front) <= len(paths.BASE) or not front.startswith(paths.BASE):
        return _FIXED.get(path)
    return read(front[len(paths.BASE) :], last)


def build(route: Route) -> str:
    """The path to write into a URL."""
    match route:
        case ApiBase():
            return paths.BASE
        case Catalog():
            return paths.CATALOG
        case TagList(name):
            return paths.tag_list(name)
        case ManifestAt(name, reference):
            return paths.manifest(name, reference)
        case BlobAt(name, digest):
            return paths.blob(name, digest)
        case UploadStart(name):
            return paths.upload_start(name)
        case UploadAt(name, upload):
            return paths.upload(name, upload)
        case _:
            return paths.referrers(route.name, route.digest)


def _manifest(name: str, last: str) -> Route | None:
    return ManifestAt(name, last) if last else None


def _blob(name: str, last: str) -> Route | None:
    """Some clients leave away the slash with which an upload's start ends; no digest is called `uploads`."""
    if last == "uploads":
        return UploadStart(name)
    return BlobAt(name, last) if last else None


def _upload(front: str, last: str) -> Route | None:
    name = front.removesuffix("/blobs")
    if name == front:
        return None
    return UploadAt(name, last) if last else UploadStart(name)


def _tags(name: str, last: str) -> Route | None:
    return TagList(name) if last == "list" else None


def _referrers(name: str, last: str) -> Route | None:
    return ReferrersOf(name, last) if last else None


_BY_WORD: dict[str, Callable[[str, str], Route | None]] = {
    "manifests": _manifest,
    "blobs": _blob,
    "uploads": _upload,
    "tags": _tags,
    "referrers": _referrers,
}
