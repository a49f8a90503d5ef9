"""Where an image lies, in the words that skopeo made known.

    place     = reference | "docker://" reference          a repository of a registry
              | "oci:" folder [ which ]                    a folder in the form of the OCI image layout
              | "oci-archive:" file [ which ]              the same within a tar file
              | "docker-archive:" file [ ":" name ]        what `docker save` writes and `docker load` reads
              | "docker-daemon:" ( name | digest )         a Docker Engine; the digest is the id of an image
    which     = ":" tag | ":" whole | ":" digest | "@" digest
    whole     = a name as podman writes it into a layout: `localhost/app:v1`
    name      = a reference without a digest; without a tag it means `latest`

A folder or file ends at the first colon; the one after a drive's letter (`C:\\images`) does not count.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeAlias

from wharf.errors import Malformed, MalformedPlace, shown
from wharf.images.ref_name import Name, RefName
from wharf.oci.digest import Digest
from wharf.oci.nearness import nearness
from wharf.oci.reference import Reference, parse_tag_or_digest

_LONGEST: Final = 8192
_EXCERPT: Final = 256
_SAME_BUT_FOR_A_SLIP: Final = 0.8
_has_drive: Final = re.compile(r"[A-Za-z]:[\\/]").match
_digest_behind: Final = re.compile(r"@sha(?:256|512):").search
_is_meant_as_digest: Final = re.compile(r"sha(?:256|512):").match
_looks_like_a_path: Final = re.compile(r"[./~\\]|[A-Za-z]:[\\/]").match
_looks_like_an_archive: Final = re.compile(r".*[.](?:tar|tgz|tar[.](?:gz|zst))", re.DOTALL).fullmatch


@dataclass(frozen=True, slots=True)
class RegistryPlace:
    reference: Reference

    def __str__(self) -> str:
        return str(self.reference)


@dataclass(frozen=True, slots=True)
class LayoutPlace:
    folder: Path
    which: Name | Digest | None = None

    def __str__(self) -> str:
        return f"oci:{self.folder}{_chosen(self.which)}"


@dataclass(frozen=True, slots=True)
class LayoutArchivePlace:
    file: Path
    which: Name | Digest | None = None

    def __str__(self) -> str:
        return f"oci-archive:{self.file}{_chosen(self.which)}"


@dataclass(frozen=True, slots=True)
class ArchivePlace:
    file: Path
    reference: Reference | None = None

    def __str__(self) -> str:
        name = "" if self.reference is None else f":{self.reference}"
        return f"docker-archive:{self.file}{name}"


@dataclass(frozen=True, slots=True)
class DaemonPlace:
    """`reference`: a name, or the id that the engine gave to the image."""

    reference: Reference | Digest

    def __str__(self) -> str:
        return f"docker-daemon:{self.reference}"


Place: TypeAlias = RegistryPlace | LayoutPlace | LayoutArchivePlace | ArchivePlace | DaemonPlace


def parse_place(text: str) -> Place:
    if len(text) > _LONGEST:
        reason = f"a place has at most {_LONGEST} characters; this one has {len(text)}"
        raise MalformedPlace(text[:_EXCERPT], reason, next_step="give it a shorter path or name")
    scheme, colon, rest = text.partition(":")
    if colon and scheme in _READERS:
        return _READERS[scheme](text[:_EXCERPT], rest)
    _refuse_what_is_no_reference(text[:_EXCERPT], scheme if colon else "", rest)
    return RegistryPlace(Reference.parse(text))


def _chosen(which: Name | Digest | None) -> str:
    if which is None:
        return ""
    return f"@{which}" if isinstance(which, Digest) else f":{which}"


def _read_registry(text: str, rest: str) -> RegistryPlace:
    if not rest.startswith("//"):
        raise MalformedPlace(text, "docker: is followed by two slashes", next_step=f"use docker://{shown(rest)}")
    return RegistryPlace(Reference.parse(rest.removeprefix("//")))


def _read_layout(text: str, rest: str) -> LayoutPlace:
    path, which = _path_and_which(text, "oci", rest)
    return LayoutPlace(path, which)


def _read_layout_archive(text: str, rest: str) -> LayoutArchivePlace:
    path, which = _path_and_which(text, "oci-archive", rest)
    return LayoutArchivePlace(path, which)


def _read_archive(text: str, rest: str) -> ArchivePlace:
    path, colon, name = _split_path(rest)
    _refuse_empty(text, path, "docker-archive", "file")
    if not colon:
        return ArchivePlace(Path(path))
    if name.startswith("@"):
        example = f"use docker-archive:{shown(path)}:NAME:TAG"
        raise MalformedPlace(text, "images of an archive are chosen by their names", next_step=example)
    return ArchivePlace(Path(path), _read_name(text, name, f"docker-archive:{shown(path)}"))


def _read_daemon(text: str, rest: str) -> DaemonPlace:
    name = rest.removeprefix("//")
    return DaemonPlace(_read_id(text, name) if _is_meant_as_digest(name) else _read_name(text, name, "docker-daemon:"))


_READERS: Final[dict[str, Callable[[str, str], Place]]] = {
    "docker": _read_registry,
    "oci": _read_layout,
    "oci-archive": _read_layout_archive,
    "docker-archive": _read_archive,
    "docker-daemon": _read_daemon,
}

# --- the parts -------------------------------------------------------------------------------------------------------


def _split_path(text: str) -> tuple[str, str, str]:
    start = 2 if _has_drive(text) else 0
    path, colon, rest = text[start:].partition(":")
    path = text[:start] + path
    if start and not _has_drive(str(Path(path))):  # nothing but the drive: written again, it would end at its colon
        return text.partition(":")
    return path, colon, rest


def _path_and_which(text: str, scheme: str, rest: str) -> tuple[Path, Name | Digest | None]:
    at = _digest_behind(rest)
    path, colon, which = _split_path(rest[: at.start()] if at else rest)
    _refuse_empty(text, path, scheme, "folder" if scheme == "oci" else "file")
    if at and colon:
        digest = rest[at.start() :]
        raise MalformedPlace(
            text, "a tag and a digest: one of them is enough", next_step=f"use {scheme}:{shown(path + digest)}"
        )
    if not at and not colon:
        return Path(path), None
    return Path(path), _read_which(text, f"{scheme}:{shown(path)}", rest[at.start() + 1 :] if at else which)


def _read_which(text: str, before: str, which: str) -> Name | Digest:
    if not which:
        raise MalformedPlace(text, "nothing follows the colon", next_step=f"use {before} or {before}:TAG")
    try:
        return parse_tag_or_digest(which)
    except Malformed as problem:
        name = None if _is_meant_as_digest(which) else _whole_name(which)
        if name is None:
            raise _within(text, problem) from problem
        return name


def _whole_name(text: str) -> RefName | None:
    try:
        return RefName(text)
    except Malformed:
        return None


def _read_name(text: str, name: str, before: str) -> Reference:
    example = f"use {before.rstrip(':')}:NAME:TAG"
    if not name:
        raise MalformedPlace(text, "the name of an image is missing", next_step=example)
    if name.startswith("sha256:") or _digest_behind(name):
        raise MalformedPlace(text, "images are named by a tag here, and not by a digest", next_step=example)
    try:
        return Reference.parse(name).with_default_tag()
    except Malformed as problem:
        raise _within(text, problem) from problem


def _read_id(text: str, name: str) -> Digest:
    try:
        return Digest.parse(name)
    except Malformed as problem:
        raise _within(text, problem) from problem


def _within(text: str, problem: Malformed) -> MalformedPlace:
    return MalformedPlace(text, problem.reason, where=problem.where, next_step=problem.diagnostics().next_step)


def _refuse_empty(text: str, path: str, scheme: str, what: str) -> None:
    if not path:
        raise MalformedPlace(text, f"a {what} is missing", next_step=f"use {scheme}:{what.upper()}")


# --- what somebody may have meant ------------------------------------------------------------------------------------

_OF_OTHERS: Final = {
    "dir": "a folder of images is oci:FOLDER",
    "containers-storage": "let podman push it: podman push IMAGE oci:FOLDER:TAG",
    "ostree": "a folder of images is oci:FOLDER",
    "sif": "a file of images is docker-archive:FILE",
    "tarball": "a file of images is docker-archive:FILE",
    "atomic": "name the image of the registry: HOST/NAME:TAG",
}


def _refuse_what_is_no_reference(text: str, scheme: str, rest: str) -> None:
    if scheme in _OF_OTHERS:
        meant_name = "" if rest.startswith(("/", ".")) or not rest else f"; a repository of this name: docker://{text}"
        raise MalformedPlace(text, f"{scheme}: is not supported", next_step=f"{_OF_OTHERS[scheme]}{shown(meant_name)}")
    if rest.startswith("//"):
        raise MalformedPlace(text, "a place is not a URL", next_step=f"use docker://{shown(rest.removeprefix('//'))}")
    meant = _meant_scheme(scheme)
    if meant:
        raise MalformedPlace(text, f"{shown(scheme)}: is not known", next_step=f"use {meant}:{shown(rest)}")
    if _looks_like_an_archive(text):
        raise MalformedPlace(
            text, "a file is named with its kind before it", next_step=f"use docker-archive:{shown(text)}"
        )
    if _looks_like_a_path(text):
        raise MalformedPlace(text, "a folder is named with its kind before it", next_step=f"use oci:{shown(text)}")


def _meant_scheme(scheme: str) -> str:
    """A slip of the pen, unless a repository could well have this name."""
    if scheme.lower() in _READERS:
        return scheme.lower()
    alike = (known for known in _READERS if "-" in known and nearness(scheme, known) >= _SAME_BUT_FOR_A_SLIP)
    return next(alike, "")
